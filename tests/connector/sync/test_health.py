"""A connection that needs a person works again by itself once the other system lets it."""

from datetime import timedelta
from typing import Any, TypeVar

import pytest

from connector import tasks
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sandbox.world import MONDAY_TOKEN
from connector.sync import health
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection, VismaConnection
from tenants.services import connection_needs_person
from tests.connector.sync.conftest import Eyes, TakeIn, Work, states

C = TypeVar("C", VismaConnection, MondayConnection)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was given to the workers."""
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks, "async_task", lambda *task: given.append(task))
    return given


def refuse(connection: C, *, hours: float) -> None:
    """It was refused so long ago."""
    connection_needs_person(connection, happened="A gateway said no.", remedy="Ask Visma.")
    checked = database_now() - timedelta(hours=hours)
    type(connection).objects.filter(pk=connection.pk).update(health_checked_at=checked)


def test_a_connection_that_answers_again_works_without_a_person(mapping: BoardMapping) -> None:
    refuse(mapping.visma, hours=1.1)
    refuse(mapping.monday, hours=1.1)

    assert [health.try_again(*each) for each in health.due()] == [True, True]
    assert VismaConnection.objects.get().health == Health.OK
    assert MondayConnection.objects.get().health == Health.OK
    assert health.due() == []


def test_it_is_tried_once_an_hour_and_told_to_a_worker(
    mapping: BoardMapping, nudged: list[tuple[Any, ...]]
) -> None:
    refuse(mapping.visma, hours=0.9)
    refuse(mapping.monday, hours=1.1)
    tasks.nudge_health()

    assert nudged == [("connector.tasks.try_connection", "monday", mapping.monday_id)]


def test_while_it_is_still_refused_the_first_words_stay(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(company_id="9999")
    refuse(mapping.visma, hours=2)

    assert health.try_again("visma", mapping.visma_id) is False
    connection = VismaConnection.objects.get()
    assert (connection.health, connection.health_reason) == (
        Health.NEEDS_PERSON,
        "A gateway said no.",
    )
    assert health.due() == []


def test_a_company_that_answers_but_not_for_what_is_read_does_not_work_yet(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    refuse(mapping.visma, hours=2)
    sandbox.faults.add(
        {
            "match": {"path": "*/supplierInvoice*"},
            "do": [{"action": "status", "code": 403, "body": "{}"}],
        }
    )

    assert health.try_again("visma", mapping.visma_id) is False
    assert VismaConnection.objects.get().health == Health.NEEDS_PERSON


def test_a_connection_without_an_active_mapping_is_left_alone(mapping: BoardMapping) -> None:
    refuse(mapping.monday, hours=9)
    BoardMapping.objects.update(active=False)

    assert health.due() == []


def test_what_waited_for_a_refused_token_is_delivered_by_the_next_trial(
    mapping: BoardMapping,
    take_in: TakeIn,
    work: Work,
    board: Eyes,
    nudged: list[tuple[Any, ...]],
) -> None:
    board.sandbox.monday.revoke(MONDAY_TOKEN)
    take_in(1)
    work()
    refused = states()
    board.sandbox.monday.access.allow(MONDAY_TOKEN)
    refuse(MondayConnection.objects.get(), hours=2)
    tasks.try_connection("monday", mapping.monday_id)
    work()

    assert (refused, states()) == ({"waiting": 1}, {"delivered": 1})
    assert "connector.tasks.work_lane" in {task[0] for task in nudged}

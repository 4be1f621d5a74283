"""What a batch and a page cost the database, and that no call is made inside a transaction."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from requests import PreparedRequest, Response

from connector.models import RecordLink
from connector.sandbox.server import SandboxServer
from connector.sync import foreground, poll, replay, slices
from connector.sync.lanes import due_lanes
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, states
from tests.interrupts import on_the_wire


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as sent:
        act()
    return len(sent)


def deliver() -> None:
    for lane in due_lanes():
        slices.work(lane)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("changes", [{}, {"description": "Endret"}], ids=["create", "update"])
def test_a_batch_of_25_costs_as_many_statements_as_one_of_5(
    take_in: TakeIn, board: Eyes, changes: dict[str, str]
) -> None:
    take_in(99)
    deliver()  # the board is known from here on
    small, large = range(5), range(10, 35)
    if changes:
        take_in(*small, *large)
        deliver()
    take_in(*small, **changes)
    few = statements(deliver)
    take_in(*large, **changes)
    many = statements(deliver)

    assert states() == {"delivered": 31}
    # One more where monday charges an item differently than the last time: that is noted down.
    assert abs(many - few) <= 1


@pytest.mark.django_db(transaction=True)
def test_a_page_of_30_costs_as_many_statements_as_one_of_5(take_in: TakeIn) -> None:
    take_in(99)
    few = statements(lambda: take_in(*range(5)))
    many = statements(lambda: take_in(*range(10, 40)))

    assert many == few


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_call_is_under_way(
    sandbox: SandboxServer, mapping: BoardMapping, board: Eyes
) -> None:
    inside: list[bool] = []

    def look(request: PreparedRequest, send: Callable[[], Response]) -> Response:
        inside.append(connection.in_atomic_block)
        return send()

    board.switch_label("Status", "Voided", on=False)
    with on_the_wire(look):
        foreground.sync(mapping.tenant)
        sandbox.visma.add_invoice()
        poll.poll(mapping.visma, mapping.entity, full=True)
        board.switch_label("Status", "Voided", on=True)
        replay.replay_links(RecordLink.objects.all(), actor="kari@nordlys.example")
        foreground.sync(mapping.tenant)

    assert states() == {"delivered": 201}
    assert len(inside) > 12
    assert not any(inside)

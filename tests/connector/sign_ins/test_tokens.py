"""Tokens of monday's own sign-in: renewed by one worker, stored before use, and withdrawn."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from connector.clients import monday_client
from connector.errors import AskAPerson, TryAgain
from connector.http import Unmetered
from connector.models import LinkState, RecordLink
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync import slices
from connector.sync.lanes import due_lanes
from connector.sync.poll import poll
from connector.tokens import MondayTokens
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection
from tests.connector.sign_ins.conftest import Browser
from tests.interrupts import before_request


@pytest.fixture
def monday(
    transactional_db: None, mapping: BoardMapping, app: None, alice: User
) -> MondayConnection:
    """A connection whose boards are in use, made with monday's own sign-in."""
    person = Client()
    person.force_login(alice)
    Browser(person, mapping.tenant).connect(mapping.monday)
    mapping.monday.refresh_from_db()
    return mapping.monday


def ends(monday: MondayConnection, seconds: float) -> None:
    """Also for the sandbox: its clock is its own."""
    at = database_now() + timedelta(seconds=seconds)
    MondayConnection.objects.update(token_expires_at=at, token_issued_at=at - timedelta(hours=1))


def requests_for_tokens(sandbox: SandboxServer) -> int:
    return sum("/oauth/token" in entry.path for entry in sandbox.log.entries())


def user(monday: MondayConnection) -> str:
    return str(monday_client(monday, Unmetered()).me()["name"])


def test_eight_workers_at_once_renew_it_once(
    monday: MondayConnection, sandbox: SandboxServer
) -> None:
    sandbox.faults.add(
        {"match": {"path": "*/oauth/token"}, "do": [{"action": "delay", "seconds": 0.3}]}
    )
    ends(monday, 60)
    sandbox.log.clear()
    start, got = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        got.append(MondayTokens(monday.pk).current())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(got), len(set(got))) == (8, 1)
    assert requests_for_tokens(sandbox) == 1


def test_a_renewal_is_stored_before_the_token_is_used(
    monday: MondayConnection, sandbox: SandboxServer
) -> None:
    former = (monday.token, monday.refresh_token)
    ends(monday, 60)
    seen = []

    def look() -> None:
        row = MondayConnection.objects.get()
        seen.append((row.token, row.refresh_token, row.token_renewing_until))

    with before_request("query", look):
        user(monday)

    assert seen[0][0] not in (former[0], "")
    assert seen[0][1] not in (former[1], "")
    assert seen[0][2] is None


def test_a_token_that_is_good_is_not_renewed(
    monday: MondayConnection, sandbox: SandboxServer
) -> None:
    sandbox.log.clear()

    assert user(monday) == world.INGRID.name
    assert requests_for_tokens(sandbox) == 0


def test_a_token_that_monday_ended_early_is_renewed_by_the_next_call(
    monday: MondayConnection, sandbox: SandboxServer
) -> None:
    sandbox.monday.revoke(monday.token)
    ends(monday, 3000)

    with pytest.raises(TryAgain):
        user(monday)
    assert user(monday) == world.INGRID.name


def test_a_token_refused_right_after_it_was_issued_asks_a_person(
    monday: MondayConnection, sandbox: SandboxServer
) -> None:
    sandbox.monday.revoke(monday.token)

    with pytest.raises(AskAPerson):
        user(monday)


def test_a_renewal_that_a_new_sign_in_overtook_keeps_nothing(
    monday: MondayConnection, sandbox: SandboxServer, mapping: BoardMapping, alice: User
) -> None:
    person = Client()
    person.force_login(alice)
    ends(monday, 60)
    with before_request("oauth/token", lambda: Browser(person, mapping.tenant).connect(monday)):
        MondayTokens(monday.pk).current()
    kept = MondayConnection.objects.get()

    assert sandbox.monday.access.who(kept.token) is not None
    assert kept.refresh_token in sandbox.monday.sign_in.dump()["refresh"]


def test_permission_withdrawn_asks_a_person_and_goes_on_with_nothing_lost(
    monday: MondayConnection,
    mapping: BoardMapping,
    sandbox: SandboxServer,
    alice: User,
) -> None:
    poll(mapping.visma, mapping.entity)
    sandbox.monday.sign_in.withdraw()
    ends(monday, 60)
    run_workers()
    stopped = MondayConnection.objects.get()
    waiting = RecordLink.objects.filter(state=LinkState.WAITING).count()
    person = Client()
    person.force_login(alice)
    Browser(person, mapping.tenant).connect(monday)
    run_workers()
    board = sandbox.monday.account.boards[int(mapping.board_id)]

    assert (stopped.health, "let us in" in stopped.health_reason) == (Health.NEEDS_PERSON, True)
    assert "Connect with monday" in stopped.health_remedy
    assert waiting == RecordLink.objects.filter(state=LinkState.DELIVERED).count() > 0
    assert len([i for i in board.items.values() if i.state == "active"]) == waiting


def run_workers() -> None:
    while lanes := due_lanes():
        for lane in lanes:
            slices.work(lane)

"""The shared bearer token of a Visma connection: renewed early, and by one worker at a time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from connector.clients import monday_client
from connector.errors import AskAPerson, TryAgain
from connector.http import Unmetered
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.tokens import StoredTokens
from mappings.models import BoardMapping
from tenants.fields import Sealed
from tenants.keys import require_right_keys
from tenants.models import MondayConnection, VismaConnection
from tenants.services import connection_unproven
from tests.interrupts import after_answer, at_statement
from tests.tenants.conftest import UseKeys, new_key, use_keys

__all__ = ["use_keys"]  # a fixture

UNREADABLE = Sealed("no key opens this")


@pytest.fixture
def visma(transactional_db: None, mapping: BoardMapping) -> VismaConnection:
    return mapping.visma


def token_requests(sandbox: SandboxServer) -> int:
    return sum(entry.path.endswith("/connect/token") for entry in sandbox.log.entries())


def in_threads(number: int, connection_id: int) -> set[str]:
    """What so many workers get who ask at the same moment."""
    start, got = threading.Barrier(number), []

    def ask() -> None:
        start.wait()
        got.append(StoredTokens(connection_id).current())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(got)


def test_eight_workers_at_once_ask_for_one_token(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    sandbox.faults.add({"match": {"system": "token"}, "do": [{"action": "delay", "seconds": 0.3}]})
    tokens = in_threads(8, visma.pk)

    assert len(tokens) == 1
    assert token_requests(sandbox) == 1


def test_a_worker_that_is_late_by_a_moment_takes_the_token_that_was_just_issued(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    claim = 'UPDATE "tenants_vismaconnection" SET "access_token_renewing_until"'
    with at_statement(claim, lambda: StoredTokens(visma.pk).current()):
        late = StoredTokens(visma.pk).current()

    assert late == StoredTokens(visma.pk).current()
    assert token_requests(sandbox) == 1


def test_a_token_is_renewed_before_it_ends(visma: VismaConnection, sandbox: SandboxServer) -> None:
    first = StoredTokens(visma.pk).current()
    ends_soon = database_now() + timedelta(seconds=100)
    VismaConnection.objects.update(access_token_expires_at=ends_soon)
    sandbox.clock.advance(1)

    assert StoredTokens(visma.pk).current() != first


def test_a_token_another_worker_renewed_meanwhile_is_taken_over(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    current = StoredTokens(visma.pk).current()

    assert StoredTokens(visma.pk).renew("a token refused earlier") == current
    assert token_requests(sandbox) == 1


def test_a_refused_renewal_leaves_the_way_free_for_the_next(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(client_id="someone else")
    with pytest.raises(AskAPerson):
        StoredTokens(visma.pk).current()
    VismaConnection.objects.update(client_id=visma.client_id)

    assert StoredTokens(visma.pk).current()


def test_a_token_asked_for_with_former_credentials_is_not_kept(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    with after_answer("connect/token", lambda: connection_unproven(visma)):
        StoredTokens(visma.pk).current()

    visma.refresh_from_db()
    assert (visma.access_token, visma.access_token_expires_at) == ("", None)


def test_a_worker_that_waits_asks_itself_when_the_other_kept_nothing(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    soon = database_now() + timedelta(seconds=1)
    VismaConnection.objects.update(access_token_renewing_until=soon)

    assert StoredTokens(visma.pk).current()


def test_a_shared_token_that_does_not_open_is_issued_anew(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    StoredTokens(visma.pk).current()
    VismaConnection.objects.update(access_token=UNREADABLE)

    assert StoredTokens(visma.pk).current()
    assert token_requests(sandbox) == 2


def test_a_client_secret_that_does_not_open_asks_a_person(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    require_right_keys()
    VismaConnection.objects.update(client_secret=UNREADABLE)

    with pytest.raises(AskAPerson) as caught:
        StoredTokens(visma.pk).current()
    assert caught.value.why.code == "secret_unreadable"


def test_a_monday_token_that_does_not_open_asks_a_person(
    transactional_db: None, mapping: BoardMapping
) -> None:
    require_right_keys()
    MondayConnection.objects.update(token=UNREADABLE)

    with pytest.raises(AskAPerson) as caught:
        monday_client(mapping.monday, Unmetered()).me()
    assert caught.value.why.code == "secret_unreadable"


def test_a_process_with_the_keys_of_yesterday_blames_no_connection(
    transactional_db: None, mapping: BoardMapping, use_keys: UseKeys
) -> None:
    require_right_keys()
    use_keys(new_key())

    with pytest.raises(TryAgain) as caught:
        monday_client(mapping.monday, Unmetered()).me()
    assert caught.value.why.code == "wrong_keys"

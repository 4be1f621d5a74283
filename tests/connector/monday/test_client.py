"""How a request leaves: its bytes, its headers, its socket, its entry in the ledger."""

import json
import logging
import os
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest

from connector.errors import AskAPerson, Explanation, OutcomeUnknown, Throttled, TryAgain
from connector.monday import client as monday_client
from connector.monday import documents, queries
from connector.monday.client import MondayClient
from connector.monday.documents import Document
from tests.connector.wire import Answering, RawServer, cut, http, reset, whole

from .cases import error
from .conftest import TOKEN, Book, Monday

CREATE = documents.create_items("1", "g", [("Faktura æøå", '{"status":{"label":"Open"}}')], True)
DONE = {"data": {"a0": {"id": "1"}}}


def _client(url: str, token: str = TOKEN, timeout: float = 5) -> tuple[MondayClient, Book]:
    book = Book()
    client = MondayClient(
        api_url=url, api_version="2026-10", token=lambda: token, meter=book, timeout=timeout
    )
    return client, book


def test_every_request_carries_token_version_and_key(monday: Monday) -> None:
    monday.answers_with(DONE)

    monday.client.execute(CREATE, idempotency_key="key-1")

    headers = monday.requests[0].headers
    assert headers["Authorization"] == TOKEN
    assert headers["API-Version"] == "2026-10"
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "key-1"


def test_without_a_key_no_key_header_is_sent(monday: Monday) -> None:
    monday.answers_with(DONE)

    monday.client.execute(CREATE)

    assert "Idempotency-Key" not in monday.requests[0].headers


def test_a_key_of_one_call_does_not_stay_for_the_next(monday: Monday) -> None:
    monday.answers_with(DONE)
    monday.client.execute(CREATE, idempotency_key="key-1")

    monday.client.execute(CREATE)

    assert "Idempotency-Key" not in monday.requests[1].headers


def test_the_document_is_sent_as_it_was_built(monday: Monday) -> None:
    monday.answers_with(DONE)

    monday.client.execute(CREATE)

    assert monday.body() == {"query": CREATE.text, "variables": CREATE.variables}


def test_the_same_document_is_the_same_bytes_whatever_way_it_was_kept(monday: Monday) -> None:
    """A database may give the variables back in another order."""
    monday.answers_with(DONE)
    kept = dict(sorted(json.loads(json.dumps(CREATE.variables)).items(), reverse=True))
    again = Document(CREATE.operation, CREATE.text, kept, mutation=True, items=1)

    monday.client.execute(CREATE, idempotency_key="key-1")
    monday.client.execute(again, idempotency_key="key-1")

    assert monday.requests[0].get_data() == monday.requests[1].get_data()


def test_a_text_that_is_no_unicode_can_still_be_sent(monday: Monday) -> None:
    monday.answers_with(DONE)

    monday.client.execute(documents.create_items("1", "", [("a\ud800b", "{}")], False))

    assert monday.body()["variables"]["n0"] == "a\ud800b"


def test_many_calls_share_one_connection(raw_server: Callable[[Answering], RawServer]) -> None:
    server = raw_server(whole(json.dumps(DONE).encode()))
    client, _ = _client(server.url)

    for _ in range(5):
        client.execute(CREATE)

    assert (server.connections, len(server.requests)) == (1, 5)


def test_a_forked_process_opens_its_own_connection(
    raw_server: Callable[[Answering], RawServer],
) -> None:
    server = raw_server(whole(json.dumps(DONE).encode()))
    client, _ = _client(server.url)
    client.execute(CREATE)

    child = os.fork()
    if child == 0:  # pragma: no cover  another process, which must not go on as a test
        try:
            client.execute(CREATE)
            os._exit(0 if list(monday_client._sessions) == [(os.getpid(), server.url)] else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    client.execute(CREATE)

    assert os.waitstatus_to_exitcode(status) == 0
    assert (server.connections, len(server.requests)) == (2, 3)


def test_nobody_there_is_not_applied() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    client, book = _client(url)

    with pytest.raises(TryAgain) as caught:
        client.execute(CREATE)

    assert caught.value.why.code == "not_reached"
    assert caught.value.why.detail == "Connection refused"
    assert book.reports[0][1].status == 0


@pytest.mark.parametrize(
    "answering",
    [
        pytest.param(reset, id="reset"),
        pytest.param(cut(http(json.dumps(DONE).encode()), 60), id="cut"),
        pytest.param(lambda connection, request: None, id="silence"),
    ],
)
def test_no_answer_leaves_a_mutation_unknown_and_a_query_to_be_repeated(
    raw_server: Callable[[Answering], RawServer], answering: Answering
) -> None:
    client, book = _client(raw_server(answering).url, timeout=0.3)

    with pytest.raises(OutcomeUnknown) as unknown:
        client.execute(CREATE)
    with pytest.raises(TryAgain) as again:
        client.execute(queries.me())

    assert unknown.value.why.code == again.value.why.code == "no_answer"
    assert [report.status for _, report in book.reports] == [0, 0]


def test_a_call_is_reserved_and_recorded(monday: Monday) -> None:
    monday.answers_with(
        {
            "data": {"complexity": {"query": 10011, "after": 9}, "a0": {"id": "1"}},
            "extensions": {"request_id": "req-1"},
        }
    )

    monday.client.execute(CREATE)

    assert monday.book.reserved == [("create_items", True, 10_000)]
    slot, report = monday.book.reports[0]
    assert (slot, report.status, report.cost, report.request_id) == (1, 200, 10011, "req-1")
    assert report.limits.complexity_left == 9


def test_a_slot_reserved_beforehand_is_used(monday: Monday) -> None:
    monday.answers_with(DONE)

    monday.client.execute(CREATE, slot=77)

    assert monday.book.reserved == []
    assert monday.book.reports[0][0] == 77


def test_an_alias_that_met_a_limit_is_told_to_the_ledger(monday: Monday) -> None:
    slow = error("Rate limit exceeded", "tooManyRequests", retry_in_seconds=8)
    monday.answers_with(
        {"data": {"a0": None, "a1": {"id": "2"}}, "errors": [slow | {"path": ["a0"]}]}
    )

    monday.client.execute(CREATE)

    report = monday.book.reports[0][1]
    assert (report.throttle, report.blocked_for) == ("rate_limit", 8.0)


def test_nothing_is_sent_when_the_ledger_refuses(monday: Monday) -> None:
    class Full(Book):
        def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
            raise Throttled(Explanation("rate_minute", "Full.", "Wait."), timedelta(seconds=3))

    client = MondayClient(
        api_url=monday.client.api_url,
        api_version="2026-10",
        token=lambda: TOKEN,
        meter=Full(),
    )

    with pytest.raises(Throttled):
        client.execute(CREATE)

    assert monday.requests == []


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tøken", "tab\t", "\x00"])
def test_a_text_that_is_no_token_is_refused_before_it_is_sent(monday: Monday, token: str) -> None:
    client, book = _client(monday.client.api_url, token)

    with pytest.raises(AskAPerson) as caught:
        client.execute(CREATE)

    assert (caught.value.why.code, caught.value.reach) == ("not_connected", "connection")
    assert not token or token not in str(caught.value) + repr(caught.value.why)
    assert (monday.requests, book.reserved) == ([], [])


def test_the_token_is_told_nowhere(monday: Monday, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    monday.answers_with({"errors": [error(f"Bad token {TOKEN}", "Unauthorized")]}, 401)

    with pytest.raises(AskAPerson) as caught:
        monday.client.execute(CREATE)

    told = f"{caught.value!r} {caught.value.why!r} {monday.client!r} {monday.book.reports!r}"
    assert TOKEN not in told
    assert "•••" in caught.value.why.detail
    assert TOKEN not in caplog.text


def test_an_answer_shows_neither_data_nor_secret_in_its_repr(monday: Monday) -> None:
    monday.answers_with({"data": {"a0": {"id": "1", "name": "Private AS"}}})

    answer = monday.client.execute(CREATE)

    assert "Private AS" not in repr(answer)
    assert TOKEN not in repr(answer)

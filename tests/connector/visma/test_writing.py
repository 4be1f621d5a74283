"""Writes have verdicts of their own: a lost answer is never taken for a failure."""

import time
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from connector.errors import (
    AskAPerson,
    ConnectorError,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import make_session
from connector.visma.writing import VismaWriter
from tests.connector.wire import reset

from .conftest import COMPANY, Book, Tokens, Visma

PLACE = {"Location": "https://api.finance.visma.net/v1/PurchaseReceipt/000210"}


def writer(url: str, *tokens: str) -> VismaWriter:
    return VismaWriter(
        api_url=url,
        company_id=COMPANY,
        tokens=Tokens(*(tokens or ("t",))),
        meter=Book(),
        session=make_session("ml-connector-test"),
    )


@pytest.fixture
def write(visma: Visma, httpserver: HTTPServer) -> VismaWriter:
    return writer(httpserver.url_for("/"), "first", "renewed")


# What Visma answers to a write → its verdict and code.
VERDICTS: dict[str, tuple[Any, int, dict[str, str], type[ConnectorError], str]] = {
    "a business rule": ({"message": "VismaId: 1. Period closed."}, 400, {}, GiveUp, "refused"),
    "the document is gone": ({"message": "not found"}, 404, {}, GiveUp, "document_gone"),
    "a stale version": ({}, 412, {}, TryAgain, "changed_meanwhile"),
    "too many calls": ({}, 429, {"Retry-After": "7"}, Throttled, "rate_window"),
    "no right to write": ({}, 403, {}, AskAPerson, "permission"),
    "its own problem": ({}, 500, {}, OutcomeUnknown, "server_error"),
    "a gateway's page": (b"<html>502</html>", 502, {}, OutcomeUnknown, "server_error"),
    "out of time": ({}, 408, {}, OutcomeUnknown, "no_answer"),
    "made, but it is not said what": (b"", 201, {}, OutcomeUnknown, "unreadable_answer"),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_each_answer_to_a_write_has_its_verdict(
    case: str, visma: Visma, write: VismaWriter
) -> None:
    body, status, headers, kind, code = VERDICTS[case]
    visma.answers_with(body, status, headers)

    with pytest.raises(ConnectorError) as caught:
        write.create_receipt({}, began=time.monotonic())

    assert (type(caught.value), caught.value.why.code) == (kind, code)
    assert len(visma.requests) == 1


def test_a_lost_answer_is_unknown(raw_server: Any) -> None:
    server = raw_server(reset)

    with pytest.raises(OutcomeUnknown):
        writer(server.url).create_receipt({}, began=time.monotonic())


def test_a_server_that_was_not_reached_has_done_nothing() -> None:
    with pytest.raises(TryAgain):
        writer("http://127.0.0.1:9").create_receipt({}, began=time.monotonic())


def test_the_number_is_the_last_part_of_the_place(visma: Visma, write: VismaWriter) -> None:
    visma.answers_with(b"", 201, PLACE)

    assert write.create_receipt({}, began=time.monotonic()) == "000210"


def test_a_refused_token_is_renewed_once_and_the_write_repeated(
    visma: Visma, write: VismaWriter
) -> None:
    visma.answers_with({}, 401)
    visma.answers_with(b"", 201, PLACE)
    write.create_receipt({}, began=time.monotonic())

    assert [r.headers["Authorization"] for r in visma.requests] == [
        "Bearer first",
        "Bearer renewed",
    ]


def test_a_change_names_the_version_it_was_decided_on(visma: Visma, write: VismaWriter) -> None:
    visma.answers_with(b"", 204)
    write.update_receipt("000210", "AAAAAAFh3Ag=", {"hold": {"value": False}})

    assert visma.requests[0].headers["If-Match"] == '"AAAAAAFh3Ag="'


def test_an_actions_word_is_read_and_its_absence_borne(visma: Visma, write: VismaWriter) -> None:
    visma.answers_with({"actionResult": "Failed", "errorInfo": "closed"})
    visma.answers_with(b"")
    began = time.monotonic()
    failed, silent = (write.act_on_receipt("000210", "release", began=began) for _ in range(2))

    assert (failed.word, failed.error, silent.word) == ("Failed", "closed", "")


def test_what_was_decided_too_long_ago_is_not_sent(visma: Visma, write: VismaWriter) -> None:
    with pytest.raises(TryAgain):
        write.create_receipt({}, began=time.monotonic() - 61)

    assert visma.requests == []

"""Each error monday is known to send against its verdict, over real HTTP."""

import json
from datetime import timedelta

import pytest

from connector.errors import (
    AskAPerson,
    ConnectorError,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import Reply
from connector.monday import queries
from connector.monday.errors import Exchange, find_line
from connector.monday.faults import read_contents
from connector.monday.refusals import LINES

from .cases import CASES, CREATE, LABEL, Case, error
from .conftest import Monday


def _check(found: object, case: Case) -> None:
    assert type(found) is case.verdict
    assert isinstance(found, ConnectorError)
    assert found.why.code == case.code
    assert found.why.happened
    assert found.why.remedy
    assert found.why.request_id == "req-1"
    if case.error["message"]:
        assert case.error["message"][:40] in found.why.detail
    if isinstance(found, AskAPerson):
        assert found.reach == case.reach
    if isinstance(found, TryAgain | OutcomeUnknown):
        wanted = None if case.after is None else timedelta(seconds=case.after)
        assert found.after == wanted


@pytest.mark.parametrize("name", CASES)
def test_an_error_about_the_whole_request_is_raised(monday: Monday, name: str) -> None:
    case = CASES[name]
    body = {"errors": [case.error], "extensions": {"request_id": "req-1"}}
    monday.answers_with(body, case.status, case.headers)

    with pytest.raises(ConnectorError) as caught:
        monday.client.execute(case.document)

    _check(caught.value, case)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].document.mutation])
def test_an_error_about_one_alias_is_its_outcome(monday: Monday, name: str) -> None:
    case = CASES[name]
    body = {
        "data": {"a0": None},
        "errors": [case.error | {"path": ["a0"]}],
        "extensions": {"request_id": "req-1"},
    }
    monday.answers_with(body, case.status, case.headers)

    answer = monday.client.execute(case.document)

    _check(answer.outcome("a0"), case)


@pytest.mark.parametrize("name", CASES)
def test_a_query_is_never_unknown(monday: Monday, name: str) -> None:
    case = CASES[name]
    monday.answers_with({"data": None, "errors": [case.error]}, case.status, case.headers)

    with pytest.raises(ConnectorError) as caught:
        monday.client.execute(queries.board("1"))

    if case.verdict is OutcomeUnknown:
        assert type(caught.value) is TryAgain
    elif case.document is CREATE:
        assert type(caught.value) is case.verdict
    assert not isinstance(caught.value, OutcomeUnknown)


@pytest.mark.parametrize("name", CASES)
def test_a_throttle_is_told_to_the_meter(monday: Monday, name: str) -> None:
    case = CASES[name]
    monday.answers_with({"errors": [case.error]}, case.status, case.headers)

    with pytest.raises(ConnectorError):
        monday.client.execute(case.document)

    _, report = monday.book.reports[0]
    throttled = case.verdict is Throttled
    assert report.throttle == (case.code if throttled else "")
    assert report.blocked_for == (case.after if throttled else None)
    assert report.status == case.status


def test_every_line_of_the_table_has_a_case() -> None:
    reached = set()
    for case in CASES.values():
        contents = read_contents(_body(case))
        reply = Reply(case.status, case.headers, b"")
        reached.add(find_line(contents.faults[0], Exchange(case.document, reply)))

    assert set(LINES) - reached == set()


def _body(case: Case) -> bytes:
    return json.dumps({"errors": [case.error]}).encode()


@pytest.mark.parametrize(
    ("message", "facts", "happened"),
    [
        (
            "The status label 'Open' does not exist",
            {"column_id": "status_1"},
            "The label “Open” does not exist in column “status_1” on the board.",
        ),
        (
            'label "Open" doesn\'t exist',
            {"column_name": "Status"},
            "The label “Open” does not exist in column “Status” on the board.",
        ),
        (LABEL, {}, "A label does not exist in a column on the board."),
        (LABEL, {"column_id": "{x}"}, "A label does not exist in column “{x}” on the board."),
    ],
)
def test_a_missing_label_is_named_as_far_as_monday_names_it(
    monday: Monday, message: str, facts: dict[str, str], happened: str
) -> None:
    found = error(message, "ColumnValueException", error_data=facts)
    monday.answers_with({"data": {"a0": None}, "errors": [found | {"path": ["a0"]}]})

    outcome = monday.client.execute(CREATE).outcome("a0")

    assert isinstance(outcome, GiveUp)
    assert outcome.why.happened == happened
    assert "press Replay" in outcome.why.remedy

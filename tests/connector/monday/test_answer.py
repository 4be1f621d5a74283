"""What an answer says about each alias of a batch."""

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import AskAPerson, ConnectorError, GiveUp, OutcomeUnknown, Throttled
from connector.http import Limits
from connector.monday import documents, queries
from connector.monday.answer import Answer

from .cases import LABEL, error
from .conftest import Monday

BATCH = documents.create_items("1", "", [(f"INV-{n}", "{}") for n in range(3)], False)
REFUSED = error(LABEL, "ColumnValueException")
SLOW = error("Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds=22)


def _execute(monday: Monday, body: dict[str, Any], status: int = 200) -> Answer:
    monday.answers_with(body, status)
    return monday.client.execute(BATCH)


def _outcomes(answer: Answer) -> list[object]:
    return [answer.outcome(alias) for alias in ("a0", "a1", "a2")]


def test_each_alias_is_judged_by_itself(monday: Monday) -> None:
    body = {
        "data": {"a0": {"id": "1"}, "a1": None, "a2": None},
        "errors": [REFUSED | {"path": ["a1"]}, SLOW | {"path": ["a2"]}],
    }

    first, second, third = _outcomes(_execute(monday, body))

    assert first == {"id": "1"}
    assert isinstance(second, GiveUp)
    assert isinstance(third, Throttled)
    assert third.after == timedelta(seconds=22)


def test_ids_are_texts_whatever_monday_sends(monday: Monday) -> None:
    body = {"data": {"a0": {"id": 9876543210}, "a1": {"id": "2"}, "a2": {"id": "3"}}}

    answer = _execute(monday, body)

    assert answer.outcome("a0") == {"id": "9876543210"}


@pytest.mark.parametrize(
    "result", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": {}}, [], "1", 1, True]
)
def test_a_result_without_an_id_is_unknown(monday: Monday, result: object) -> None:
    answer = _execute(monday, {"data": {"a0": {"id": "1"}, "a1": result, "a2": {"id": "3"}}})

    assert isinstance(answer.outcome("a1"), OutcomeUnknown)


def test_an_alias_in_neither_data_nor_errors_is_unknown(monday: Monday) -> None:
    answer = _execute(monday, {"data": {"a0": {"id": "1"}}, "errors": [REFUSED | {"path": ["a1"]}]})

    outcome = answer.outcome("a2")

    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.why.code == "unreadable_answer"
    assert "a2" in outcome.why.detail


def test_a_null_alias_without_an_error_is_unknown(monday: Monday) -> None:
    answer = _execute(monday, {"data": {"a0": {"id": "1"}, "a1": None, "a2": {"id": "3"}}})

    assert isinstance(answer.outcome("a1"), OutcomeUnknown)


def test_an_error_below_an_alias_leaves_it_unknown(monday: Monday) -> None:
    """The item was made; reading its name failed and took the result with it."""
    body = {
        "data": {"a0": {"id": "1"}, "a1": None, "a2": {"id": "3"}},
        "errors": [REFUSED | {"path": ["a1", "name"]}],
    }

    assert isinstance(_execute(monday, body).outcome("a1"), OutcomeUnknown)


def test_an_id_is_proof_even_beside_an_error(monday: Monday) -> None:
    body = {
        "data": {"a0": {"id": "1"}, "a1": {"id": "2"}, "a2": {"id": "3"}},
        "errors": [REFUSED | {"path": ["a1", "name"]}],
    }

    assert _execute(monday, body).outcome("a1") == {"id": "2"}


def test_errors_for_some_aliases_and_no_data_leave_the_others_unknown(monday: Monday) -> None:
    body = {"data": [], "errors": [REFUSED | {"path": ["a1"]}]}

    first, second, third = _outcomes(_execute(monday, body))

    assert isinstance(first, OutcomeUnknown)
    assert isinstance(second, GiveUp)
    assert isinstance(third, OutcomeUnknown)


def test_a_refusal_of_the_whole_request_is_raised(monday: Monday) -> None:
    with pytest.raises(Throttled):
        _execute(monday, {"errors": [SLOW]}, 429)


def test_a_refusal_in_the_middle_keeps_what_was_done(monday: Monday) -> None:
    body = {"data": {"a0": {"id": "1"}, "a1": None}, "errors": [SLOW]}

    first, second, third = _outcomes(_execute(monday, body, 429))

    assert first == {"id": "1"}
    assert isinstance(second, Throttled)
    assert isinstance(third, Throttled)


@pytest.mark.parametrize("path", [["create_item"], ["mutation", "a0", "nonsense"], [0], []])
def test_a_path_that_names_no_alias_concerns_the_whole_request(
    monday: Monday, path: list[Any]
) -> None:
    with pytest.raises(GiveUp):
        _execute(monday, {"data": None, "errors": [REFUSED | {"path": path}]})


def test_the_more_doubtful_of_two_errors_decides(monday: Monday) -> None:
    unclear = error("Internal Server Error", "INTERNAL_SERVER_ERROR")

    with pytest.raises(OutcomeUnknown):
        _execute(monday, {"errors": [REFUSED, SLOW, unclear]})


def test_an_error_about_the_cost_is_no_error_of_the_items(monday: Monday) -> None:
    body = {
        "data": {"complexity": None, "a0": {"id": "1"}, "a1": {"id": "2"}, "a2": {"id": "3"}},
        "errors": [error("Internal Server Error") | {"path": ["complexity"]}],
    }

    outcomes = _outcomes(_execute(monday, body))

    assert outcomes == [{"id": "1"}, {"id": "2"}, {"id": "3"}]


def test_an_error_about_the_cost_says_nothing_about_a_missing_item(monday: Monday) -> None:
    body = {"data": {"a0": {"id": "1"}, "a1": None}, "errors": [SLOW | {"path": ["complexity"]}]}

    assert isinstance(_execute(monday, body).outcome("a1"), OutcomeUnknown)


def test_a_query_with_any_error_is_worthless(monday: Monday) -> None:
    """A null list that has an entry in errors must never be read as an empty one."""
    monday.answers_with(
        {
            "data": {"boards": [{"id": "1", "name": "Stam", "columns": None}]},
            "errors": [
                error("Rate limit already blocked", "tooManyRequests", status_code=400)
                | {"path": ["boards", 0, "columns"]}
            ],
        }
    )

    with pytest.raises(Throttled):
        monday.client.execute(queries.board("1"))


def test_cost_limits_and_replay_are_read(monday: Monday) -> None:
    monday.answers_with(
        {
            "data": {
                "complexity": {
                    "before": 5000000,
                    "after": 4969990,
                    "query": 30010,
                    "reset_in_x_seconds": 60,
                },
                "a0": {"id": "1"},
                "a1": {"id": "2"},
                "a2": {"id": "3"},
            },
            "extensions": {"request_id": "req-7"},
        },
        headers={
            "RateLimit-Policy": '"minuteRate";q=5000;w=60, '
            '"concurrency";q=250;qu="concurrent-requests", '
            '"complexityMinute";q=5000000;w=60;qu="content-bytes"',
            "RateLimit": '"minuteRate";r=4999, "concurrency";r=249, '
            '"complexityMinute";r=4950000;t=45',
            "Idempotency-Replayed": "true",
        },
    )

    answer = monday.client.execute(BATCH)

    assert answer.limits == Limits(5000, 4999, 250, 249, 5_000_000, 4_969_990, 60.0)
    assert (answer.cost, answer.request_id, answer.replayed) == (30010, "req-7", True)


@pytest.mark.parametrize(
    ("policy", "left", "expected"),
    [
        ("", "", Limits()),
        ("nonsense;;;=", '"minuteRate"', Limits()),
        ('"minuteRate";q=abc', '"minuteRate";r=', Limits()),
        ("minuteRate;q=10;w=60", "minuteRate;r=3;t=12.5", Limits(10, 3, reset_in=12.5)),
        ('"other";q=1', '"concurrency";r=0', Limits(concurrency_left=0)),
    ],
)
def test_limits_that_are_not_said_are_not_known(
    monday: Monday, policy: str, left: str, expected: Limits
) -> None:
    headers = {"RateLimit-Policy": policy, "RateLimit": left}
    monday.answers_with({"data": {"a0": {"id": "1"}}}, headers=headers)

    answer = monday.client.execute(BATCH)

    assert answer.limits == expected
    assert not answer.replayed


def test_the_request_id_may_come_in_a_header(monday: Monday) -> None:
    monday.answers_with({"errors": [SLOW]}, 429, {"x-request-id": "req-9"})

    with pytest.raises(ConnectorError) as caught:
        monday.client.execute(BATCH)

    assert caught.value.why.request_id == "req-9"


def test_a_refusal_that_a_person_must_solve_names_its_reach(monday: Monday) -> None:
    gone = error("x", "InvalidBoardIdException")
    answer = _execute(monday, {"data": {"a0": None}, "errors": [gone | {"path": ["a0"]}]})

    outcome = answer.outcome("a0")

    assert isinstance(outcome, AskAPerson)
    assert outcome.reach == "board"

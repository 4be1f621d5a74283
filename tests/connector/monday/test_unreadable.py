"""Answers in an old shape, in a gateway's shape, in no shape, or cut off."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import (
    AskAPerson,
    ConnectorError,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import Reply
from connector.monday import documents
from connector.monday.answer import read_answer

from .cases import CREATE, LABEL
from .conftest import Monday

OLD_SHAPES: dict[str, tuple[int, Any, type[ConnectorError], str, float | None]] = {
    "complexity before 2025": (
        200,
        {
            "error_code": "ComplexityException",
            "status_code": 429,
            "error_message": "Complexity budget exhausted, query cost 30001 budget remaining "
            "19986 out of 1000000 reset in 22 seconds",
            "error_data": {},
            "errors": ["Complexity budget exhausted"],
            "account_id": 77001,
        },
        Throttled,
        "rate_complexity",
        22,
    ),
    "column value before 2025": (
        200,
        {
            "error_code": "ColumnValueException",
            "status_code": 200,
            "error_message": LABEL,
            "error_data": {"column_id": "status"},
        },
        GiveUp,
        "label_missing",
        None,
    ),
    "errors as a list of texts": (
        401,
        {"errors": ["Not Authenticated"]},
        AskAPerson,
        "not_connected",
        None,
    ),
    "one text as errors": (200, {"errors": "Not Authenticated"}, AskAPerson, "not_connected", None),
    "one object as errors": (
        200,
        {"errors": {"message": "Daily limit exceeded"}},
        Throttled,
        "rate_daily",
        None,
    ),
    "a gateway's message": (
        403,
        {"message": "Forbidden"},
        AskAPerson,
        "permission",
        None,
    ),
    "a gateway's error": (500, {"error": "boom"}, OutcomeUnknown, "server_error", None),
}


@pytest.mark.parametrize("name", OLD_SHAPES)
def test_older_and_foreign_shapes_are_understood(monday: Monday, name: str) -> None:
    status, body, verdict, code, after = OLD_SHAPES[name]
    monday.answers_with(body, status)

    with pytest.raises(ConnectorError) as caught:
        monday.client.execute(CREATE)

    assert (type(caught.value), caught.value.why.code) == (verdict, code)
    if after is not None:
        assert isinstance(caught.value, TryAgain)
        assert caught.value.after == timedelta(seconds=after)


HTML = b"<html><head><title>x</title></head><body><h1>Bad Gateway</h1></body></html>"
UNREADABLE: dict[str, tuple[int, bytes, type[ConnectorError], str]] = {
    "empty": (200, b"", OutcomeUnknown, "unreadable_answer"),
    "page as 200": (200, HTML, OutcomeUnknown, "unreadable_answer"),
    "page as 302": (302, HTML, OutcomeUnknown, "unreadable_answer"),
    "page as 401": (401, HTML, AskAPerson, "not_connected"),
    "page as 403": (403, HTML, AskAPerson, "permission"),
    "page as 404": (404, HTML, AskAPerson, "wrong_address"),
    "page as 409": (409, HTML, OutcomeUnknown, "in_progress"),
    "page as 413": (413, HTML, GiveUp, "request_refused"),
    "page as 423": (423, HTML, TryAgain, "board_busy"),
    "page as 429": (429, HTML, Throttled, "rate_limit"),
    "page as 500": (500, HTML, OutcomeUnknown, "server_error"),
    "page as 502": (502, HTML, OutcomeUnknown, "server_error"),
    "page as 504": (504, HTML, OutcomeUnknown, "server_error"),
    "a list": (200, b"[]", OutcomeUnknown, "unreadable_answer"),
    "a text": (200, b'"data"', OutcomeUnknown, "unreadable_answer"),
    "a number": (200, b"5", OutcomeUnknown, "unreadable_answer"),
    "null": (200, b"null", OutcomeUnknown, "unreadable_answer"),
    "no data, no errors": (200, b"{}", OutcomeUnknown, "unreadable_answer"),
    "null data": (200, b'{"data": null}', OutcomeUnknown, "unreadable_answer"),
    "empty data": (200, b'{"data": {}}', OutcomeUnknown, "unreadable_answer"),
    "empty errors": (200, b'{"errors": []}', OutcomeUnknown, "unreadable_answer"),
    "data is a list": (200, b'{"data": [1]}', OutcomeUnknown, "unreadable_answer"),
    "data is a text": (200, b'{"data": "a0"}', OutcomeUnknown, "unreadable_answer"),
    "errors is a number": (200, b'{"errors": 1}', OutcomeUnknown, "unreadable_answer"),
    "an error is a number": (200, b'{"errors": [1]}', OutcomeUnknown, "unreadable_answer"),
    "a byte order mark": (
        200, b'\xef\xbb\xbf{"data": {"a0": {"id": "1"}}}', OutcomeUnknown, "unreadable_answer",
    ),
    "UTF-16": (
        200, '{"data": {"a0": {"id": "1"}}}'.encode("utf-16"), OutcomeUnknown, "unreadable_answer",
    ),
    "a key twice": (
        200, b'{"data": {"a0": null, "a0": {"id": "1"}}}', OutcomeUnknown, "unreadable_answer",
    ),
    "NaN": (200, b'{"data": {"a0": {"id": NaN}}}', OutcomeUnknown, "unreadable_answer"),
    "very deep": (200, b"[" * 100_000, OutcomeUnknown, "unreadable_answer"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_makes_no_sense_is_judged_by_its_status_at_most(monday: Monday, name: str) -> None:
    status, body, verdict, code = UNREADABLE[name]
    monday.answers_with(body, status)

    with pytest.raises(ConnectorError) as caught:
        monday.client.execute(CREATE)

    assert (type(caught.value), caught.value.why.code) == (verdict, code)


BATCH = documents.create_items("1", "", [(f"INV-{n}", "{}") for n in range(3)], False)
WHOLE = {
    "data": {
        "complexity": {"before": 5000000, "after": 4970000, "query": 30000,
                       "reset_in_x_seconds": 60},
        "a0": {"id": "111"},
        "a1": None,
        "a2": {"id": "333"},
    },
    "errors": [
        {
            "message": LABEL,
            "path": ["a1"],
            "extensions": {"code": "ColumnValueException", "error_data": {"column_id": "status"}},
        }
    ],
    "extensions": {"request_id": "req-1"},
}  # fmt: skip


def _outcomes(body: bytes, status: int = 200) -> list[object]:
    answer, refusal = read_answer(Reply(status, {}, body), BATCH)
    return [refusal or answer.outcome(f"a{n}") for n in range(3)]


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_cut_at_any_byte_is_unknown(status: int) -> None:
    body = json.dumps(WHOLE, indent=1).encode()

    for length in range(len(body)):
        outcomes = _outcomes(body[:length], status)
        assert all(isinstance(each, OutcomeUnknown) for each in outcomes), f"{length} bytes"

    assert [type(each) for each in _outcomes(body)] == [dict, GiveUp, dict]


def test_an_answer_with_any_one_byte_changed_never_invents_an_item() -> None:
    body = json.dumps(WHOLE).encode()

    for place in range(len(body)):
        for byte in b'"{}[]:,0x\x00':
            changed = body[:place] + bytes([byte]) + body[place + 1 :]
            assert not isinstance(_outcomes(changed)[1], dict), f"by byte {place}"


@given(st.binary(max_size=200))
def test_noise_is_never_an_outcome(body: bytes) -> None:
    assert all(isinstance(outcome, OutcomeUnknown) for outcome in _outcomes(body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "a0", "a1", "id", "message", "path", "extensions"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_gives_outcomes_and_never_a_crash(found: Any) -> None:
    outcomes = _outcomes(json.dumps(found).encode())

    assert all(isinstance(each, dict | ConnectorError) for each in outcomes)
    assert all("id" in each for each in outcomes if isinstance(each, dict))

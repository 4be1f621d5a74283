"""Visma's JSON without a lost digit, hashed the same way each time."""

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.visma.records import canonical, content_hash, decode, filter_text, moment


@pytest.mark.parametrize(
    "number",
    [
        "12345678901234567.8900",
        "0.1",
        "-0.00",
        "1234.7700",
        "1e3",
        "1E-28",
        "0.0000000000000000000000000001",
        "1e400",
    ],
)
def test_every_digit_of_a_decimal_survives(number: str) -> None:
    found = decode(f'{{"a": {number}}}'.encode())["a"]

    assert isinstance(found, Decimal)
    assert found == Decimal(number)
    assert found.as_tuple() == Decimal(number).as_tuple()


@pytest.mark.parametrize("number", [0, -1, 10**18, 10**30])
def test_integers_stay_integers(number: int) -> None:
    found = decode(f"[{number}]".encode())[0]

    assert found == number
    assert type(found) is int


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"{", b"", b"\xff", b"[1,]", b"'a'"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body)


def test_the_canonical_form_keeps_digits_and_sorts_keys() -> None:
    payload = decode('{"b": 1.50, "a": {"z": "å", "y": 1}, "metadata": {"totalCount": 3}}'.encode())

    assert canonical(payload) == '{"a":{"y":1,"z":"å"},"b":1.50}'.encode()


def test_the_count_of_the_answer_is_no_change_of_the_record() -> None:
    payload = {"a": 1}

    assert canonical(payload | {"metadata": {"totalCount": 1}}) == canonical(payload)


def test_a_changed_digit_changes_the_hash() -> None:
    before, after = decode(b'{"a": 1.10}'), decode(b'{"a": 1.11}')

    assert content_hash(canonical(before)) != content_hash(canonical(after))
    assert len(content_hash(canonical(before))) == 64


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text() | st.decimals(
        allow_nan=False, allow_infinity=False, places=4
    ),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(st.text(), VALUES))
def test_the_canonical_form_reads_back_as_the_same_record(payload: dict[str, object]) -> None:
    kept = {key: value for key, value in payload.items() if key != "metadata"}
    shuffled = dict(reversed(kept.items()))

    assert canonical(shuffled) == canonical(payload)
    assert canonical(decode(canonical(payload))) == canonical(payload)
    json.loads(canonical(payload))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-03-20T06:35:22", "2026-03-20T06:35:22.1"),
        ("2026-03-20T06:35:22.09", "2026-03-20T06:35:22.1"),
        ("2026-03-20T06:35:22.153", "2026-03-20T06:35:22.1531"),
        ("2026-03-20", "2026-03-20T00:00:00.001"),
        ("2026-03-20 06:35:22", "2026-03-20T06:35:23Z"),
        ("", "1900-01-01"),
        ("yesterday", "1900-01-01"),
    ],
)
def test_moments_sort_by_time(earlier: str, later: str) -> None:
    assert moment(earlier) < moment(later)


def test_the_same_moment_written_in_several_ways_is_equal() -> None:
    ways = ["2026-03-20T06:35:22.1", "2026-03-20T06:35:22.100", "2026-03-20 06:35:22.1+02:00"]

    assert len({moment(way) for way in ways}) == 1


def test_a_filter_is_rounded_down_and_has_no_zone() -> None:
    assert filter_text("2026-03-20T06:35:22.9999999Z") == "2026-03-20T06:35:22.999"

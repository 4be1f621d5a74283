"""Transforms: what each does, what it refuses, and how chains are read."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.catalog import Kind
from mappings.transforms import (
    TRANSFORMS,
    TransformProblem,
    apply,
    describe,
    kind_after,
    parse,
)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("", "as it is", "as it is"),
        ("upper", "åpen", "ÅPEN"),
        ("lower", "OPEN", "open"),
        ("trim", "  x ", "x"),
        ("words", "ApprovedInApproval", "Approved in approval"),
        ("first:3", "Nordlys", "Nor"),
        ("last:2", "Nordlys", "ys"),
        ("last:0", "Nordlys", ""),
        ("prefix:INV-", "7", "INV-7"),
        ("suffix: NOK", Decimal("12.50"), "12.50 NOK"),
        ("replace:AS=ASA", "Nordlys AS", "Nordlys ASA"),
        ("map:Open=Åpen;Closed=Lukket", "Closed", "Lukket"),
        ("map:open=Åpen", "Open", "Åpen"),
        ("map:Open=Åpen", "BrandNew", "BrandNew"),
        ("map:Open=Åpen;*=Annet", "BrandNew", "Annet"),
        (r"map:a\;b=c\=d", "a;b", "c=d"),
        ("map:1=Ja", 1, "Ja"),
        ("yes_no:Ja/Nei", True, "Ja"),
        ("yes_no:Ja/Nei", False, "Nei"),
        ("negate", Decimal("5.00"), Decimal("-5.00")),
        ("negate", Decimal("1" * 60), Decimal("-" + "1" * 60)),
        ("abs", Decimal("-5.10"), Decimal("5.10")),
        ("round:2", Decimal("1.005"), Decimal("1.01")),
        ("round:2", Decimal("-1.005"), Decimal("-1.01")),
        ("round:0", Decimal("12345678901234567890.5"), Decimal("12345678901234567891")),
        ("multiply:100", Decimal("0.255"), Decimal("25.500")),
        ("divide:1000", Decimal("1500"), Decimal("1.5")),
        ("number", "1 234,50", Decimal("1234.50")),
        ("number", "1\u00a0234\u202f567,5", Decimal("1234567.5")),
        ("number", "1.234,50", Decimal("1234.50")),
        ("number", "1,234.50", Decimal("1234.50")),
        ("number:,", "1,234", Decimal("1.234")),
        ("number:.", "1,234", Decimal("1234")),
        ("number", "−12", Decimal("-12")),
        ("date", datetime(2026, 7, 14, 23, 59), date(2026, 7, 14)),  # noqa: DTZ001
        ("month", date(2026, 7, 14), "2026-07"),
        ("year", date(2026, 7, 14), "2026"),
        ("add_days:14", date(2026, 12, 25), date(2027, 1, 8)),
        ("add_days:-3", date(2026, 3, 1), date(2026, 2, 26)),
        ("text", date(2026, 7, 14), "2026-07-14"),
        ("trim|first:4|upper", "  nordlys", "NORD"),
        (r"prefix:a\|b", "c", "a|bc"),
    ],
)
def test_a_transform_gives_what_its_name_says(text: str, value: Any, expected: Any) -> None:
    found = apply(text, value)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_an_empty_value_stays_empty_through_every_transform_but_default(name: str) -> None:
    argument = TRANSFORMS[name].argument
    text = f"{name}:{argument}" if argument else name

    found = apply(text, None)

    assert found == ("Unknown" if name == "default" else None)


@pytest.mark.parametrize(
    ("document_type", "expected"),
    [
        ("Invoice", Decimal("10.00")),
        ("DebitAdj", Decimal("-10.00")),
        ("CreditNote", Decimal("-10.00")),
        ("Payment", Decimal("-10.00")),
        ("VoidPayment", Decimal("10.00")),
        ("SomethingNew", Decimal("10.00")),
        (None, Decimal("10.00")),
    ],
)
def test_credit_notes_and_payments_are_negative_by_their_type(
    document_type: str | None, expected: Decimal
) -> None:
    assert apply("signed", Decimal("10.00"), {"documentType": document_type}) == expected


def test_a_credit_note_that_came_negative_stays_negative() -> None:
    assert apply("signed", Decimal("-10"), {"documentType": "CreditNote"}) == Decimal("-10")


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "upper:x",
        "first",
        "first:-1",
        "first:1e9",
        "round:x",
        "map:",
        "map:Open",
        "map:=x",
        "replace:x",
        "yes_no:Ja",
        "divide:0",
        "multiply:1e999999",
        "multiply:NaN",
        "add_days:soon",
        "number:x",
        "|",
    ],
)
def test_a_transform_that_cannot_be_read_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(TransformProblem) as caught:
        parse(text)

    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("add_days:9999", date(9999, 1, 1)),
        ("negate", "ten"),
        ("negate", True),
        ("signed", "ten"),
        ("month", "2026-07-14"),
        ("number", "1,234"),
        ("number", "twelve"),
    ],
)
def test_a_value_a_step_cannot_work_on_is_refused(text: str, value: Any) -> None:
    with pytest.raises(TransformProblem):
        apply(text, value)


def test_the_kind_that_comes_out_follows_the_chain() -> None:
    assert kind_after("", Kind.AMOUNT) is Kind.AMOUNT
    assert kind_after("round:2|suffix: NOK", Kind.AMOUNT) is Kind.TEXT
    assert kind_after("yes_no:Ja/Nei", Kind.BOOLEAN) is Kind.CHOICE


def test_a_chain_that_does_not_take_the_kind_is_refused_by_name() -> None:
    with pytest.raises(TransformProblem, match="“negate” does not work on dates"):
        kind_after("negate", Kind.DATE)


def test_a_chain_reads_as_a_sentence() -> None:
    assert describe("trim|first:3") == "without outer spaces, then its first 3 characters"


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_every_transform_on_offer_can_be_read_and_described(name: str) -> None:
    argument = TRANSFORMS[name].argument

    assert describe(f"{name}:{argument}" if argument else name)


@given(st.text(max_size=60))
def test_no_text_of_a_transform_breaks_the_reader(text: str) -> None:
    with suppress(TransformProblem):
        parse(text)

    assert parse("trim").calls  # anything but a refusal would have ended the test


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_rounding_moves_an_amount_by_at_most_half_a_cent(amount: Decimal) -> None:
    rounded = apply("round:2", amount)

    assert isinstance(rounded, Decimal)
    assert abs(rounded - amount) <= Decimal("0.005")

"""Ageing as a controller counts it: by the calendar day, without a clock."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mappings.ageing import LIMITS, aged, bucket, buckets, limits_of, problem
from mappings.catalog import DESCRIBED
from mappings.filters import problems

DUE = date(2026, 8, 13)


def document(**changes: Any) -> dict[str, Any]:
    return {
        "documentDueDate": "2026-08-13T00:00:00",
        "status": "Open",
        "balanceInCurrency": Decimal("12.50"),
        **changes,
    }


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-45, "Not due"), (0, "Not due"), (1, "1–30 days"), (30, "1–30 days"),
        (31, "31–60 days"), (60, "31–60 days"), (61, "61–90 days"), (90, "61–90 days"),
        (91, "Over 90 days"), (4000, "Over 90 days"),
    ],
)  # fmt: skip
def test_a_bucket_holds_its_first_and_its_last_day(days: int, expected: str) -> None:
    found = aged(document(), DUE + timedelta(days=days))

    assert found == {"ageing_bucket": expected, "days_overdue": max(days, 0)}


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "Closed"},
        {"status": "Hold"},
        {"status": "Voided"},
        {"balanceInCurrency": Decimal("0.00")},
        {"balanceInCurrency": None},
        {"documentDueDate": None},
        {"documentDueDate": "soon"},
    ],
)
def test_what_is_paid_or_never_due_has_no_age(changes: dict[str, Any]) -> None:
    assert aged(document(**changes), DUE + timedelta(days=40)) == {}


def test_an_open_credit_note_ages_like_an_invoice() -> None:
    assert aged(document(balanceInCurrency=Decimal("-3")), DUE)["ageing_bucket"] == "Not due"


def test_limits_of_one_s_own_name_their_buckets() -> None:
    assert buckets((7, 14)) == ("Not due", "1–7 days", "8–14 days", "Over 14 days")
    assert bucket(1, (1, 2)) == "Day 1"


def test_the_filter_of_a_mapping_sets_the_limits() -> None:
    assert limits_of({"ageing_limits": [7, 14]}) == (7, 14)
    assert limits_of({}) == LIMITS


@pytest.mark.parametrize("said", [[], [60, 30], [30, 30], [0, 5], "30", [True], [1.5], [9999]])
def test_limits_that_make_no_sense_are_said_and_not_used(said: Any) -> None:
    assert problem(said)
    assert limits_of({"ageing_limits": said}) == LIMITS


def test_only_documents_of_customers_take_limits() -> None:
    rule = {"ageing_limits": [10, 20]}

    assert not problems(DESCRIBED["customer_document"], rule)
    assert problems(DESCRIBED["supplier"], rule)

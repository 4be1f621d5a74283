"""Filters: what is left out, why, and what a wrong filter is told."""

from decimal import Decimal
from typing import Any

import pytest

from mappings.catalog import ENTITIES
from mappings.filters import excluded, problems

INVOICE = ENTITIES["supplier_invoice"]
PAYLOAD: dict[str, Any] = {
    "documentType": "Invoice",
    "status": "Open",
    "date": "2026-07-14T00:00:00",
    "amount": Decimal("-500.00"),
    "detailTotal": Decimal("-500.00"),
    "detailTotalInCurrency": Decimal("-500.00"),
    "supplier": {"number": "50606"},
    "branchNumber": {"number": "1"},
}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"status": ["Open", "Closed"]},
        {"status": ["open"]},
        {"status": []},
        {"document_type": ["Invoice"], "branch": "1", "party": ["50606"]},
        {"date_from": "2026-07-14", "date_to": "2026-07-14"},
        {"amount_from": "500", "amount_to": 500},
        {"unknown": ["x"]},
        {"date_from": None},
    ],
)
def test_a_record_that_passes_every_rule_has_no_reason(rule: dict[str, Any]) -> None:
    assert excluded(PAYLOAD, INVOICE, rule) == ""


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"status": ["Closed"]}, "Status is “Open”; only Closed are wanted."),
        ({"document_type": ["DebitAdj"]}, "Document type is “Invoice”; only DebitAdj are wanted."),
        ({"date_from": "2026-08-01"}, "Invoice date 2026-07-14 is before 2026-08-01."),
        ({"date_to": "2026-01-01"}, "Invoice date 2026-07-14 is after 2026-01-01."),
        ({"amount_from": "500.01"}, "Amount in document currency -500.00 is below 500.01."),
        ({"amount_to": "499.99"}, "Amount in document currency -500.00 is above 499.99."),
    ],
)
def test_a_record_left_out_has_its_reason_in_words(rule: dict[str, Any], reason: str) -> None:
    assert excluded(PAYLOAD, INVOICE, rule) == reason


def test_an_empty_status_is_left_out_by_a_list_of_statuses() -> None:
    assert excluded({}, INVOICE, {"status": ["Open"]}) == ("Status is empty; only Open are wanted.")


def test_a_value_that_cannot_be_read_is_not_hidden_by_a_filter() -> None:
    unreadable = {**PAYLOAD, "date": "soon"}

    assert excluded(unreadable, INVOICE, {"date_from": "2026-08-01"}) == ""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"state": ["Open"]}, "“state” is not a filter"),
        ({"status": [7]}, "takes a list of texts"),
        ({"date_from": "yesterday"}, "takes a date such as"),
        ({"amount_from": "1 000"}, "takes an amount such as"),
    ],
)
def test_a_wrong_filter_is_told_in_words(rule: dict[str, Any], words: str) -> None:
    found = problems(INVOICE, rule)

    assert len(found) == 1
    assert words in found[0]


def test_a_filter_on_what_the_entity_lacks_is_told() -> None:
    assert problems(ENTITIES["supplier"], {"date_from": "2026-01-01"}) == [
        "Suppliers have no date from to filter on."
    ]


def test_a_right_filter_has_no_problems() -> None:
    assert problems(INVOICE, {"status": ["Open"], "date_from": "2026-01-01", "branch": "1"}) == []

"""The catalogue against Visma's published field list, and what it reads from payloads."""

import json
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.visma.resources import RESOURCES
from mappings.catalog import (
    COMPANY_CURRENCY,
    DESCRIBED,
    ENTITIES,
    VISMA_KEY,
    Entity,
    Field,
    Kind,
    ValueProblem,
    value,
)

CONTRACT = Path(__file__).parents[3] / "shared" / "contracts" / "visma" / "dto-fields.json"
DTOS = {
    "supplier_invoice": "SupplierInvoiceDto",
    "purchase_order": "PurchaseOrderDto",
    "purchase_receipt": "PurchaseReceiptDto",
    "supplier": "SupplierDto",
    "customer_invoice": "CustomerInvoiceDto",
    "customer_document": "CustomerDocumentDto",
    "customer": "CustomerDto",
    "employee": "EmployeeDto",
    "gl_account": "AccountDto",
    "dimension_value": "DtoSegmentValue",
    "subaccount": "SubAccountDto",
    "journal_transaction": "JournalTransactionDto",
    "gl_entry": "JournalTransactionLineDto",
}
# What the client lays beside a dimension's value, and beside a line of the journal.
BESIDE: dict[str, dict[str, Any]] = {
    "dimension_value": {"dimension": {"dto": "DtoDimension"}, "segment": {"dto": "DtoSegment"}},
    "gl_entry": {"batch": {"dto": "JournalTransactionDto"}},
}
NUMBERS = {Kind.AMOUNT, Kind.QUANTITY, Kind.RATE}
DATES = {Kind.DATE, Kind.DATETIME}
INVOICE = DESCRIBED["supplier_invoice"]
ORDER = DESCRIBED["purchase_order"]


@pytest.fixture(scope="session")
def dtos() -> dict[str, Any]:
    if not CONTRACT.exists():
        pytest.skip("Visma's field list is not on this machine")
    found: dict[str, Any] = json.loads(CONTRACT.read_text())["dtos"]
    return found


def published(dtos: dict[str, Any], entity: Entity, path: str) -> dict[str, Any]:
    """What Visma publishes about a path; {} when there is no such field."""
    beside = BESIDE.get(entity.name, {})
    node: dict[str, Any] = {"fields": {**dtos[DTOS[entity.name]], **beside}}
    for step in path.split("."):
        if step.isdigit():
            node = node.get("items", {})
            continue
        node = fields_of(dtos, node).get(step, {})
    return node


def fields_of(dtos: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = node.get("fields") or dtos.get(node.get("dto", ""), {})
    return found


def kinds_for(node: dict[str, Any]) -> set[Kind]:
    if node.get("enum"):
        return {Kind.CHOICE}
    if node.get("type") == "string":
        texts = set(Kind) - NUMBERS - DATES - {Kind.INTEGER, Kind.BOOLEAN}
        return DATES if node.get("format") == "date-time" else texts
    return {"number": NUMBERS, "integer": {Kind.INTEGER}, "boolean": {Kind.BOOLEAN}}.get(
        str(node.get("type")), set()
    )


def every_field(entity: Entity) -> list[Field]:
    lines = entity.lines
    own = [entity.field(f"{lines.path}.0.{each.path}") for each in lines.fields] if lines else []
    return [*entity.fields, *(each for each in own if each is not None)]


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_every_path_is_published_by_visma_with_a_type_of_its_kind(
    entity: Entity, dtos: dict[str, Any]
) -> None:
    plain = [each for each in every_field(entity) if not each.compute and each.path != VISMA_KEY]

    wrong = {
        each.path: published(dtos, entity, each.path).get("type")
        for each in plain
        if each.kind not in kinds_for(published(dtos, entity, each.path))
    }

    assert wrong == {}


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_every_path_a_computed_field_reads_is_published(
    entity: Entity, dtos: dict[str, Any]
) -> None:
    computed = [each for each in entity.fields if each.compute]

    unknown = [
        path for each in computed for path in each.reads if not published(dtos, entity, path)
    ]

    assert computed == [] or all(each.reads for each in computed)
    assert unknown == []


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_every_unit_is_the_company_or_a_published_path(
    entity: Entity, dtos: dict[str, Any]
) -> None:
    prefix = f"{entity.lines.path}.0." if entity.lines else ""
    units = {each.unit for each in every_field(entity)} - {"", COMPANY_CURRENCY}

    unknown = [
        unit
        for unit in units
        if not published(dtos, entity, unit) and not published(dtos, entity, prefix + unit)
    ]

    assert unknown == []


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_known_choices_are_exactly_the_published_ones(entity: Entity, dtos: dict[str, Any]) -> None:
    named = [each for each in entity.fields if each.choices and not each.compute]

    differing = [
        each.path
        for each in named
        if set(each.choices) != set(published(dtos, entity, each.path).get("enum", ()))
    ]

    assert differing == []


def test_what_is_on_offer_is_described_and_can_be_read() -> None:
    assert ENTITIES.items() <= DESCRIBED.items()
    assert set(ENTITIES) <= set(RESOURCES)


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_every_path_and_label_stands_once(entity: Entity) -> None:
    paths, labels = ([each.path for each in entity.fields], [each.label for each in entity.fields])

    assert len(set(paths)) == len(paths)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_the_paths_that_show_a_record_are_fields_of_it(entity: Entity) -> None:
    shown = [
        entity.number,
        entity.party,
        entity.number_of_party,
        entity.amount,
        entity.currency,
        entity.status,
        entity.date,
        entity.document_type,
        entity.branch,
    ]

    assert entity.number
    assert [path for path in shown if path and entity.field(path) is None] == []


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
def test_an_empty_payload_breaks_no_field(entity: Entity) -> None:
    empty = {path.split(".")[0]: None for path in entity.by_path}

    values = [value(payload, each) for each in every_field(entity) for payload in ({}, empty)]

    assert set(values) <= {None, 0}  # 0: the number of lines


def field(kind: Kind, path: str = "x") -> Field:
    return Field(path, "Sample", kind)


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        (Decimal("1234.7700"), Kind.AMOUNT, Decimal("1234.7700")),
        (5, Kind.AMOUNT, Decimal(5)),
        (0.1, Kind.AMOUNT, Decimal("0.1")),
        ("12.50", Kind.AMOUNT, Decimal("12.50")),
        (10**18, Kind.QUANTITY, Decimal(10) ** 18),
        ("2026-07-14T00:00:00", Kind.DATE, date(2026, 7, 14)),
        ("2026-07-14T23:59:59.9+14:00", Kind.DATE, date(2026, 7, 14)),
        ("2026-03-29T02:30:00", Kind.DATETIME, datetime(2026, 3, 29, 2, 30)),  # noqa: DTZ001
        ("2026-07-15T08:11:02.3", Kind.DATETIME, datetime(2026, 7, 15, 8, 11, 2, 300000)),  # noqa: DTZ001
        ("0001-01-01T00:00:00", Kind.DATE, None),
        ("", Kind.DATE, None),
        ("  Nordlys  ", Kind.TEXT, "Nordlys"),
        ("   ", Kind.TEXT, None),
        (Decimal("12"), Kind.CODE, "12"),
        (True, Kind.BOOLEAN, True),
        ("False", Kind.BOOLEAN, False),
        (Decimal("7"), Kind.INTEGER, 7),
        ("BrandNewStatus", Kind.CHOICE, "BrandNewStatus"),
        ({"value": "wrapped"}, Kind.TEXT, "wrapped"),
    ],
)
def test_a_value_is_typed_exactly_and_without_a_zone(
    raw: object, kind: Kind, expected: object
) -> None:
    found = value({"x": raw}, field(kind))

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (Decimal("NaN"), Kind.AMOUNT),
        (Decimal("Infinity"), Kind.AMOUNT),
        (Decimal("1e999999999"), Kind.AMOUNT),
        (Decimal("1e-999999999"), Kind.CODE),
        pytest.param(10**5000, Kind.AMOUNT, id="longer than Python prints"),
        ("9" * 5000, Kind.AMOUNT),
        (float("nan"), Kind.AMOUNT),
        ("1 234,50", Kind.AMOUNT),
        (True, Kind.AMOUNT),
        (Decimal("1.5"), Kind.INTEGER),
        ("2026-02-30T00:00:00", Kind.DATE),
        ("14.07.2026", Kind.DATE),
        (20260714, Kind.DATE),
        ("maybe", Kind.BOOLEAN),
        ([1, 2], Kind.TEXT),
    ],
)
def test_what_is_not_of_the_kind_is_refused_with_words(raw: object, kind: Kind) -> None:
    with pytest.raises(ValueProblem, match="Visma sent"):
        value({"x": raw}, field(kind))


def test_a_path_leads_through_lines_by_position_and_attributes_by_id() -> None:
    supplier = DESCRIBED["supplier"]
    payload = {"attributes": [{"id": "SEGMENT", "value": "Retail"}]}
    segment, line = supplier.field("attributes.SEGMENT"), INVOICE.field("invoiceLines.1.cost")

    assert segment is not None
    assert value(payload, segment) == "Retail"
    assert line is not None
    assert value({"invoiceLines": [{}, {"cost": Decimal("2.5")}]}, line) == Decimal("2.5")


def test_a_path_nobody_publishes_is_no_field() -> None:
    asked = ["", "nothing", "supplier", "invoiceLines.x.cost", "invoiceLines.0.nothing"]

    assert [INVOICE.field(path) for path in asked] == [None] * 5


SWEDISH = {
    "currencyId": "SEK",
    "detailTotal": Decimal("387.03"),
    "detailTotalInCurrency": Decimal("399.0"),
    "vatTotal": Decimal("96.76"),
    "vatTotalInCurrency": Decimal("99.75"),
    "amount": Decimal("483.79"),
}


def total_of(payload: dict[str, Any]) -> object:
    found = INVOICE.field("amount_in_currency")
    assert found is not None
    return value(payload, found)


def test_a_foreign_total_is_added_up_from_its_parts() -> None:
    assert total_of(SWEDISH) == Decimal("498.75")


def test_a_foreign_total_with_vat_inside_the_prices_counts_vat_once() -> None:
    gross = {**SWEDISH, "amount": SWEDISH["detailTotal"]}

    assert total_of(gross) == Decimal("399.0")


def test_a_foreign_total_that_cannot_be_proven_stays_empty() -> None:
    assert total_of({**SWEDISH, "amount": Decimal("483.80")}) is None


@pytest.mark.parametrize("part", ["detailTotalInCurrency", "vatTotalInCurrency"])
def test_a_foreign_total_with_a_part_that_was_not_told_stays_empty(part: str) -> None:
    untold = {name: amount for name, amount in SWEDISH.items() if name != part}

    assert total_of(untold) is None


def test_a_domestic_total_is_the_amount_itself() -> None:
    home = {**SWEDISH, "detailTotalInCurrency": SWEDISH["detailTotal"], "amount": Decimal("1")}

    assert total_of(home) == Decimal("1")


def test_an_order_is_received_once_every_line_that_was_not_cancelled_is_completed() -> None:
    received = ORDER.field("received")
    assert received is not None
    done, open_, cancelled = (
        {"completed": True},
        {"completed": False},
        {"completed": False, "canceled": True},
    )

    assert value({"lines": [done, cancelled]}, received) is True
    assert value({"lines": [done, open_]}, received) is False
    assert value({"lines": [cancelled]}, received) is None


def test_a_sum_over_lines_keeps_every_digit() -> None:
    ordered = ORDER.field("ordered_quantity")
    assert ordered is not None
    large, small = Decimal("98765432109876543210987654321.1"), Decimal("0.00000000001")

    found = value({"lines": [{"orderQty": large}, {"orderQty": small}]}, ordered)

    assert str(found) == "98765432109876543210987654321.10000000001"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("entity", DESCRIBED.values(), ids=lambda each: each.name)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_whatever_visma_sends_is_read_or_refused_never_worse(
    entity: Entity, data: st.DataObject
) -> None:
    names = {
        name
        for each in entity.fields
        for path in (each.path, *each.reads)
        for name in path.split(".")
    }
    inner = st.dictionaries(st.sampled_from(sorted(names)), ANYTHING, max_size=6)
    node = ANYTHING | inner | st.lists(inner, max_size=2)
    payload = data.draw(st.dictionaries(st.sampled_from(sorted(names)), node, max_size=12))

    for each in every_field(entity):
        with suppress(ValueProblem):
            value(payload, each)

    assert every_field(entity)


def test_lines_are_summed_up_in_words_with_exact_digits() -> None:
    summary = ORDER.field("lines_summary")
    assert summary is not None
    line = {
        "orderQty": Decimal("30.00"),
        "uom": "STK",
        "inventory": {"number": "MACBL661"},
        "lineDescription": "Stol, blå",
        "extCost": Decimal("600.50"),
    }

    assert value({"lines": [line, {"lineDescription": "Frakt"}]}, summary) == (
        "30 STK MACBL661 Stol, blå: 600.5\nFrakt"
    )


def test_a_quantity_that_reads_like_the_item_stands_beside_it() -> None:
    summary = ORDER.field("lines_summary")
    assert summary is not None
    line = {"orderQty": 10, "uom": "STK", "inventory": {"number": "10"}, "lineDescription": "10"}

    assert value({"lines": [line]}, summary) == "10 STK 10"


def test_a_line_of_the_journal_whose_account_is_no_text_is_told_as_it_came() -> None:
    summary = DESCRIBED["journal_transaction"].field("lines_summary")
    assert summary is not None
    line = {"accountNumber": [1920], "transactionDescription": "Bank", "debitAmountInCurrency": 5}

    assert value({"journalTransactionLines": [line]}, summary) == "[1920] Bank: 5"

"""Records as names and cells: what waits, what is refused, and what is always there."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.columns import Column
from mappings.render import Pair, Rendered, Rules, compile_rules, render, visma_key

PAYLOAD: dict[str, Any] = {
    "referenceNumber": "205717",
    "documentType": "Invoice",
    "supplier": {"number": "50606", "name": "DHL Freight"},
    "date": "2026-07-14T00:00:00",
    "status": "Open",
    "balance": Decimal("483.7900"),
    "description": None,
}
COLUMNS = {
    each.id: each
    for each in (
        Column("key", "Visma key", "text"),
        Column("who", "Supplier", "text"),
        Column("when", "Date", "date"),
        Column("left", "Balance", "numbers"),
        Column("state", "Status", "status", {"labels": [{"id": 1, "label": "Open"}]}),
        Column("sum", "Formula", "formula"),
        Column("tel", "Phone", "phone"),
    )
}


def rendered(*pairs: Pair, payload: dict[str, Any] = PAYLOAD, **rules: Any) -> Rendered:
    defaults: dict[str, Any] = {
        "entity": "supplier_invoice",
        "item_name": "{referenceNumber} {supplier.name}",
        "company_id": "4021",
    }
    return render(payload, "Invoice:205717", Rules(pairs=pairs, **defaults | rules), COLUMNS)


def test_a_record_becomes_a_name_and_cells_with_its_key() -> None:
    found = rendered(
        Pair("supplier.name", "who", "upper"),
        Pair("date", "when"),
        Pair("balance", "left", "negate"),
        Pair("status", "state"),
        key_column="key",
    )

    assert found == Rendered(
        "205717 DHL Freight",
        {
            "key": "4021:supplier_invoice:Invoice:205717",
            "who": "DHL FREIGHT",
            "when": {"date": "2026-07-14"},
            "left": "-483.7900",
            "state": {"label": "Open"},
        },
    )


def test_an_empty_value_clears_its_column() -> None:
    assert rendered(Pair("description", "who")).cells == {"who": None}


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (Pair("date", "gone"), "column_missing"),
        (Pair("nothing", "who"), "field_unknown"),
        (Pair("date", "when", "nonsense"), "transform_unknown"),
        (Pair("date", "when", "negate"), "transform_unfit"),
        (Pair("date", "left"), "column_type"),
        (Pair("date", "sum"), "column_type"),
    ],
)
def test_a_broken_pair_parks_its_own_field_and_nothing_else(pair: Pair, code: str) -> None:
    found = rendered(pair, Pair("supplier.name", "who" if pair.column_id != "who" else "key"))

    assert [(each.code, each.field) for each in found.parked] == [(code, pair.field)]
    assert found.problems == ()
    assert list(found.cells.values()) == ["DHL Freight"]


def test_a_lost_key_column_is_told_apart_from_a_lost_column() -> None:
    found = rendered(Pair("supplier.name", "who"), key_column="gone")

    assert [each.code for each in found.parked] == ["key_column_missing"]


def test_two_pairs_for_one_column_park_the_second() -> None:
    found = rendered(Pair("supplier.name", "who"), Pair("supplier.number", "who"))

    assert found.cells == {"who": "DHL Freight"}
    assert [each.code for each in found.parked] == ["column_twice"]


@pytest.mark.parametrize(
    ("change", "pair", "code"),
    [
        ({"status": "Brand new"}, Pair("status", "state"), "label_missing"),
        ({"balance": Decimal("NaN")}, Pair("balance", "left"), "value_unreadable"),
        ({"date": "soon"}, Pair("date", "when"), "value_unreadable"),
        ({}, Pair("supplier.name", "left", "number"), "transform_unfit"),
    ],
)
def test_a_bad_value_keeps_the_record_back_and_names_field_and_column(
    change: dict[str, Any], pair: Pair, code: str
) -> None:
    found = rendered(pair, payload={**PAYLOAD, **change})

    assert [(each.code, each.field, each.column_id) for each in found.problems] == [
        (code, pair.field, pair.column_id)
    ]
    assert found.problems[0].remedy


def test_an_unknown_status_may_create_its_label() -> None:
    found = rendered(
        Pair("status", "state"), payload={**PAYLOAD, "status": "Brand new"}, create_labels=True
    )

    assert found.cells == {"state": {"label": "Brand new"}}


def test_a_phone_number_takes_the_country_beside_it() -> None:
    payload = {
        "number": "1",
        "mainAddress": {"country": {"id": "SE"}},
        "mainContact": {"phone1": "08-123 456 78"},
    }
    rules = Rules("supplier", "", (Pair("mainContact.phone1", "tel"),))

    found = render(payload, "1", rules, COLUMNS)

    assert found.cells["tel"] == {"phone": "+46812345678", "countryShortName": "SE"}


# --- names ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("", "205717 DHL Freight"),
        ("{supplier.name}", "DHL Freight"),
        ("{description} {referenceNumber}", "205717"),
        ("Invoice {key}", "Invoice Invoice:205717"),
        ("{visma_key}", "4021:supplier_invoice:Invoice:205717"),
        ("{description}", "Invoice:205717"),
        ("{date} {balance}", "2026-07-14 483.7900"),
        ("fixed", "fixed"),
        ("{}{", "{}{"),
    ],
)
def test_a_name_comes_from_its_template_and_is_never_empty(template: str, name: str) -> None:
    assert rendered(item_name=template).name == name


def test_a_template_that_asks_for_no_field_is_parked_in_words() -> None:
    found = rendered(item_name="{referenceNumber} {nothing}")

    assert found.name == "205717"
    assert [(each.code, each.field) for each in found.parked] == [("name_field_unknown", "nothing")]


@pytest.mark.parametrize("template", ["{referenceNumber", "referenceNumber}", "No {} {date}"])
def test_a_brace_that_stands_around_no_field_is_parked_in_words(template: str) -> None:
    found = rendered(item_name=template)

    assert [each.code for each in found.parked] == ["name_brace_alone"]


def test_a_pair_for_the_name_column_names_the_item() -> None:
    found = rendered(Pair("supplier.name", "name"))

    assert (found.name, found.cells) == ("DHL Freight", {})


@given(st.text(max_size=700))
def test_any_text_gives_a_name_that_monday_takes(text: str) -> None:
    name = rendered(payload={**PAYLOAD, "referenceNumber": text}).name

    assert 1 <= len(name) <= 255
    assert name == " ".join(name.split())
    name.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=5,
    )
)
def test_whatever_visma_sends_under_a_path_is_rendered_or_reported(value: Any) -> None:
    paths = ["supplier.name", "date", "balance", "status", "invoiceLines.0.poNumber"]
    roots = {path.split(".")[0]: value for path in paths}
    pairs = [
        Pair(path, column)
        for path, column in zip(paths, ("who", "when", "left", "state", "key"), strict=True)
    ]

    found = rendered(*pairs, payload=roots)

    assert found.name
    assert len(found.cells) + len(found.problems) == len(pairs)


def test_rendering_twice_gives_the_same() -> None:
    rules = Rules("supplier_invoice", "", (Pair("status", "state"), Pair("date", "when")))
    renderer = compile_rules(rules, COLUMNS)

    assert renderer(PAYLOAD, "Invoice:205717") == renderer(PAYLOAD, "Invoice:205717")


def test_the_key_tells_companies_and_kinds_apart() -> None:
    keys = {
        visma_key("4021", "supplier_invoice", "Invoice:1"),
        visma_key("4022", "supplier_invoice", "Invoice:1"),
        visma_key("4021", "purchase_order", "Invoice:1"),
    }

    assert len(keys) == 3


@pytest.mark.parametrize("key", ["Re\u0301f:1", " 1\x00", "a  b"])
def test_a_key_stands_on_the_board_exactly_as_it_is_looked_up(key: str) -> None:
    found = render(PAYLOAD, key, Rules("supplier_invoice", "", (), "key", "4021"), COLUMNS)

    assert found.cells["key"] == visma_key("4021", "supplier_invoice", key)


def test_an_entity_nobody_knows_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError, match="unicorn"):
        compile_rules(Rules("unicorn", "", ()), COLUMNS)

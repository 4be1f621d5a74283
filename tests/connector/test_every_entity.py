"""Every entity from Visma to its ready-made board, compared with Visma's records by hand."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.activate import activate, apply_draft
from connector.sync.ready_boards import complete_board, create_ready_board
from mappings.catalog import ENTITIES
from mappings.models import BoardMapping
from mappings.readymade import READY
from tests.faults.clocks import one_clock
from tests.world import Connections

from .by_hand import AGEING, CHECKED, Row
from .shown import cells_by_key

# More of each, where the company as seeded has fewer than 300.
GROWN: dict[str, dict[str, int]] = {
    "supplier_invoice": {"invoices": 150},
    "purchase_order": {"orders": 250},
    "purchase_receipt": {"orders": 480},
    "supplier": {"suppliers": 270},
    "customer": {"customers": 220},
    "customer_invoice": {"customer_documents": 120},
    "customer_document": {},
    "employee": {"employees": 280},
    "gl_account": {"accounts": 170},
    "subaccount": {"subaccounts": 290},
    "dimension_value": {"dimension_values": 290},
    "journal_transaction": {},
    "gl_entry": {},
}
# The journal has thousands of lines; what was typed by hand has the long batches.
FILTERS: dict[str, dict[str, Any]] = {"gl_entry": {"document_type": ["ModuleGL"]}}


def rows_of(sandbox: SandboxServer, entity: str) -> dict[str, Row]:
    """Visma's records by the key that stands on the board, without its company and entity."""
    tables = sandbox.visma.company.tables
    if entity == "dimension_value":
        return dict(_values(tables["dimension"].rows()))
    if entity == "gl_entry":
        return dict(_lines(tables["journal"].rows()))
    table, names = {
        "supplier_invoice": ("supplier_invoice", ("documentType", "referenceNumber")),
        "purchase_order": ("purchase_order", ("orderType", "orderNbr")),
        "purchase_receipt": ("purchase_receipt", ("receiptType", "receiptNbr")),
        "supplier": ("supplier", ("number",)),
        "customer": ("customer", ("number",)),
        "customer_document": ("customer_document", ("documentType", "referenceNumber")),
        "customer_invoice": ("customer_document", ("documentType", "referenceNumber")),
        "employee": ("employee", ("employeeNumber",)),
        "gl_account": ("account", ("accountCD",)),
        "subaccount": ("subaccount", ("subaccountNumber",)),
        "journal_transaction": ("journal", ("module", "batchNumber")),
    }[entity]
    found = {":".join(row[name] for name in names): row for row in tables[table].rows()}
    if entity != "customer_invoice":
        return found
    return {key: row for key, row in found.items() if row["documentType"] == "Invoice"}


def _lines(batches: Iterator[Row]) -> Iterator[tuple[str, Row]]:
    for batch in batches:
        for line in batch["journalTransactionLines"] if batch["module"] == "ModuleGL" else ():
            key = f"{batch['module']}:{batch['batchNumber']}:{line['lineNumber']}"
            yield key, {**line, "batch": batch}


def _values(dimensions: Iterator[Row]) -> Iterator[tuple[str, Row]]:
    for dimension in dimensions:
        for segment in dimension["segments"]:
            for value in segment["segmentValues"]:
                key = f"{dimension['id']}:{segment['segmentId']}:{value['valueId']}"
                yield key, {**value, "dimension": dimension, "segment": segment}


def ready_mapping(
    connections: Connections,
    entity: str,
    *,
    filter: dict[str, Any] | None = None,
    attempt: str = "",
) -> BoardMapping:
    """As the wizard makes it: the board created in monday, every column paired, active."""
    ready = READY[entity]
    mapping = create_ready_board(
        connections.visma,
        connections.monday,
        ready,
        name=ready.name,
        kind="public",
        attempt=attempt or entity,
        by="kari@nordlys.example",
    )
    complete_board(mapping, ready, by="kari@nordlys.example")
    apply_draft(mapping, by="kari@nordlys.example")
    mapping.filter = filter or {}
    mapping.save(update_fields=["filter"])
    activate(mapping, by="kari@nordlys.example")
    return mapping


def told(value: Any) -> Any:
    """An empty cell and a box without its tick are both nothing; an amount of 0 is not."""
    return value if isinstance(value, int | Decimal) and value is not False else value or None


@pytest.mark.parametrize("entity", ENTITIES)
def test_300_records_reach_their_board_with_visma_s_values(
    connections: Connections, sandbox: SandboxServer, entity: str
) -> None:
    sandbox.visma.grow(**GROWN[entity])
    # Pages end in the middle of batches.
    sandbox.visma.company.quirks.page_caps["journal"] = 97
    mapping = ready_mapping(connections, entity, filter=FILTERS.get(entity, {}))

    with one_clock(sandbox):
        account = foreground.sync(connections.visma.tenant)
    rows, shown = rows_of(sandbox, entity), cells_by_key(sandbox, mapping)

    assert account.is_clean, account.problems or account.errors
    assert len(rows) >= 300
    assert shown.keys() == {f"4021:{entity}:{key}" for key in rows}
    for key, row in rows.items():
        cells = shown[f"4021:{entity}:{key}"]
        expected = {title: told(read(row)) for title, read in CHECKED[entity].items()}
        assert {title: told(cells.get(title)) for title in expected} == expected, key


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_column_of_a_ready_made_board_is_compared(entity: str) -> None:
    titles = {column.title for column in READY[entity].columns}

    assert {*CHECKED[entity], "Visma key"} - {"name"} == titles - AGEING


@pytest.mark.parametrize("entity", ["gl_account", "dimension_value"])
def test_what_visma_lists_whole_is_read_again_without_a_write(
    connections: Connections, sandbox: SandboxServer, entity: str
) -> None:
    ready_mapping(connections, entity)
    foreground.sync(connections.visma.tenant)

    again = foreground.sync(connections.visma.tenant)

    assert again.monday_calls == 0
    assert again.counts["read"] == again.counts["unchanged"]

"""Lines of every document from Visma to subitems, compared with Visma's records by hand."""

from typing import Any

import pytest

from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.line_boards import show_lines
from mappings.readymade import READY_LINES
from tests.faults.clocks import one_clock
from tests.world import Connections

from .by_hand import Row, against, day, path, text
from .shown import cells_by_key
from .test_every_entity import ready_mapping, rows_of, told

# Where a document has its lines, and what numbers one.
LINES = {
    "supplier_invoice": ("invoiceLines", "lineNumber"),
    "customer_invoice": ("invoiceLines", "lineNumber"),
    "purchase_order": ("lines", "lineNbr"),
}
# More of the one whose documents as seeded have fewer than 300 lines.
GROWN = {"purchase_order": {"orders": 10}}
CHECKED: dict[str, dict[str, Any]] = {
    "supplier_invoice": {
        "name": lambda row: f"{row['lineNumber']} {row['transactionDescription']}".strip(),
        "Line": path("lineNumber"),
        "Item no": path("inventoryNumber"),
        "Description": text("transactionDescription"),
        "Quantity": path("quantity"),
        "Unit": path("uom"),
        "Unit cost": path("unitCostInCurrency"),
        "Amount": against(path("costInCurrency")),
        "Currency": path("of.currencyId"),
        "Account": path("account.number"),
        "Purchase order": path("poNumber"),
    },
    "customer_invoice": {
        "name": lambda row: f"{row['lineNumber']} {row['description']}".strip(),
        "Line": path("lineNumber"),
        "Item no": path("inventoryNumber"),
        "Description": text("description"),
        "Quantity": path("quantity"),
        "Unit": path("uom"),
        "Unit price": path("unitPriceInCurrency"),
        "Amount": path("amountInCurrency"),
        "Currency": path("of.currencyId"),
        "Account": path("account.number"),
    },
    "purchase_order": {
        "name": lambda row: f"{row['lineNbr']} {row['lineDescription']}".strip(),
        "Line": path("lineNbr"),
        "Item no": path("inventory.number"),
        "Description": text("lineDescription"),
        "Ordered": path("orderQty"),
        "On receipts": path("qtyOnReceipts"),
        "Unit": path("uom"),
        "Unit cost": path("unitCost"),
        "Amount": path("extCost"),
        "Currency": path("of.currency"),
        "Promised": day("promised"),
        "Completed": path("completed"),
        "Cancelled": path("canceled"),
    },
}


def lines_in_visma(sandbox: SandboxServer, document: str) -> dict[str, Row]:
    lines, number = LINES[document]
    return {
        f"4021:{document}_line:{key}:{line[number]}": {
            "documentType": row.get("documentType"),
            **line,
            "of": row,
        }
        for key, row in rows_of(sandbox, document).items()
        for line in row[lines]
    }


@pytest.mark.django_db
@pytest.mark.parametrize("document", LINES)
def test_300_lines_reach_their_subitems_with_visma_s_values(
    connections: Connections, sandbox: SandboxServer, document: str
) -> None:
    sandbox.visma.grow(**GROWN.get(document, {}))
    mapping = show_lines(ready_mapping(connections, document), by="kari@nordlys.example")

    with one_clock(sandbox):
        account = foreground.sync(connections.visma.tenant)
    rows, shown = lines_in_visma(sandbox, document), cells_by_key(sandbox, mapping)

    assert account.is_clean, account.problems or account.errors
    assert len(rows) >= 300
    assert shown.keys() == rows.keys()
    for key, row in rows.items():
        expected = {title: told(read(row)) for title, read in CHECKED[document].items()}
        assert {title: told(shown[key].get(title)) for title in expected} == expected, key


@pytest.mark.parametrize("document", LINES)
def test_every_column_of_the_subitems_is_compared(document: str) -> None:
    titles = {column.title for column in READY_LINES[f"{document}_line"].columns}

    assert {*CHECKED[document], "Visma key"} - {"name"} == titles

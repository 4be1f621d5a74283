"""What a board must show of an invoice, worked out without any code of the product."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mappings.models import BoardMapping

Row = dict[str, Any]

# Of the pairings in tests/world.py: where the value stands in Visma's own record.
VALUES: dict[str, Callable[[Row], Any]] = {
    "referenceNumber": lambda row: row["referenceNumber"],
    "supplier.name": lambda row: row["supplier"]["name"],
    "date": lambda row: row["date"][:10],
    "dueDate": lambda row: row["dueDate"][:10],
    "amount_in_currency": lambda row: row["detailTotalInCurrency"] + row["vatTotalInCurrency"],
    "currencyId": lambda row: row["currencyId"],
    "balanceInCurrency": lambda row: row["balanceInCurrency"],
    "status": lambda row: row["status"],
    "supplierReference": lambda row: row["supplierReference"],
    "description": lambda row: row["description"],
}


def differences(row: Row, item: Any, board: Any, mapping: BoardMapping) -> list[str]:
    """Where the item does not show the record as it is in Visma now."""
    found = []
    if item.name != f"{row['referenceNumber']} {row['supplier']['name']}":
        found.append(f"its name is {item.name}")
    for pairing in mapping.pairings.all():
        column = board.columns.get(pairing.column_id)
        if column is None:
            continue
        wanted = _tidy(VALUES[pairing.field](row))
        if pairing.transform == "upper":
            wanted = wanted.upper()
        shown = read(item.cells.get(column.id), column)
        if shown != (wanted if wanted != "" else None):
            found.append(f"{column.title} shows {shown}, Visma says {wanted}")
    return found


def _tidy(value: Any) -> Any:
    """Text on a board is composed, and has no blank space around it."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def read(cell: Any, column: Any) -> Any:
    """A stored cell as a person reads it."""
    if cell is None or cell == "":
        return None
    match column.type:
        case "numbers":
            return Decimal(str(cell))
        case "date":
            return cell["date"]
        case "status":
            return _label(column, cell["index"])
        case "dropdown":
            return ", ".join(_label(column, number) for number in cell["ids"])
    return cell


def _label(column: Any, number: int) -> str:
    return str(next(each["label"] for each in column.settings["labels"] if each["id"] == number))


def is_wanted(row: Row, mapping: BoardMapping) -> bool:
    """Whether the mapping's filter lets the record through; schedules filter by status only."""
    return row["status"] in mapping.filter.get("status", [row["status"]])

"""What the sandbox's board shows, read from its stored cells and from nothing of ours."""

from decimal import Decimal
from typing import Any

from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping

Cells = dict[str, Any]


def cells_by_key(sandbox: SandboxServer, mapping: BoardMapping) -> dict[str, Cells]:
    """Visma key → cells by column title, of the active items; fails on a key twice."""
    board = sandbox.monday.account.boards[int(mapping.board_id)]
    titles = {column.id: column.title for column in board.columns.values()}
    found: dict[str, Cells] = {}
    for item in board.active_items():
        cells = {titles[column]: _plain(board, column, cell) for column, cell in item.cells.items()}
        key = cells.pop("Visma key")
        assert key not in found
        found[key] = {"name": item.name, **cells}
    return found


def _plain(board: Any, column_id: str, cell: Any) -> Any:
    """A stored cell as a person reads it."""
    column = board.columns[column_id]
    labels = {label["id"]: label["label"] for label in column.settings.get("labels", [])}
    if column.type == "status":
        return labels[cell["index"]]
    if column.type == "dropdown":
        return ", ".join(labels[number] for number in cell["ids"])
    if column.type == "date":
        return cell["date"]
    if column.type == "email":
        return cell["email"]
    if column.type == "country":
        return cell["countryCode"]
    if column.type == "checkbox":
        return cell["checked"]
    return Decimal(cell) if column.type == "numbers" else cell

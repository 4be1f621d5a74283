"""Boards and items as plain records, read from monday's answers."""

from dataclasses import dataclass, field
from typing import Any

from connector.errors import AskAPerson, Explanation


@dataclass(frozen=True)
class Board:
    """``columns``: id, title, type, settings of those not archived; ``groups``: id, title."""

    id: str
    name: str
    state: str
    url: str
    items_count: int | None
    items_limit: int | None
    permissions: str
    access_level: str  # "edit", or "view" where the token's user may only read
    columns: tuple[dict[str, Any], ...]
    groups: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Item:
    """``cells``: what monday reads back, by column id. ``state`` is active, archived, deleted."""

    id: str
    name: str
    state: str
    group_id: str
    updated_at: str
    cells: dict[str, dict[str, Any]] = field(repr=False)
    board_id: str = ""  # where it was asked for by its id

    def text(self, column_id: str) -> str:
        if column_id == "name":
            return self.name
        return str(self.cells.get(column_id, {}).get("text") or "")


def read_board(found: list[dict[str, Any]], board_id: str) -> Board:
    """AskAPerson(board) when it is gone; monday answers an unknown id with an empty list."""
    if not found or found[0].get("state") != "active":
        raise AskAPerson(_gone(board_id, found), "board")
    board = found[0]
    columns = [column for column in board["columns"] if not column.get("archived")]
    groups = [g for g in board["groups"] if not (g.get("archived") or g.get("deleted"))]
    return Board(
        id=str(board["id"]),
        name=board["name"],
        state=board["state"],
        url=board.get("url") or "",
        items_count=board.get("items_count"),
        items_limit=board.get("items_limit"),
        permissions=board.get("permissions") or "",
        access_level=board.get("access_level") or "",
        columns=tuple(read_column(column) for column in columns),
        groups=tuple({"id": str(group["id"]), "title": group["title"]} for group in groups),
    )


def read_column(column: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(column["id"]),
        "title": column["title"],
        "type": column["type"],
        "settings": column.get("settings") or {},
    }


def read_item(item: dict[str, Any]) -> Item:
    return Item(
        id=str(item["id"]),
        name=item["name"],
        state=item.get("state") or "active",
        group_id=str((item.get("group") or {}).get("id") or ""),
        updated_at=item.get("updated_at") or "",
        cells={str(cell["id"]): cell for cell in item["column_values"]},
        board_id=str((item.get("board") or {}).get("id") or ""),
    )


def read_items(page: dict[str, Any]) -> tuple[list[Item], str]:
    """The items of one page, and the cursor of the next; "" after the last."""
    return [read_item(item) for item in page["items"]], page.get("cursor") or ""


def first_page(found: list[dict[str, Any]], board_id: str) -> tuple[list[Item], str]:
    """The first items of a board; AskAPerson(board) when it is gone or archived."""
    if not found:
        raise AskAPerson(_gone(board_id, found), "board")
    return read_items(found[0]["items_page"])


def _gone(board_id: str, found: list[dict[str, Any]]) -> Explanation:
    state = found[0].get("state") if found else None
    name = f"“{found[0].get('name')}”" if found else board_id
    what = f"is {state} in monday.com" if state else "does not exist, or is not shown to our user"
    return Explanation(
        code="board_gone",
        happened=f"The board {name} {what}.",
        remedy="Restore the board in monday.com, or choose another board in the mapping.",
        fixer="you",
    )

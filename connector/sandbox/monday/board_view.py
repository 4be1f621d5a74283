"""What a board's address asks to see, and the plain parts of the page made from it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connector.sandbox.monday.colors import HEX, ink_on
from connector.sandbox.monday.kinds import KINDS
from connector.sandbox.monday.kinds.label_lists import usable
from connector.sandbox.monday.state import Board, Column
from connector.sandbox.wire import Request

PER_PAGE = 50  # items; fits one screen with a little scrolling
SHADES = ("#579bfc", "#a25ddc", "#00a86b", "#d97706", "#e2445c", "#66738c")
NEW_TYPES = ("text", "numbers", "date", "status", "dropdown", "long_text", "checkbox", "people")
NUMERIC = {"numbers", "rating"}


@dataclass(frozen=True)
class View:
    """What the address asks to see: words to find, a page, a state, a cell or column opened."""

    board: Board
    find: str
    page: int
    state: str
    cell: tuple[str, str]
    column: str

    def link(self, **changes: str | int) -> str:
        asked: dict[str, str | int] = {"find": self.find, "page": self.page, "state": self.state}
        kept = {name: value for name, value in (asked | changes).items() if value}
        return f"/boards/{self.board.id}/?{urlencode(kept)}"


def view_of(board: Board, request: Request) -> View:
    item, _, column = request.argument("cell").partition(".")
    page = request.argument("page", "1")
    state = request.argument("state", "active")
    return View(
        board,
        find=request.argument("find"),
        page=int(page) if page.isdigit() and int(page) else 1,
        state=state if state in ("active", "archived", "deleted") else "active",
        cell=(item, column),
        column=request.argument("column"),
    )


def header(column: Column, view: View) -> dict[str, Any]:
    known = KINDS[column.type]
    return {
        "title": column.title,
        "type": column.type,
        "number": column.type in NUMERIC,
        "link": "" if column.type == "name" else view.link(column=column.id),
        "computed": not known.writable,
    }


def choices(column: Column) -> list[dict[str, str]]:
    if column.type not in ("status", "dropdown"):
        return []
    return [{"text": row["label"], **paint(row)} for row in usable(column.settings)]


def paint(label: dict[str, Any]) -> dict[str, str]:
    """Dropdown options have no colour of their own."""
    shade = HEX.get(label.get("color", ""), "#66738c")
    return {"shade": shade, "ink": ink_on(shade)}


def page_links(view: View, total: int) -> list[tuple[str, str]]:
    """Numbers with links around the current page; the current one without."""
    last = max(1, -(-total // PER_PAGE))
    near = {1, last, *range(view.page - 2, view.page + 3)}
    numbers = sorted(number for number in near if 1 <= number <= last)
    return [(str(n), "" if n == view.page else view.link(page=n)) for n in numbers]

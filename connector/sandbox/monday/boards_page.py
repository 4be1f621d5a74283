"""The boards as people see them: a list, and each board as a table in coloured groups."""

from typing import Any
from urllib.parse import urlencode

from graphql import GraphQLError

from connector.sandbox.monday.board_view import (
    NEW_TYPES,
    NUMERIC,
    PER_PAGE,
    SHADES,
    View,
    choices,
    header,
    page_links,
    paint,
    view_of,
)
from connector.sandbox.monday.colors import HEX, ink_on
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.kinds.label_lists import label_by_id, labels_of
from connector.sandbox.monday.person import act
from connector.sandbox.monday.state import Account, Board, Column, Item
from connector.sandbox.pages import render
from connector.sandbox.wire import Request, Response, redirect


class BoardPages:
    """Answers ``/boards/`` and below; None for every other path."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def page(self, request: Request) -> Response | None:
        parts = request.path.strip("/").split("/")
        if parts[0] != "boards":
            return None
        with self.account.lock:
            if len(parts) == 1:
                return self._list(request)
            board = self.account.boards.get(int(parts[1]) if parts[1].isdigit() else 0)
            if board is None or board.state == "deleted":
                return render("missing.html", {"place": "boards"}, 404)
            if request.method == "POST":
                return self._act(board, request)
            return self._board(board, request)

    def _list(self, request: Request) -> Response:
        boards = [board for board in self.account.boards.values() if board.state != "deleted"]
        rows = [
            {
                "id": str(board.id),
                "name": board.name,
                "state": board.state,
                "items": str(sum(1 for _ in board.active_items())),
                "columns": str(len(board.columns) - 1),
            }
            for board in boards
        ]
        return render("boards.html", {"place": "boards", "boards": rows, **_said(request)})

    def _act(self, board: Board, request: Request) -> Response:
        given = {**request.form(), "board": str(board.id)}
        back = given.get("back", "")
        try:
            act(self.account, given)
            said = {"said": given.get("done", "Done.")}
        except (GraphQLError, KeyError, ValueError) as why:
            said = {"problem": getattr(why, "message", str(why))}
        if board.state == "deleted" or not back.startswith(f"/boards/{board.id}/"):
            return redirect(f"/boards/?{urlencode(said)}")
        joint = "&" if "?" in back else "?"
        return redirect(f"{back}{joint}{urlencode(said)}")

    def _board(self, board: Board, request: Request) -> Response:
        view = view_of(board, request)
        columns = [column for column in board.columns.values() if not column.archived]
        found = self._found(view)
        shown = found[(view.page - 1) * PER_PAGE : view.page * PER_PAGE]
        context = {
            "place": "boards",
            "board": {"id": str(board.id), "name": board.name, "state": board.state},
            "permissions": board.permissions,
            "columns": [header(column, view) for column in columns],
            "groups": self._groups(view, columns, shown),
            "all_groups": [g.title for g in board.groups.values() if not g.deleted],
            "total": str(len(found)),
            "pages": page_links(view, len(found)),
            "view": view,
            "opened": self._opened(view),
            "new_types": NEW_TYPES,
            "states": [(name, view.link(state=name, page=1)) for name in ("active", "archived")],
            "here": view.link(),
            **_said(request),
        }
        return render("board.html", context)

    def _found(self, view: View) -> list[Item]:
        items = [item for item in view.board.items.values() if item.state == view.state]
        words = view.find.casefold()
        if words:
            items = [item for item in items if words in self._words(view.board, item)]
        return sorted(items, key=lambda item: -item.id)

    def _words(self, board: Board, item: Item) -> str:
        texts = [item.name, str(item.id)]
        for column_id, cell in item.cells.items():
            column = board.columns[column_id]
            texts.append(kind_of(column.type).text(cell, column, self.account) or "")
        return "\n".join(texts).casefold()

    def _groups(self, view: View, columns: list[Column], shown: list[Item]) -> list[dict[str, Any]]:
        groups = []
        for number, group in enumerate(view.board.groups.values()):
            rows = [self._row(view, columns, item) for item in shown if item.group_id == group.id]
            shade = SHADES[number % len(SHADES)]
            groups.append({"title": group.title, "shade": shade, "rows": rows})
        return [group for group in groups if group["rows"]]

    def _row(self, view: View, columns: list[Column], item: Item) -> dict[str, Any]:
        cells = [self._cell(view, column, item) for column in columns]
        return {"id": str(item.id), "name": item.name, "state": item.state, "cells": cells}

    def _cell(self, view: View, column: Column, item: Item) -> dict[str, Any]:
        text, shade = self._shown(column, item)
        opened = view.cell == (str(item.id), column.id)
        kind = kind_of(column.type)
        return {
            "column": column.id,
            "text": text,
            "shade": shade,
            "ink": ink_on(shade) if shade else "",
            "type": column.type,
            "number": column.type in NUMERIC,
            "writable": kind.writable and view.state == "active",
            "open": opened,
            "choices": choices(column) if opened else [],
            "link": view.link(cell=f"{item.id}.{column.id}") + f"#{item.id}",
        }

    def _shown(self, column: Column, item: Item) -> tuple[str, str]:
        """Text and, for a status, its colour."""
        if column.type == "name":
            return item.name, ""
        cell = item.cells.get(column.id)
        if cell is None:
            return "", ""
        if column.type == "board_relation":
            fields = kind_of(column.type).fields(cell, column, self.account)
            return str(fields["display_value"]), ""
        label = label_by_id(column.settings, cell["index"]) if column.type == "status" else None
        text = kind_of(column.type).text(cell, column, self.account) or ""
        return text, HEX[label["color"]] if label else ""

    def _opened(self, view: View) -> dict[str, Any] | None:
        """The panel of one column: rename, retype, require, delete, labels."""
        column = view.board.columns.get(view.column)
        if column is None:
            return None
        labels = [
            {
                "text": label["label"],
                **paint(label),
                "off": bool(label.get("is_deactivated")),
            }
            for label in labels_of(column.settings)
        ]
        known = {"id": column.id, "title": column.title, "type": column.type, "labels": labels}
        return known | {
            "has_labels": column.type in ("status", "dropdown"),
            "required": column.id in view.board.required_columns,
            "other_types": [each for each in NEW_TYPES if each != column.type],
        }


def _said(request: Request) -> dict[str, str]:
    return {"said": request.argument("said"), "problem": request.argument("problem")}

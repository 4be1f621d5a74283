"""Applying rows: each is created, updates the item it matches, is skipped, or fails alone."""

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from connector.sandbox.monday import item_acts
from connector.sandbox.monday.bulk.cells import CLEAR, FORMATS
from connector.sandbox.monday.bulk.sheet import Row
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.paging import column_text, seen
from connector.sandbox.monday.problems import RefusedError
from connector.sandbox.monday.state import Account, Board, Item
from connector.sandbox.monday.writing import Draft, draft

MATCHABLE = {
    "email", "phone", "text", "name", "numbers", "link", "date", "long_text", "status",
}  # fmt: skip


@dataclass
class Task:
    """What to import where; ``match`` is a column id or empty, ``update`` is UPSERT."""

    board: Board
    group_id: str
    by: int
    match: str = ""
    update: bool = False


@dataclass
class Tally:
    """Counts as the API reports them, and one line of the report for each row."""

    submitted: int = 0
    invalid: int = 0
    skipped: int = 0
    created: int = 0
    updated: int = 0
    failed: int = 0
    report: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, row: Row, outcome: str, words: str = "") -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)
        self.report.append((row.line, outcome, words))

    def counts(self) -> dict[str, int]:
        names = ("submitted", "invalid", "skipped", "created", "updated", "failed")
        return {name: getattr(self, name) for name in names}


class Importer:
    """Holds which item has which match value; call ``apply`` under the account's lock."""

    def __init__(self, account: Account, task: Task, rows: list[Row]) -> None:
        self.account, self.task = account, task
        self.tally = Tally(submitted=len(rows))
        self._items = self._by_value() if task.match else {}
        self._last = {self._value(row): row.line for row in rows} if task.match else {}

    def apply(self, row: Row) -> None:
        if row.problem or not row.cells.get("name", "").strip():
            self.tally.add(row, "invalid", row.problem or "the name is empty")
        elif self._repeated(row):
            self.tally.add(row, "skipped", "a later row has the same match value")
        else:
            self._apply(row)

    def new_items(self, rows: list[Row]) -> int:
        """How many rows would create an item; for the capacity of the board."""
        return sum(1 for row in rows if self._value(row) not in self._items or not self._value(row))

    def _apply(self, row: Row) -> None:
        item = self._items.get(self._value(row)) if self._value(row) else None
        if item and not self.task.update:
            self.tally.add(row, "skipped", "the item exists")
            return
        try:
            written = self._draft(row)
            self._write(row, item, written)
        except (GraphQLError, RefusedError) as why:
            self.tally.add(row, "failed", str(why))

    def _write(self, row: Row, item: Item | None, written: Draft) -> None:
        board, by = self.task.board, self.task.by
        if item:
            item_acts.item_change(self.account, board, item, written, by=by)
            self.tally.add(row, "updated")
            return
        group = self.task.group_id
        made = item_acts.item_create(self.account, board, "", group_id=group, draft=written, by=by)
        self.tally.add(row, "created")
        if self.task.match and self._value(row):
            self._items[self._value(row)] = made

    def _draft(self, row: Row) -> Draft:
        values = {column_id: self._cell(column_id, text) for column_id, text in row.cells.items()}
        return draft(self.account, self.task.board, json.dumps(values))

    def _cell(self, column_id: str, text: str) -> Any:
        if text == CLEAR:
            return None
        column = self.task.board.columns[column_id]
        return FORMATS[column.type](text, column, self.account)

    def _repeated(self, row: Row) -> bool:
        value = self._value(row) if self.task.match else ""
        return bool(value) and self._last[value] != row.line

    def _value(self, row: Row) -> str:
        """The row's match value as the board would show it; ``""`` always means a new item."""
        text = row.cells.get(self.task.match, "") if self.task.match else ""
        if not text or text == CLEAR or self.task.match == "name":
            return "" if text == CLEAR else text
        column = self.task.board.columns[self.task.match]
        if column.type != "numbers":
            return text
        return kind_of("numbers").text(text, column, self.account) or ""

    def _by_value(self) -> dict[str, Item]:
        """As the search index sees the board; of several matches the latest created wins."""
        found: dict[str, Item] = {}
        now = self.account.clock.time()
        for item in self.task.board.items.values():
            view = seen(item, now)
            if view.present:
                found[column_text(self.account, self.task.board, view, self.task.match)] = item
        found.pop("", None)
        return found

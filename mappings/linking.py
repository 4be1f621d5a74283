"""Connect-boards cells: the items on another board that a record's values name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mappings.catalog import Field, Value
from mappings.catalog.references import values_of
from mappings.columns import Column
from mappings.columns.column import settings_of
from mappings.columns.plain import words
from mappings.problems import Problem, Refusal

COMING = "reference_coming"
MISSING = "reference_missing"


@dataclass
class LinkBook:
    """What another mapping has on its board, as far as somebody has looked.

    ``items``: item id by the value that names the record; ``names``: what people call these items.
    ``coming``: values whose item is on its way; ``absent``: why there is none, in words.
    """

    mapping: str
    board_id: str
    board: str
    noun: str
    items: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    coming: set[str] = field(default_factory=set)
    absent: dict[str, str] = field(default_factory=dict)

    def knows(self, value: str) -> bool:
        return value in self.items or value in self.coming or value in self.absent

    def forget(self) -> None:
        for each in (self.items, self.names, self.coming, self.absent):
            each.clear()


@dataclass(frozen=True)
class Linked:
    """A cell, and a note for each value that it cannot show.

    ``standing``: it may stand on the board already, but cannot be written.
    """

    cell: Any
    notes: tuple[Problem, ...] = ()
    standing: bool = False


Linker = Callable[[Value], Linked]


def linker(column: Column, source: Field, book: LinkBook) -> Linker:
    """Raises Refusal where the column cannot take items of that board."""
    _require_connected(column, book)
    takes_many = settings_of(column).get("allowMultipleItems", True)

    def link(value: Value) -> Linked:
        wanted = values_of(words(value)) if value is not None else ()
        found = [book.items[each] for each in wanted if each in book.items]
        notes = [_note(each, column, source, book) for each in wanted if each not in book.items]
        if len(found) > 1 and not takes_many:
            return Linked(None, (_too_many(len(found), column, source), *notes))
        # A connect-boards cell has no order of its own.
        return Linked({"item_ids": sorted(found)} if found else None, tuple(notes))

    return link


def names_of(cell: Any, book: LinkBook) -> str:
    """A cell in the words of the other board."""
    ids: Sequence[int] = cell["item_ids"] if cell else ()
    return ", ".join(book.names.get(each, f"item {each}") for each in ids)


def _require_connected(column: Column, book: LinkBook) -> None:
    if column.type != "board_relation":
        raise Refusal(
            "column_type",
            f"Column “{column.title}” does not connect boards.",
            "Under Pair fields, choose a connect-boards column for this link.",
        )
    boards = {str(each) for each in settings_of(column).get("boardIds") or ()}
    if book.board_id not in boards:
        raise Refusal(
            "board_not_connected",
            f"Column “{column.title}” is not connected to the board “{book.board}”.",
            f"In monday, open the settings of “{column.title}” and connect “{book.board}”.",
        )


def _note(value: str, column: Column, source: Field, book: LinkBook) -> Problem:
    """Never a reason to keep the record back: it goes out, and the link follows."""
    if value in book.absent:
        code, why = MISSING, book.absent[value]
    else:
        code = COMING if value in book.coming else MISSING
        why = f"{book.noun} {value} is not on the board “{book.board}” yet."
    return Problem(
        code=code,
        message=f"{why} The link in “{column.title}” follows as soon as it is there.",
        remedy=f"Look under {book.mapping} why it is missing there; everything else is delivered.",
        field=source.path,
        column_id=column.id,
    )


def _too_many(number: int, column: Column, source: Field) -> Problem:
    return Problem(
        code="one_item_only",
        message=f"{source.label} names {number} records, but column “{column.title}” takes one "
        "item, so it stays empty.",
        remedy=f"In monday, open the settings of “{column.title}” and allow several items.",
        field=source.path,
        column_id=column.id,
    )

"""Cells of columns whose labels are kept in step with records: labels by what a record names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mappings.catalog import Field, Value
from mappings.catalog.references import values_of
from mappings.columns import Column
from mappings.columns.plain import words
from mappings.label_upkeep import Kept
from mappings.linking import Linked, Linker
from mappings.problems import Problem, Refusal

LABELLED = ("status", "dropdown")


@dataclass
class LabelBook:
    """The labels of one column by the value that names their record."""

    noun: str
    labels: dict[str, Kept] = field(default_factory=dict)


def labeller(column: Column, source: Field, book: LabelBook) -> Linker:
    """By ids, so that a label that gets another text is no change of any item."""
    if column.type not in LABELLED:
        raise Refusal(
            "column_type",
            f"Column “{column.title}” has no labels.",
            "Under Pair fields, choose a status or dropdown column, or do not keep labels for it.",
        )

    def label(value: Value) -> Linked:
        wanted = values_of(words(value)) if value is not None else ()
        found = [book.labels[each] for each in wanted if each in book.labels]
        notes = [_missing(v, column, source, book) for v in wanted if v not in book.labels]
        off = [v for v in wanted if v in book.labels and not book.labels[v].active]
        notes += [_off(each, column, source, book) for each in off]
        # monday takes no label that is switched off, but leaves it where it stands.
        return Linked(_cell(column, found), tuple(notes), standing=bool(off))

    return label


def _cell(column: Column, found: list[Kept]) -> Any:
    if not found:
        return None
    return {"index": found[0].id} if column.type == "status" else {"ids": [k.id for k in found]}


def _missing(value: str, column: Column, source: Field, book: LabelBook) -> Problem:
    return Problem(
        "label_coming",
        f"Column “{column.title}” has no label for {book.noun} {value} yet. It follows as soon as "
        "the label is there.",
        "Look whether Visma has it, and whether the column has room for more labels.",
        source.path,
        column.id,
    )


def _off(value: str, column: Column, source: Field, book: LabelBook) -> Problem:
    return Problem(
        "label_off",
        f"{book.noun} {value} is closed or its label is switched off, so “{column.title}” cannot "
        "be set to it; where it stands already, it stays.",
        "In Visma, open it again, or book on another one.",
        source.path,
        column.id,
    )

"""Pairs made by name or by position: plain rules for people who do not want to be advised."""

from collections.abc import Sequence
from dataclasses import dataclass

from mappings.catalog import Entity, Field
from mappings.columns import WRITABLE, Column, fits
from mappings.render import Pair
from mappings.suggest.titles import flat


@dataclass(frozen=True)
class Match:
    """``notes``: in words, every column and field that got no pair, and why."""

    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()


def match_by_name(entity: Entity, columns: Sequence[Column]) -> Match:
    """Columns called exactly like a field; case, spaces and punctuation do not count."""
    by_name = {flat(name): each for each in entity.fields for name in (each.path, each.label)}
    pairs: dict[str, Pair] = {}
    notes: list[str] = []
    for column in _fillable(columns):
        field = by_name.get(flat(column.title))
        note = _unmatched(field, column, pairs)
        if note:
            notes.append(note)
        elif field is not None:
            pairs[field.path] = Pair(field.path, column.id)
    return Match(tuple(pairs.values()), tuple(notes))


def _unmatched(field: Field | None, column: Column, pairs: dict[str, Pair]) -> str:
    if field is None:
        return f"No field is called “{column.title}”."
    if field.path in pairs:
        return f"“{column.title}” stands twice on the board; the first one was taken."
    return _misfit(field, column)


def match_by_position(fields: Sequence[Field], columns: Sequence[Column]) -> Match:
    """The first field into the first column that can be filled, and so on.

    A pair that does not fit is left out and noted; it does not move the others.
    """
    places = _fillable(columns)
    together = list(zip(fields, places, strict=False))
    notes = [note for field, column in together if (note := _misfit(field, column))]
    pairs = tuple(Pair(f.path, c.id) for f, c in together if not _misfit(f, c))
    notes += [f"No column is left for {field.label}." for field in fields[len(places) :]]
    notes += [f"No field is left for “{column.title}”." for column in places[len(fields) :]]
    return Match(pairs, tuple(notes))


def _fillable(columns: Sequence[Column]) -> list[Column]:
    """Without the item's name, which has its template, and what monday fills by itself."""
    return [each for each in columns if each.type in WRITABLE and each.type != "name"]


def _misfit(field: Field, column: Column) -> str:
    fit = fits(field.kind, column)
    return "" if fit.ok else f"{field.label} cannot go into “{column.title}”: {fit.reason}."

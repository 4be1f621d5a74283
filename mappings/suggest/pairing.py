"""Chooses at most one field for each column and one column for each field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mappings.catalog import Entity, Payload
from mappings.columns import Column
from mappings.suggest.evidence import evidence
from mappings.suggest.scoring import said
from mappings.suggest.synonyms.others import DEFAULT_TITLES
from mappings.suggest.titles import fold

Level = Literal["high", "medium", "low", "none"]

HIGH, MEDIUM, LOW = 80, 62, 50  # below low nothing is suggested
NAMED = 25  # from here on a field may be named as runner-up


@dataclass(frozen=True)
class Candidate:
    """One field that may belong in a column."""

    field: str
    label: str
    strength: int
    reasons: tuple[str, ...]
    transform: str = ""

    @property
    def level(self) -> Level:
        return level_of(self.strength)


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for one column; ``chosen`` None where nothing fits.

    ``runner_up`` is the next best field, whoever has it. ``taken_by`` is the title of the column
    that got this column's own first choice, where one did.
    """

    column: Column
    chosen: Candidate | None
    runner_up: Candidate | None = None
    taken_by: str = ""
    reasons: tuple[str, ...] = ()


def level_of(strength: float) -> Level:
    if strength >= HIGH:
        return "high"
    if strength >= MEDIUM:
        return "medium"
    return "low" if strength >= LOW else "none"


def suggest(
    entity: Entity, columns: Sequence[Column], samples: Sequence[Payload] = ()
) -> list[Suggestion]:
    """One suggestion per column, in their order; the same input always gives the same.

    ``samples`` are payloads of a few records; with them, values that fit count too.
    """
    ranked = [candidates(entity, column, samples) for column in columns]
    chosen, taken = _assign(columns, ranked)
    return [
        _suggestion(column, ranked[position], chosen.get(position), taken.get(position, ""))
        for position, column in enumerate(columns)
    ]


def candidates(entity: Entity, column: Column, samples: Sequence[Payload] = ()) -> list[Candidate]:
    """Every field worth naming for one column, best first."""
    if column.type == "name" or fold(column.title).strip() in DEFAULT_TITLES:
        return []  # the item name has its template; a default title says nothing
    found = (_candidate(entity, path, column, samples) for path in entity.by_path)
    known = [each for each in found if each is not None and each.strength >= NAMED]
    return sorted(known, key=lambda each: -each.strength)


def _candidate(
    entity: Entity, path: str, column: Column, samples: Sequence[Payload]
) -> Candidate | None:
    field = entity.by_path[path]
    name = said(entity, field, column.title)
    if name.score < NAMED:
        return None
    more = evidence(field, column, samples)
    if more is None:
        return None
    strength = round(name.score * more.factor)
    return Candidate(path, field.label, strength, (name.reason, *more.reasons), more.transform)


def _assign(
    columns: Sequence[Column], ranked: Sequence[Sequence[Candidate]]
) -> tuple[dict[int, Candidate], dict[int, str]]:
    """Strongest pairs first. A column that loses its first choice takes another only if good."""
    pairs = sorted(
        (
            (each, position)
            for position, found in enumerate(ranked)
            for each in found
            if each.strength >= LOW
        ),
        key=lambda pair: (-pair[0].strength, pair[1]),
    )
    chosen: dict[int, Candidate] = {}
    owner: dict[str, str] = {}
    taken: dict[int, str] = {}
    for each, position in pairs:
        if position in chosen:
            continue
        if each.field in owner:
            taken.setdefault(position, owner[each.field])
        elif position not in taken or each.strength >= MEDIUM:
            chosen[position] = each
            owner[each.field] = columns[position].title
    return chosen, taken


def _suggestion(
    column: Column, ranked: Sequence[Candidate], chosen: Candidate | None, taken_by: str
) -> Suggestion:
    runner_up = next((each for each in ranked if each is not chosen), None)
    if chosen is not None:
        return Suggestion(column, chosen, runner_up, taken_by, chosen.reasons)
    reason = f"{ranked[0].label} fits column “{taken_by}” better" if taken_by else "nothing fits"
    return Suggestion(column, None, runner_up, taken_by, (reason,))

"""The decision about one record: pure; a run, a simulation and a preview all call it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.linking import COMING
from mappings.problems import Problem
from mappings.render import Rendered

Cells = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What the board was last made to show of a record.

    ``name`` and ``cells`` are empty where that is not known; then everything is written.
    ``doubtful``: columns of which only the cell is not known, because they were away meanwhile.
    """

    item_id: str | None = None
    name: str = ""
    cells: Mapping[str, Any] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Create:
    name: str
    cells: Cells
    parked: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Update:
    """Only what differs; ``name`` is None where it stays.

    ``left_out``: why the record does not pass the filter, where the item is marked with it.
    """

    item_id: str
    name: str | None
    cells: Cells
    wanted_name: str
    wanted_cells: Cells
    parked: tuple[Problem, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Archive:
    item_id: str
    reason: str


@dataclass(frozen=True)
class Unchanged:
    name: str
    cells: Cells
    parked: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Excluded:
    reason: str


@dataclass(frozen=True)
class Invalid:
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Held:
    """It can be created once the board has a key column again: nobody has to replay it."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Gone:
    """People took the item off the board, and the mapping's rule leaves that to them."""


@dataclass(frozen=True)
class Awaiting:
    """A new item waits for one that it links to, which is being put on its board."""

    note: Problem


Decision = Create | Update | Archive | Unchanged | Excluded | Invalid | Held | Gone


def decide(
    rendered: Rendered,
    shown: Shown,
    *,
    excluded: str = "",
    on_leave: str = "leave",
    mark: Mapping[str, Any] | None = None,
) -> Decision:
    """What has to happen so that the board shows ``rendered``.

    ``excluded`` is the reason why the mapping's filter leaves the record out, or empty; ``mark``
    the cells that say so on its item.
    """
    if excluded:
        return _leave(shown, excluded, on_leave, mark or {})
    if rendered.problems:
        return Invalid(rendered.problems)
    if shown.item_id is None:
        cells = {column: cell for column, cell in rendered.cells.items() if cell is not None}
        return Create(rendered.name, cells, rendered.parked)
    return _difference(rendered, shown, shown.item_id)


def awaiting(decision: Decision) -> Awaiting | None:
    """Only new items wait: a change of one that is there is shown at once, its link follows."""
    if not isinstance(decision, Create):
        return None
    return next((Awaiting(note) for note in decision.parked if note.code == COMING), None)


def _leave(shown: Shown, reason: str, on_leave: str, mark: Mapping[str, Any]) -> Decision:
    if shown.item_id is not None and on_leave == "archive":
        return Archive(shown.item_id, reason)
    cells = {column: cell for column, cell in mark.items() if cell != shown.cells.get(column)}
    if shown.item_id is not None and on_leave == "mark" and cells:
        wanted = {**shown.cells, **cells}
        return Update(shown.item_id, None, cells, shown.name, wanted, left_out=reason)
    return Excluded(reason)


def _difference(rendered: Rendered, shown: Shown, item_id: str) -> Decision:
    # Cells of parked columns stay as last delivered: their values wait for the column.
    kept = {
        p.column_id: shown.cells[p.column_id] for p in rendered.parked if p.column_id in shown.cells
    }
    standing = {
        column: cell if cell == shown.cells.get(column) else None
        for column, cell in rendered.standing.items()
    }
    new = {**rendered.cells, **standing}
    wanted = {**kept, **new}
    unknown = not shown.name
    cells = {
        column: cell
        for column, cell in new.items()
        if unknown or column in shown.doubtful or cell != shown.cells.get(column)
    }
    name = rendered.name if rendered.name != shown.name else None
    if name is None and not cells:
        return Unchanged(rendered.name, wanted, rendered.parked)
    return Update(item_id, name, cells, rendered.name, wanted, rendered.parked)

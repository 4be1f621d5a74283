"""Ready-made boards: which columns people get for each entity, and what fills them."""

from collections.abc import Iterator
from dataclasses import dataclass

from mappings.catalog import ENTITIES, LINES_OF, VISMA_KEY, Entity
from mappings.ready_columns import LINE_ROWS, ROWS
from mappings.transforms import parse

KEY_TITLE = "Visma key"
CURRENCIES = ("NOK", "SEK", "DKK", "EUR", "USD", "GBP")


@dataclass(frozen=True)
class ReadyColumn:
    """A column of a ready-made board with the field that fills it."""

    title: str
    type: str
    field: str
    transform: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadyBoard:
    """``group`` is what the board's first group is called; new items land there."""

    entity: str
    name: str
    group: str
    columns: tuple[ReadyColumn, ...]


def ready_board(entity: str) -> ReadyBoard | None:
    """The board on offer for an entity of the catalogue; None where there is none."""
    return READY.get(entity)


def _columns(entity: Entity, rows: Iterator[tuple[str, ...]]) -> Iterator[ReadyColumn]:
    for title, type_, field, *rest in rows:
        transform = rest[0] if rest else ""
        labels = _labels(entity, field, transform) if type_ in ("status", "dropdown") else ()
        yield ReadyColumn(title, type_, field, transform, labels)
    yield ReadyColumn(KEY_TITLE, "text", VISMA_KEY)


def _labels(entity: Entity, path: str, transform: str) -> tuple[str, ...]:
    """Every value known today, as the transform will write it."""
    field = entity.by_path[path]
    if field.label == "Currency":
        return CURRENCIES
    change = parse(transform)
    return tuple(dict.fromkeys(str(change(choice, {})) for choice in field.choices))


# What subitems show of lines; the board is monday's own, so it brings no name and no group.
READY_LINES: dict[str, ReadyBoard] = {
    name: ReadyBoard(name, "", "", tuple(_columns(LINES_OF[name].entity, iter(rows))))
    for name, rows in LINE_ROWS.items()
}
READY: dict[str, ReadyBoard] = {
    name: ReadyBoard(name, board, group, tuple(_columns(ENTITIES[name], iter(rows))))
    for name, (board, group, rows) in ROWS.items()
}

"""A record and a mapping's rules become an item's name and cells: pure, and compiled once."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from mappings import ageing
from mappings.catalog import VISMA_KEY, Entity, Field, Kind, Payload, Value, reader
from mappings.catalog import entity as entity_of
from mappings.catalog.references import values_of
from mappings.columns import Cell, Column, Encoder, clean, encoder, fits
from mappings.columns.plain import words
from mappings.label_books import LabelBook, labeller
from mappings.linking import LinkBook, Linker, linker
from mappings.marking import Marking, marking
from mappings.naming import ItemName
from mappings.problems import Problem, Refusal
from mappings.transforms import Pipeline, parse

OWN = 0  # stands for the mapping itself, whose column has the labels
# What can hold a key: text as it is, and the item's own name.
KEY_TYPES = ("text", "long_text", "name")


@dataclass(frozen=True)
class Pair:
    """One Visma field, the column that shows it, and what happens on the way.

    ``column_type``: the column's when it was paired; "" where that is not known.
    """

    field: str
    column_id: str
    transform: str = ""
    column_type: str = ""
    link: int | None = None  # the mapping whose items the value names
    labels: bool = False  # the column's labels are kept in step with the records it names


@dataclass(frozen=True)
class Rules:
    """What a mapping says about every record. ``entity`` is a name of the catalogue.

    ``item_name`` is a template such as ``{referenceNumber} {supplier.name}``; empty takes the
    entity's own. ``key_column`` may be empty: then no key is written. ``day`` is the tenant's, for
    what a record says only on a day; without it those fields stay empty. ``books``: what is on the
    boards of the mappings that pairs link to, filled by whoever renders.
    """

    entity: str
    item_name: str
    pairs: tuple[Pair, ...]
    key_column: str = ""
    company_id: str = ""
    create_labels: bool = False
    filter: Mapping[str, Any] = field(default_factory=dict, hash=False)
    day: date | None = None
    books: Mapping[int, LinkBook] = field(default_factory=dict, hash=False)
    label_books: Mapping[str, LabelBook] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Rendered:
    """``problems`` keep the whole record back; ``parked`` only the field they name.

    ``standing``: cells that may stay where they stand, but cannot be written.
    """

    name: str
    cells: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    parked: tuple[Problem, ...] = ()
    standing: Mapping[str, Any] = field(default_factory=dict, hash=False)


def visma_key(company_id: str, entity: str, key: str) -> str:
    """The text that tells this record from every other, exactly as it stands on a board."""
    return clean(f"{company_id}:{entity}:{key}")


def render(payload: Payload, key: str, rules: Rules, columns: Mapping[str, Column]) -> Rendered:
    """One record; for many, keep what `compile_rules` gives."""
    return compile_rules(rules, columns)(payload, key)


@dataclass(frozen=True)
class _Cell:
    """One pair made ready: where the value comes from and how it is written."""

    pair: Pair
    read: Callable[[Payload], Value]
    change: Pipeline
    encode: Encoder
    country: Callable[[Payload], Value] | None
    link: Linker | None = None

    def value(self, payload: Payload, full_key: str) -> Value:
        found = full_key if self.pair.field == VISMA_KEY else self.read(payload)
        return self.change(found, payload) if self.change.calls else found

    @cached_property
    def fill(self) -> Callable[[Payload, str], Cell]:
        """A record's cell; most pairs need no more than to be read and written."""
        read, encode, country = self.read, self.encode, self.country
        is_key = self.pair.field == VISMA_KEY
        if not (is_key or self.change.calls or country):
            return lambda payload, full_key: encode(read(payload), "")

        def fill(payload: Payload, full_key: str) -> Cell:
            where = country(payload) if country else None
            return encode(self.value(payload, full_key), words(where) if where else "")

        return fill


@dataclass(frozen=True)
class Renderer:
    """Rules and columns read once; call it for each record."""

    rules: Rules
    name: ItemName
    cells: tuple[_Cell, ...]
    parked: tuple[Problem, ...]
    marking: Marking | None = None

    def __call__(self, payload: Payload, key: str) -> Rendered:
        full_key = visma_key(self.rules.company_id, self.rules.entity, key)
        payload = _of_the_day(payload, self.rules)
        cells: dict[str, Any] = {}
        problems: list[Problem] = []
        parked = list(self.parked)
        standing: dict[str, Any] = {}
        if self.marking is not None:
            cells[self.marking.column_id] = None  # it passes the filter
        for cell in self.cells:
            try:
                if cell.link is None:
                    cells[cell.pair.column_id] = cell.fill(payload, full_key)
                else:
                    parked += _fill_linked(cell, cell.link, payload, full_key, cells, standing)
            except Refusal as refusal:
                problems.append(refusal.problem(cell.pair.field, cell.pair.column_id))
        name = cells.pop("name", None) or self.name(payload, key, full_key)
        return Rendered(name, cells, tuple(problems), tuple(parked), standing)

    def marked(self, reason: str) -> dict[str, Any]:
        """The cell of an item whose record is left out; {} where none can be written."""
        with suppress(Refusal):
            return self.marking.cells(reason) if self.marking else {}
        return {}

    def named(self, payload: Payload) -> dict[int, set[str]]:
        """What links and kept labels are made of: values by mapping, for labels by `OWN`."""
        found: dict[int, set[str]] = {}
        for cell in self.cells:
            target = OWN if cell.pair.labels else cell.pair.link
            if cell.link is None or target is None:
                continue
            with suppress(Refusal):  # a value that cannot be read names nothing
                text = words(cell.change(cell.read(payload), payload) or "")
                found.setdefault(target, set()).update(values_of(text))
        return found


def _of_the_day(payload: Payload, rules: Rules) -> Payload:
    if rules.day is None or rules.entity not in ageing.ENTITIES:
        return payload
    limits = ageing.limits_of(rules.filter)
    return {**payload, ageing.AGEING: ageing.aged(payload, rules.day, limits)}


def _fill_linked(
    cell: _Cell,
    link: Linker,
    payload: Payload,
    full_key: str,
    cells: dict[str, Any],
    standing: dict[str, Any],
) -> tuple[Problem, ...]:
    """Write one cell among the ``cells``, or those ``standing``; a note for what it cannot show."""
    linked = link(cell.value(payload, full_key))
    (standing if linked.standing else cells)[cell.pair.column_id] = linked.cell
    return linked.notes


# --- compiling ------------------------------------------------------------------------------
def compile_rules(rules: Rules, columns: Mapping[str, Column]) -> Renderer:
    """Raises KeyError for an entity that is not in the catalogue; nothing else."""
    entity = entity_of(rules.entity)
    cells: list[_Cell] = []
    parked: list[Problem] = []
    for pair in _all_pairs(rules):
        try:
            _once(pair, cells)
            cells.append(_cell(pair, entity, columns, rules))
        except Refusal as refusal:
            parked.append(refusal.problem(pair.field, pair.column_id))
    name = ItemName(entity, rules.item_name or entity.item_name)
    taken = {cell.pair.column_id for cell in cells}
    mark = marking(rules.filter, columns, taken, create_labels=rules.create_labels)
    return Renderer(rules, name, tuple(cells), (*parked, *name.unknown()), mark)


def _all_pairs(rules: Rules) -> tuple[Pair, ...]:
    """The key first, so that no other pair can take its column."""
    if not rules.key_column:
        return rules.pairs
    key = Pair(VISMA_KEY, rules.key_column)
    return (key, *(pair for pair in rules.pairs if pair != key))


def _once(pair: Pair, cells: list[_Cell]) -> None:
    taken = next((cell.pair for cell in cells if cell.pair.column_id == pair.column_id), None)
    if taken is not None:
        raise Refusal(
            "column_twice",
            f"Column “{pair.column_id}” is already filled from {taken.field}.",
            "Under Pair fields, give each column one field.",
        )


def _cell(pair: Pair, entity: Entity, columns: Mapping[str, Column], rules: Rules) -> _Cell:
    source = _source(pair, entity)
    column = _column(pair, columns)
    change = parse(pair.transform)
    fit = fits(change.kind_after(source.kind), column)
    if not fit.ok:
        raise Refusal(
            "column_type",
            f"{source.label} cannot be shown in column “{column.title}”: {fit.reason}.",
            "Under Pair fields, choose another column or a transform for this field.",
        )
    country = reader(Field(source.unit, source.unit, Kind.TEXT)) if _needs_country(source) else None
    write = encoder(column, create_labels=rules.create_labels)
    return _Cell(pair, reader(source), change, write, country, _link(pair, source, column, rules))


def _link(pair: Pair, source: Field, column: Column, rules: Rules) -> Linker | None:
    if pair.labels and column.id in rules.label_books:
        return labeller(column, source, rules.label_books[column.id])
    book = rules.books.get(pair.link) if pair.link is not None else None
    return linker(column, source, book) if book is not None else None


def _needs_country(source: Field) -> bool:
    return source.kind is Kind.PHONE and bool(source.unit)


def _source(pair: Pair, entity: Entity) -> Field:
    source = entity.field(pair.field)
    if source is None:
        raise Refusal(
            "field_unknown",
            f"{entity.plural} have no field “{pair.field}”.",
            "Under Pair fields, choose another field for this column.",
        )
    return source


def _column(pair: Pair, columns: Mapping[str, Column]) -> Column:
    column = columns.get(pair.column_id)
    if column is None and pair.column_id == "name":  # every board has it, even unlisted
        return Column("name", "Name", "name")
    if column is None and pair.field == VISMA_KEY:
        raise Refusal(
            "key_column_missing",
            f"The key column “{pair.column_id}” is no longer on the board.",
            "Restore it in monday from the board's recycle bin, or choose or create another key "
            "column under Pair fields.",
        )
    if column is not None and pair.field == VISMA_KEY and column.type not in KEY_TYPES:
        raise Refusal(
            "key_column_missing",
            f"The key column “{column.title}” is now a {column.type} column.",
            "Choose or create another key column under Pair fields.",
        )
    if column is None:
        raise Refusal(
            "column_missing",
            f"Column “{pair.column_id}” is no longer on the board.",
            "Under Pair fields, choose another column, or restore it in monday from the board's "
            "recycle bin.",
        )
    if pair.column_type not in ("", column.type):
        raise Refusal(
            "column_retyped",
            f"Column “{column.title}” was a {pair.column_type} column and is now a {column.type} "
            "column.",
            "Under Pair fields, confirm the pair or choose another column.",
        )
    return column

"""What a mapping says, as one value: a draft holds one, each version keeps one, two compare."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mappings import receiving
from mappings.catalog import known
from mappings.render import Pair, Rules
from mappings.transforms import TransformProblem, describe


@dataclass(frozen=True)
class Pairing:
    """One pair with its column as it was called when it was paired."""

    field: str
    column_id: str
    column_title: str = ""
    column_type: str = ""
    transform: str = ""
    link: int | None = None
    labels: bool = False

    @property
    def column(self) -> str:
        return self.column_title or self.column_id


@dataclass(frozen=True)
class Content:
    """Everything that decides what is written; the names are those of `BoardMapping`."""

    item_name: str = ""
    group_id: str = ""
    group_title: str = ""
    key_column: str = ""
    key_title: str = ""
    find_column: str = ""
    find_title: str = ""
    create_labels: bool = False
    filter: Mapping[str, Any] = field(default_factory=dict, hash=False)
    on_leave: str = "leave"
    on_gone: str = "restore"
    receive: Mapping[str, Any] = field(default_factory=dict, hash=False)
    # Titles of the columns that it names, for people; the rule itself names them by id.
    receive_titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    pairs: tuple[Pairing, ...] = ()

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Content:
        """From JSON; what an older version did not know takes its default."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        pairs = tuple(Pairing(**pair) for pair in known.pop("pairs", ()))
        return cls(**known, pairs=pairs)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    def fingerprint(self) -> str:
        """Alike as long as the same would be written."""
        said = json.dumps(self.dump(), sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    def pair_of(self, column_id: str) -> Pairing | None:
        return next((pair for pair in self.pairs if pair.column_id == column_id), None)

    def with_pair(self, pairing: Pairing) -> Content:
        """The column's pair replaced in its place, or added at the end."""
        if self.pair_of(pairing.column_id) is None:
            return replace(self, pairs=(*self.pairs, pairing))
        changed = (pairing if p.column_id == pairing.column_id else p for p in self.pairs)
        return replace(self, pairs=tuple(changed))

    def moved(self, old_id: str, pairing: Pairing) -> Content:
        """The pair of one column handed to another column, in its place."""
        rest = (p for p in self.pairs if p.column_id != pairing.column_id or p.column_id == old_id)
        return replace(self, pairs=tuple(pairing if p.column_id == old_id else p for p in rest))

    def without_pair(self, column_id: str) -> Content:
        return replace(self, pairs=tuple(p for p in self.pairs if p.column_id != column_id))

    def rules(self, entity: str, company_id: str) -> Rules:
        return Rules(
            entity=entity,
            item_name=self.item_name,
            pairs=tuple(
                Pair(p.field, p.column_id, p.transform, p.column_type, p.link, p.labels)
                for p in self.pairs
            ),
            key_column=self.key_column,
            company_id=company_id,
            create_labels=self.create_labels,
            filter=self.filter,
        )


# --- what changed -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Change:
    """One difference between two versions; "" stands for nothing."""

    what: str
    before: str
    after: str


# What is compared: (its title, what people read instead of an id).
PLAIN = {
    "item_name": ("Item name", "item_name"),
    "group_id": ("Group for new items", "group_title"),
    "key_column": ("Key column", "key_title"),
    "find_column": ("Items found by", "find_title"),
    "on_leave": ("When a record is left out later", "on_leave"),
    "on_gone": ("When people take an item away", "on_gone"),
}


def compare(old: Content, new: Content, entity: str) -> list[Change]:
    """What the newer says differently, for people; empty when both write the same."""
    return [*_settings(old, new), *_pairs(old, new, entity)]


def _settings(old: Content, new: Content) -> Iterator[Change]:
    for name, (title, shown) in PLAIN.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(title, getattr(old, shown) or before, getattr(new, shown) or after)
    if old.create_labels != new.create_labels:
        yield Change("Create missing labels", _yes(old.create_labels), _yes(new.create_labels))
    for title, left, right in (
        ("Filter", old.filter, new.filter),
        ("Receiving", _receiving(old), _receiving(new)),
    ):
        yield from (
            Change(f"{title}: {rule.replace('_', ' ')}", _words(left.get(rule)), _words(found))
            for rule, found in {**dict.fromkeys(left), **right}.items()
            if _words(left.get(rule)) != _words(found)
        )


def _receiving(content: Content) -> Mapping[str, str]:
    return receiving.in_words(content.receive, content.receive_titles)


def _pairs(old: Content, new: Content, entity: str) -> Iterator[Change]:
    for pair in new.pairs:
        before, after = _said(old.pair_of(pair.column_id), entity), _said(pair, entity)
        if before != after:
            yield Change(f"Column “{pair.column}”", before, after)
    for pair in old.pairs:
        if new.pair_of(pair.column_id) is None:
            yield Change(f"Column “{pair.column}”", _said(pair, entity), "")


def _said(pair: Pairing | None, entity: str) -> str:
    if pair is None:
        return ""
    described = known(entity)
    field = described.field(pair.field) if described else None
    label = field.label if field else pair.field
    if pair.link is not None:
        label = f"{label}, as a link to mapping {pair.link}"
    label = f"{label}, labels kept in step" if pair.labels else label
    return f"{label}, {_described(pair.transform)}" if pair.transform else label


def _described(transform: str) -> str:
    try:
        return describe(transform)
    except TransformProblem:
        return transform


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)

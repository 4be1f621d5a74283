"""Guarantee: what a board has to find an item again by, and what follows from that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.render import KEY_TYPES


@dataclass(frozen=True)
class Guarantee:
    """``level``: "key", "unique", "lost" or "none"; the last two promise the same."""

    level: str
    title: str
    words: str


KEY = Guarantee(
    "key",
    "Once, always",
    "Each item carries its record’s Visma key. After a lost answer the item is found by it, "
    "and nothing is created twice.",
)
UNIQUE = Guarantee(
    "unique",
    "Once, while values are unique",
    "After a lost answer an item is found by a column whose values are unique on the board. "
    "Where two items show one value, you are asked.",
)
NONE = Guarantee(
    "none",
    "Once, or you are asked",
    "The board has nothing to find an item by. After a lost answer of more than 25 minutes "
    "nothing is created again: the record waits under Needs attention for your decision.",
)


LOST = Guarantee(
    "lost",
    "Once, or you are asked",
    "The column that items are found by is not on the board any more, or is of another type. After "
    "a lost answer of more than 25 minutes nothing is created again: the record waits under Needs "
    "attention for your decision.",
)


def guarantee(key_column: str, find_column: str, columns: Iterable[Mapping[str, Any]]) -> Guarantee:
    """``columns``: of the board as it was last looked at; none where nobody has looked yet."""
    wanted = key_column or find_column
    types = {"name": "name"} | {column["id"]: column["type"] for column in columns}
    if not wanted:
        return NONE
    if len(types) > 1 and types.get(wanted) not in KEY_TYPES:
        return LOST
    return KEY if key_column else UNIQUE

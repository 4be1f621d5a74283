"""Guarantee: what a board has to find an item again by, and what follows from that."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guarantee:
    """``level``: "key", "unique" or "none", from the strongest down."""

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


def guarantee(key_column: str, find_column: str) -> Guarantee:
    if key_column:
        return KEY
    return UNIQUE if find_column else NONE

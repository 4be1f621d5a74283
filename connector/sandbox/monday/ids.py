"""Ids as monday gives them: numbers with gaps, column ids that say nothing about the title."""

import random
from collections.abc import Container
from dataclasses import dataclass, field

# First ids of a seeded account. Gaps follow, so nobody can guess the next one.
_FIRST = {"board": 1855_200_100, "item": 2750_300_100, "update": 4210_500_100, "webhook": 51_100}
_ALPHABET = "abcdefghijkmnpqrstuvwxyz0123456789"


@dataclass
class Ids:
    """``last`` is kept in the state file, so an id is never given twice."""

    seed: int
    last: dict[str, int] = field(default_factory=lambda: dict(_FIRST))

    def __post_init__(self) -> None:
        # The last numbers are part of the seed: a reloaded state does not repeat column ids.
        source = f"{self.seed}:{sorted(self.last.items())}"
        self._random = random.Random(source)  # noqa: S311 - not for secrecy

    def number(self, kind: str) -> int:
        self.last[kind] += self._random.randint(1, 37)
        return self.last[kind]

    def column(self, prefix: str, taken: Container[str]) -> str:
        """Such as ``text_mkv1a2b3``."""
        return self._free(f"{prefix}_mk", 6, taken)

    def group(self, taken: Container[str]) -> str:
        return self._free("group_mk", 6, taken)

    def _free(self, start: str, length: int, taken: Container[str]) -> str:
        while True:
            found = start + "".join(self._random.choices(_ALPHABET, k=length))
            if found not in taken:
                return found

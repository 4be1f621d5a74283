"""The company's records in memory: one table per entity, a very long tail made only when read."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
KeyOf = Callable[[Payload], str]


@dataclass(frozen=True)
class Since:
    """A lower or upper bound on the modification time, text in the form of ``stamps.written``."""

    moment: str
    condition: str  # > >= < <=

    def holds(self, modified: str) -> bool:
        if self.condition == ">":
            return modified > self.moment
        if self.condition == "<":
            return modified < self.moment
        return modified >= self.moment if self.condition == ">=" else modified <= self.moment


@dataclass(frozen=True)
class Tail:
    """Records 0 … count-1 as functions of their index, so that a hundred thousand cost nothing.

    ``modified`` never falls with the index.
    """

    count: int
    key: Callable[[int], str]
    index: Callable[[str], int | None]
    modified: Callable[[int], str]
    make: Callable[[int], Payload]

    def span(self, since: Since | None) -> range:
        if since is None:
            return range(self.count)
        bisect = bisect_left if since.condition in (">=", "<") else bisect_right
        cut = bisect(range(self.count), since.moment, key=self.modified)
        return range(cut, self.count) if since.condition.startswith(">") else range(cut)


class Table:
    """Keys compare without regard to case. Payloads are replaced, never changed in place."""

    def __init__(self, key_of: KeyOf, modified: str = "lastModifiedDateTime") -> None:
        self.key_of = key_of
        self.modified = modified
        self.tail: Tail | None = None
        self._rows: dict[str, Payload] = {}
        self._hidden: set[int] = set()  # of the tail: deleted, or replaced by a row
        self._order: list[str] = []

    def __len__(self) -> int:
        return len(self._rows) + (self.tail.count - len(self._hidden) if self.tail else 0)

    def get(self, key: str) -> Payload | None:
        found = self._rows.get(key.casefold())
        if found is None and self.tail:
            index = self.tail.index(key)
            if index is not None and index < self.tail.count and index not in self._hidden:
                return self.tail.make(index)
        return found

    def put(self, payload: Payload) -> None:
        key = self.key_of(payload).casefold()
        self._hide(key)
        if key not in self._rows:
            self._order.clear()
        self._rows[key] = payload

    def drop(self, key: str) -> None:
        self._hide(key)
        if self._rows.pop(key.casefold(), None) is not None:
            self._order.clear()

    def rows(self) -> Iterator[Payload]:
        """Every record, lowest key first; the tail comes last."""
        yield from self.stored()
        yield from self._made(range(self.tail.count) if self.tail else range(0))

    def stored(self) -> Iterator[Payload]:
        """The records that are not of the tail, lowest key first."""
        if not self._order:
            self._order = sorted(self._rows, key=_by_number)
        return (self._rows[key] for key in list(self._order))

    def page(
        self, keep: Callable[[Payload], bool] | None, since: Since | None, *, start: int, size: int
    ) -> tuple[list[Payload], int]:
        """``size`` of the fitting records from ``start`` on, and how many fit in all."""
        fitting: list[Payload | int] = [
            row
            for row in self.stored()
            if (since is None or since.holds(row[self.modified])) and (not keep or keep(row))
        ]
        fitting += self._fitting_tail(keep, since)
        return [self._payload(each) for each in fitting[start : start + size]], len(fitting)

    def dump(self) -> tuple[list[Payload], list[int]]:
        return list(self.stored()), sorted(self._hidden)

    def load(self, rows: list[Payload], hidden: list[int]) -> None:
        self._rows = {self.key_of(row).casefold(): row for row in rows}
        self._hidden = set(hidden)
        self._order = []

    def _fitting_tail(
        self, keep: Callable[[Payload], bool] | None, since: Since | None
    ) -> Iterator[Payload | int]:
        if self.tail is None:
            return iter(())
        span = self.tail.span(since)
        if keep:
            return (row for row in self._made(span) if keep(row))
        return (index for index in span if index not in self._hidden)

    def _made(self, span: range) -> Iterator[Payload]:
        tail = self.tail
        if tail:
            yield from (tail.make(index) for index in span if index not in self._hidden)

    def _payload(self, each: Payload | int) -> Payload:
        if isinstance(each, int):
            assert self.tail  # noqa: S101 - only a tail gives indices
            return self.tail.make(each)
        return each

    def _hide(self, key: str) -> None:
        index = self.tail.index(key) if self.tail else None
        if index is not None:
            self._hidden.add(index)


def _by_number(key: str) -> tuple[str, str]:
    """By the number, then by what stands before it: a credit note is between the invoices."""
    return key.rpartition(":")[2], key

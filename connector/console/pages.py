"""Pages of a long list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

T = TypeVar("T")
Rows = QuerySet[Any]
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page and where it stands in the whole."""

    items: list[T]
    number: int
    total: int
    size: int = SIZE

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.items)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.last < self.total else None


def page_of(
    request: HttpRequest,
    rows: Rows,
    *,
    dressed: Callable[[Rows], Rows] = lambda rows: rows,
    total: int | None = None,
) -> Page[Any]:
    """The page that the address asks for; a number that is none, or too high, gives a real one.

    Rows are counted and found by their keys, which an index has; only those of the page are
    ``dressed`` with what stands in other tables. So the last page is no slower than the first.
    A ``total`` that is known need not be counted.
    """
    total = rows.count() if total is None else total
    asked = request.GET.get("page", "1")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    number = max(1, min(wanted, -(-total // SIZE)))
    start = (number - 1) * SIZE
    keys = _keys(rows, start, total) if total else []
    found = {row.pk: row for row in dressed(rows.model._default_manager.filter(pk__in=keys))}
    return Page([found[key] for key in keys if key in found], number, total)


def _keys(rows: Rows, start: int, total: int) -> list[int]:
    """Those behind the middle are counted from the end: the way there is never longer than half."""
    if start <= total // 2:
        return list(rows.values_list("pk", flat=True)[start : start + SIZE])
    first = max(total - start - SIZE, 0)
    return list(rows.reverse().values_list("pk", flat=True)[first : total - start])[::-1]

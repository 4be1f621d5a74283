"""Rows and pages of rows: what one answer of Visma holds, and when it is the last one."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .errors import unreadable
from .records import moment
from .resources import Resource

# Anything else would have a meaning in a URL, and "." and ".." are paths.
_PLAIN = re.compile(r"[\w~-]([\w.~ -]*[\w~-])?")


@dataclass(frozen=True)
class Row:
    """One record as Visma gave it. ``etag`` is bare, without quotes; "" when there was none."""

    key: str
    modified_at: str
    etag: str
    payload: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Page:
    """``number`` counts from 1; ``total`` is Visma's count of all rows, when it said one.

    ``filter_ignored``: some row is older than asked for, so Visma took no notice of ``since``.
    ``unreadable``: rows without a key, described; they can be neither stored nor told apart.
    ``size`` is that of the pages as Visma counts them; after the ``last`` there is none.
    ``units`` is how much of the total the page holds; of a journal these are lines, not rows.
    """

    rows: tuple[Row, ...]
    number: int
    total: int | None
    filter_ignored: bool = False
    unreadable: tuple[str, ...] = ()
    size: int = 0
    last: bool = False
    units: int = 0


@dataclass(frozen=True)
class Start:
    """Where a reading goes on: the next page, the size of pages, and the rows before it.

    ``met``: whether a record with that key was among them.
    """

    number: int = 1
    size: int | None = None
    seen: int = 0
    total: int | None = None
    met: Callable[[str], bool] = lambda key: False


def read_row(resource: Resource, payload: dict[str, Any], etag: str = "") -> Row:
    """KeyError when the row has no key. A list has no etag header; ``timeStamp`` is the same."""
    return Row(
        key=resource.key_of(payload),
        modified_at=str(payload.get(resource.modified_field) or ""),
        etag=etag.removeprefix("W/").strip('"') or str(payload.get("timeStamp") or ""),
        payload=payload,
    )


def read_page(
    resource: Resource, found: list[dict[str, Any]], *, number: int, since: str | None
) -> Page:
    rows, unreadable = [], []
    for place, payload in enumerate(found, start=1):
        try:
            rows.append(read_row(resource, payload))
        except KeyError as missing:
            unreadable.append(f"page {number}, row {place}: no {', '.join(map(str, missing.args))}")
    return Page(
        rows=tuple(rows),
        number=number,
        total=_said(found, "totalCount"),
        filter_ignored=any(_older(row.modified_at, since) for row in rows),
        unreadable=tuple(unreadable),
        units=len(found),
    )


class Progress:
    """Where a reading of pages stands. A short page is not the last page: Visma clamps the size.

    The end is an empty page or the total Visma names. Pages that do not add up raise TryAgain.
    """

    def __init__(self, resource: Resource, start: Start | None = None) -> None:
        start = start or Start()
        self.number = start.number
        self.size = start.size or resource.max_page
        self.ended = False
        self._paged = resource.paged
        self._seen = start.seen
        self._total = start.total
        self._keys: list[str] = []

    def advance(self, page: Page, found: list[dict[str, Any]]) -> None:
        if not found and self._total is not None and self._total >= self._seen + self.size:
            raise unreadable("Visma", f"page {page.number} is empty, of {self._total} rows in all")
        keys = [row.key for row in page.rows]
        if keys and keys == self._keys:
            raise unreadable("Visma", f"page {page.number} repeats the page before")
        self.size = min(self.size, _said(found, "maxPageSize") or self.size)
        self._keys, self._seen = keys, self._seen + len(found)
        self._total = self._total if page.total is None else page.total
        self.ended = not self._paged or not found or self._all_read(page)
        self.number += 1

    def _all_read(self, page: Page) -> bool:
        """A total smaller than what was already read is no total."""
        total = page.total
        return total is not None and total >= self._seen and page.number * self.size >= total


def _said(found: list[dict[str, Any]], name: str) -> int | None:
    """A count of the page's metadata, from the first row that has it."""
    for payload in found:
        metadata = payload.get("metadata")
        value = metadata.get(name) if isinstance(metadata, Mapping) else None
        if isinstance(value, int) and value >= 0:
            return value
    return None


def _older(modified_at: str, since: str | None) -> bool:
    """A row without a readable timestamp proves nothing."""
    written = moment(modified_at)
    return bool(since and written) and written < moment(since or "")


def segment(text: str) -> str:
    """One key as one path segment; characters with a meaning in URLs need Visma's b64 form."""
    if _PLAIN.fullmatch(text):
        return quote(text, safe="")
    return f"b64({base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')})"

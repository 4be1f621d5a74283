"""Journal batches: Visma counts their lines, and a page may end in the middle of a batch.

Every page is opened out into lines first, because lines are what adds up to Visma's total. A batch
is put together from them again, and given only once nothing more of it can come.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from .errors import unreadable
from .resources import LINES, Resource
from .rows import Page, Row, read_row

# What a line does not repeat of its batch: the lines themselves, and what counts the answer.
NOT_OF_A_LINE = (LINES, "attachments", "metadata")


def lines_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A page of batches as a page of lines, each with its batch beside it.

    TryAgain when a batch has no list of lines: lines unread must not look deleted.
    """
    rows: list[dict[str, Any]] = []
    for batch in found:
        lines = batch.get(LINES)
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise unreadable("Visma", f"batch {batch.get('batchNumber')} without readable lines")
        head = {name: value for name, value in batch.items() if name not in NOT_OF_A_LINE}
        stamps = {"lastModifiedDateTime": batch.get("lastModifiedDateTime")}
        rows += ({**line, **stamps, "batch": head} for line in lines)
    if rows:
        metadata = (batch["metadata"] for batch in found if "metadata" in batch)
        rows[0] |= {"metadata": next(metadata, None)}
    return rows


def batches(
    resource: Resource,
    pages: Iterable[Page],
    before: Iterable[Page],
    met: Callable[[str], bool],
) -> Iterator[Page]:
    """Pages of lines as pages of whole batches; the last batch of a page waits for the next page.

    ``before``: the pages that an earlier reading has given already, from the one on which the
    batch began that was open when it stopped. ``met``: whether a key was given earlier. TryAgain
    when a batch goes on after it had ended: rows have moved, and it cannot be put together.
    """
    joining = _Joining(resource, met)
    for page in before:
        joining.add(page, already_given=True)
    for page in pages:
        yield joining.add(page)


class _Joining:
    def __init__(self, resource: Resource, met: Callable[[str], bool]) -> None:
        self.resource = resource
        self.met = met
        self.given: set[str] = set()
        self.head: dict[str, Any] = {}
        self.lines: dict[int, dict[str, Any]] = {}

    def add(self, page: Page, *, already_given: bool = False) -> Page:
        """The batches that ended on this page; its units are the lines that were new."""
        rows: list[Row] = []
        units = 0
        for row in page.rows:
            if self.head and self._key(row.payload["batch"]) != self._key(self.head):
                rows.append(self._end())
            if not self.lines:
                self._begin(row.payload["batch"], page, already_given)
            line = _bare(row.payload)
            units += line["lineNumber"] not in self.lines
            # A line met twice is the same line, moved by a row that came or went before it.
            self.lines[line["lineNumber"]] = line
        if page.last and self.lines:
            rows.append(self._end())
        return replace(page, rows=tuple(rows), units=units + len(page.unreadable))

    def _begin(self, head: dict[str, Any], page: Page, already_given: bool) -> None:
        key = self._key(head)
        if key in self.given or (not already_given and self.met(key)):
            raise unreadable("Visma", f"page {page.number} goes on with batch {key}, which ended")
        self.head = head

    def _end(self) -> Row:
        lines = [self.lines[number] for number in sorted(self.lines)]
        row = read_row(self.resource, {**self.head, LINES: lines})
        self.given.add(row.key)
        self.head, self.lines = {}, {}
        return row

    def _key(self, head: dict[str, Any]) -> str:
        return self.resource.key_of(head)


def _bare(line: dict[str, Any]) -> dict[str, Any]:
    beside = ("batch", "lastModifiedDateTime", "metadata")
    return {name: value for name, value in line.items() if name not in beside}

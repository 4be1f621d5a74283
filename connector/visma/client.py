"""Reads one Visma.net company: pages of rows, one row, the company itself."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import requests

from connector.errors import AskAPerson, Explanation
from connector.http import CallReport, Limits, Meter, Reply, WireError

from . import errors, journal
from .auth import TokenSource
from .dimensions import values_of
from .records import decode, filter_text
from .resources import RESOURCES, Resource
from .rows import Page, Progress, Row, Start, read_page, read_row, segment

__all__ = ["Page", "Row", "VismaClient"]

SYSTEM = "Visma"
DEADLINE = 120.0  # seconds; Visma itself ends a synchronous call after about 240


class VismaClient:
    """Raises only ConnectorErrors. Every request, also a repeated one, counts in ``meter``."""

    def __init__(
        self,
        *,
        api_url: str,
        company_id: str,
        tokens: TokenSource,
        meter: Meter,
        session: requests.Session,
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self.company_id = company_id
        self._tokens = tokens
        self._meter = meter
        self._session = session

    def pages(
        self, resource: Resource, *, since: str | None, start: Start | None = None
    ) -> Iterator[Page]:
        """All pages, in order. ``since`` is a timestamp Visma sent; rows from it on are read.

        ``start``: where an earlier reading of the same rows stopped. TryAgain when the pages do not
        add up, so that a pass cut short is never a complete one.
        """
        if resource.entity == "dimension_value":
            yield replace(self._dimension_values(resource), last=True)
            return
        if resource.joined:
            lines = replace(RESOURCES["gl_entry"], max_page=resource.max_page)
            start = start or Start()
            pages = self._pages(lines, since=since, start=start)
            before = self._before(lines, since=since, start=start)
            yield from journal.batches(resource, pages, before, start.met)
            return
        yield from self._pages(resource, since=since, start=start)

    def _pages(
        self, resource: Resource, *, since: str | None, start: Start | None
    ) -> Iterator[Page]:
        progress = Progress(resource, start)
        while not progress.ended:
            found = self._list(resource, since=since, number=progress.number, size=progress.size)
            page = read_page(resource, found, number=progress.number, since=since)
            progress.advance(page, found)
            found.clear()  # a page at a time is in memory, not two
            yield replace(page, size=progress.size, last=progress.ended)
            del page

    def _before(self, lines: Resource, *, since: str | None, start: Start) -> list[Page]:
        """The pages back to the one on which the batch began that was open when reading stopped."""
        pages: list[Page] = []
        size = start.size or lines.max_page
        for number in range(start.number - 1, 0, -1):
            found = self._list(lines, since=since, number=number, size=size)
            pages.insert(0, read_page(lines, found, number=number, since=since))
            if len({row.key.rpartition(":")[0] for row in pages[0].rows}) > 1:
                break
        return pages

    def fetch(self, resource: Resource, key: str) -> Row | None:
        """One record with its etag; None when Visma says that it does not exist."""
        if not resource.single_path:
            return self._search(resource, key)
        path = resource.single_path.format(*map(segment, resource.path_parts(key)))
        reply = self._get(resource.entity, path, {})
        # A gateway's HTML page says nothing about the record.
        if reply.status == 404 and not reply.body.lstrip().startswith(b"<"):
            return None
        payload = self._payload(reply, one_record=True)
        try:
            row = read_row(resource, payload, reply.headers.get("ETag", ""))
        except (KeyError, AttributeError):
            raise errors.unreadable(SYSTEM, reply.snippet()) from None
        if row.key.casefold() != key.casefold():
            raise errors.unreadable(SYSTEM, f"asked for {key}, got {row.key}")
        return row

    def _search(self, resource: Resource, key: str) -> Row | None:
        wanted = key.casefold()
        rows = (row for page in self.pages(resource, since=None) for row in page.rows)
        return next((row for row in rows if row.key.casefold() == wanted), None)

    def _dimension_values(self, resource: Resource) -> Page:
        """All values in one page, so that they are all there or none is."""
        names = self._payload(self._get(resource.entity, resource.path, {}), one_record=False)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise errors.unreadable(SYSTEM, "the list of dimensions holds no names")
        values: list[dict[str, Any]] = []
        for name in names:
            path = f"{resource.path}/{segment(name)}"
            reply = self._get(resource.entity, path, {"expandSegmentsValues": "true"})
            values += values_of(self._payload(reply, one_record=True))
        page = read_page(resource, values, number=1, since=None)
        return replace(page, total=len(page.rows))

    def company(self) -> dict[str, Any]:
        """The organization the company id stands for; proves that the connection works."""
        reply = self._get("organization", "/v1/organization", {})
        rows = self._payload(reply, one_record=False)
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
            raise AskAPerson(_no_company(self.company_id), "connection")
        return dict(rows[0])

    def _list(
        self, resource: Resource, *, since: str | None, number: int, size: int
    ) -> list[dict[str, Any]]:
        query: dict[str, str] = {}
        if resource.paged:
            query |= {"pageNumber": str(number), "pageSize": str(size)}
        query |= dict.fromkeys(resource.asks, "true")
        if since := since or resource.first_day:
            query[resource.modified_field] = filter_text(since)
        if since and resource.conditional:
            # The date without its condition is ignored, and everything comes back.
            query[f"{resource.modified_field}Condition"] = ">="
        reply = self._get(resource.entity, resource.path, query)
        found = self._payload(reply, one_record=False)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise errors.unreadable(SYSTEM, reply.snippet())
        return journal.lines_of(found) if resource.by_lines else found

    def _payload(self, reply: Reply, *, one_record: bool) -> Any:
        if reply.status != 200:
            raise errors.judge(reply, company_id=self.company_id, one_record=one_record)
        try:
            found = decode(reply.body)
        except (msgspec.DecodeError, RecursionError):
            raise errors.unreadable(SYSTEM, reply.snippet()) from None
        if errors.is_fault(found):
            raise errors.judge(reply, company_id=self.company_id, one_record=one_record)
        return found

    def _get(self, operation: str, path: str, query: dict[str, str]) -> Reply:
        """The answer, whatever it is; a 401 is asked once more with a new token."""
        token = self._tokens.current()
        reply = self._call(operation, path, query, token)
        if reply.status == 401:
            reply = self._call(operation, path, query, self._tokens.renew(token))
        return reply

    def _call(self, operation: str, path: str, query: dict[str, str], token: str) -> Reply:
        slot = self._meter.reserve(operation, mutation=False, cost=1)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "ipp-company-id": self.company_id,
        }
        started = time.monotonic()
        try:
            response = self._session.get(
                self.api_url + path, params=query, headers=headers, timeout=DEADLINE
            )
        except WireError as error:
            self._meter.record(slot, CallReport(0, milliseconds(started)))
            raise errors.not_answered(SYSTEM, error) from None
        reply = Reply.of(response, token)
        self._meter.record(slot, report(reply, milliseconds(started)))
        return reply


def milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def report(reply: Reply, duration_ms: int) -> CallReport:
    throttled = reply.status == 429
    return CallReport(
        status=reply.status,
        duration_ms=duration_ms,
        request_id=reply.headers.get("Ipp-Request-Id", "")[:100],
        limits=Limits(
            window_quota=_count(reply, "X-RateLimit-Limit"),
            window_left=_count(reply, "X-RateLimit-Remaining"),
            reset_in=_count(reply, "X-RateLimit-Reset"),
        ),
        blocked_for=reply.retry_after if throttled else None,
        throttle="rate_window" if throttled else "",
    )


def _count(reply: Reply, header: str) -> int | None:
    said = reply.headers.get(header, "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _no_company(company_id: str) -> Explanation:
    return Explanation(
        code="company_refused",
        happened=f"Visma shows no company for Company id {company_id}.",
        remedy="Check the Company id of this connection in Visma Admin → Company.",
        fixer="you",
    )

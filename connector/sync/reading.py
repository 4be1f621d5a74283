"""Reading: one pass over a stream, page by page. A pass that stops half-way is gone on with.

Each page commits together with the note that it was read.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from connector.clients import visma_client
from connector.errors import ConnectorError
from connector.models import Pass, Trigger, Watermark, statements
from connector.models.clock import database_now
from connector.sync import gap, intake, streams
from connector.sync.budget import Ledger
from connector.sync.runs import RunBook
from connector.sync.seen import SeenKeys
from connector.visma.client import Page
from connector.visma.records import moment
from connector.visma.resources import RESOURCES
from connector.visma.rows import Start
from mappings.models import BoardMapping
from tenants.models import VismaConnection

# A page of 1,000 invoices with lines may take Visma a minute.
LEASE = timedelta(minutes=5)
# While a long pass goes on, what changes meanwhile is read beside it this often. A day and two
# hours reach back over every zone Visma may write its times in; no watermark depends on it.
LATEST_EVERY = timedelta(minutes=1)
LATEST = timedelta(hours=26)
LATEST_PAGES = 10
TOLD = 5  # rows without a key that are told one by one


class StreamBusy(Exception):
    """Another worker reads this stream now."""


@dataclass
class PassAccount:
    """What a reading brought. ``newest`` is the highest timestamp seen, as Visma wrote it.

    ``counted``: Visma's own count says that every row was read, or the list has no pages.
    ``whole``: everything was asked for, not only changes. ``complete``: the pass is over; else
    the next reading goes on with it. ``units``: what was read as Visma counts it, on earlier pages
    too.
    """

    started_at: datetime
    complete: bool = True
    whole: bool = False
    counted: bool = False
    read: int = 0
    units: int = 0
    new: int = 0
    changed: int = 0
    newest: str = ""
    total: int | None = None
    unreadable: str = ""
    seen: SeenKeys = field(default_factory=SeenKeys, repr=False)
    runs: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Stream:
    """One entity of one connection, read under a fenced lease until a monotonic time."""

    connection: VismaConnection
    mark: Watermark
    trigger: str
    until: float

    @property
    def mappings(self) -> list[BoardMapping]:
        """Who is active now; while the stream is held it stays so."""
        return streams.served(self.connection.pk, self.mark.entity)


def read(stream: Stream, under_way: Pass) -> PassAccount:
    """Read pages until the pass or the time is over. Raises ConnectorError."""
    resumed = under_way.pk is not None
    if resumed:
        _read_latest(stream, under_way)
    start = _start(under_way)
    seen = SeenKeys(_stored(under_way))
    account = PassAccount(under_way.started_at, seen=seen, units=start.seen)
    account.whole = not under_way.since or not RESOURCES[stream.mark.entity].filtered
    book = RunBook(stream.mappings, stream.trigger, since=under_way.started_at if resumed else None)
    try:
        for asked_at, page in _pages(stream, under_way, replace(start, met=seen.__contains__)):
            _take_page(stream, under_way, page, book, account, asked_at=asked_at)
            if not page.last and time.monotonic() >= stream.until:
                account.complete = False
                break
    except ConnectorError as error:
        book.close(error.why.happened)
        raise
    _end(stream, under_way, account, book)
    return account


def _stored(under_way: Pass) -> Iterator[bytes]:
    if under_way.pk is not None:
        for keys in under_way.pages.values_list("keys", flat=True):
            yield bytes(keys)


def _pages(stream: Stream, under_way: Pass, start: Start) -> Iterator[tuple[datetime, Page]]:
    """Each page with the time it was asked for, from the first that is not stored yet."""
    ledger = Ledger.of_visma(stream.connection)
    ledger.backlog = not under_way.since
    client = visma_client(stream.connection, ledger)
    pages = client.pages(RESOURCES[stream.mark.entity], since=under_way.since or None, start=start)
    asked_at = database_now()
    for page in pages:
        yield asked_at, page
        del page  # a thousand records with their lines: gone before the next are read
        asked_at = database_now()


def _start(under_way: Pass) -> Start:
    if under_way.pk is None:
        return Start()
    pages = under_way.pages.values_list("number", "rows")
    return Start(
        number=max((number for number, _ in pages), default=0) + 1,
        size=under_way.page_size or None,
        seen=sum(rows for _, rows in pages),
        total=under_way.total,
    )


def _take_page(
    stream: Stream,
    under_way: Pass,
    page: Page,
    book: RunBook,
    account: PassAccount,
    *,
    asked_at: datetime,
) -> None:
    connection, entity = stream.connection, stream.mark.entity
    with transaction.atomic():
        prolong(stream.mark)
        book.serve(stream.mappings)
        taken = intake.take_in(connection, entity, page.rows, book, asked_at=asked_at)
        if stream.mark.position:  # before that everything is new, and nobody could have told
            found = len(taken.new) + len(taken.changed)
            gap.count(connection, entity, found, trigger=stream.trigger, now=database_now())
        _note(under_way, page)
        keys = account.seen.add(row.key for row in page.rows)
        if not page.last or under_way.pk is not None:
            _keep(under_way, page, keys)
    account.read += len(page.rows)
    account.units += page.units
    account.new += len(taken.new)
    account.changed += len(taken.changed)


def _note(under_way: Pass, page: Page) -> None:
    under_way.page_size = page.size
    under_way.newest = max((under_way.newest, *(row.modified_at for row in page.rows)), key=moment)
    under_way.unreadable += len(page.unreadable)
    room = max(TOLD - len(under_way.unreadable_words), 0)
    under_way.unreadable_words = [*under_way.unreadable_words, *page.unreadable[:room]]
    if page.total is not None:
        # Fewer rows than a page ago: one was deleted, and another moved up past the reader.
        under_way.shrunk = under_way.shrunk or page.total < (under_way.total or 0)
        under_way.total = page.total


def _keep(under_way: Pass, page: Page, keys: bytes) -> None:
    under_way.save()
    statements.change(KEEP, under_way.pk, page.number, page.units, keys)


KEEP = 'INSERT INTO connector_passpage (of_id, "number", "rows", "keys") VALUES (%s, %s, %s, %s)'


def _end(stream: Stream, under_way: Pass, account: PassAccount, book: RunBook) -> None:
    # Where nothing has changed since a date that a person gave, the next pass asks from there on.
    account.newest = under_way.newest or under_way.since
    account.total = None if RESOURCES[stream.mark.entity].joined else under_way.total
    account.unreadable = _unreadable(under_way)
    if not account.complete:
        book.open()  # what it has counted so far is kept with the runs
    else:
        paged = RESOURCES[stream.mark.entity].paged
        sure = under_way.total is not None or not paged
        account.counted = sure and not under_way.unreadable
        if account.unreadable and account.unreadable != stream.mark.unreadable:
            book.open()
        book.close(account.unreadable)
    account.runs = book.ids


def _unreadable(under_way: Pass) -> str:
    number = under_way.unreadable
    if not number:
        return ""
    which = "; ".join(under_way.unreadable_words)
    return (
        f"{number} record{'s' if number > 1 else ''} of Visma could not be told apart and "
        f"{'are' if number > 1 else 'is'} on no board: {which}."
    )


def is_disturbed(under_way: Pass, account: PassAccount) -> bool:
    """Rows moved between pages: the pass did not see every record."""
    total = under_way.total
    return under_way.shrunk or (total is not None and _met(under_way, account) < total)


def _met(under_way: Pass, account: PassAccount) -> int:
    """How many of what Visma counts were met, each once."""
    if RESOURCES[under_way.mark.entity].joined:
        return account.units
    return account.seen.count() + under_way.unreadable


def _read_latest(stream: Stream, under_way: Pass) -> None:
    """What has changed lately, beside a pass that takes long: live changes do not wait for it."""
    now = database_now()
    resource = RESOURCES[stream.mark.entity]
    if not resource.filtered or (under_way.latest_at and now - under_way.latest_at < LATEST_EVERY):
        return
    since = (now - LATEST).replace(tzinfo=None).isoformat(timespec="milliseconds")
    client = visma_client(stream.connection, Ledger.of_visma(stream.connection))
    book = RunBook(stream.mappings, Trigger.SCHEDULE)
    for page in client.pages(resource, since=since):
        with transaction.atomic():
            prolong(stream.mark)
            book.serve(stream.mappings)
            intake.take_in(stream.connection, stream.mark.entity, page.rows, book, asked_at=now)
        if page.number >= LATEST_PAGES:
            break
        now = database_now()
    book.close()
    under_way.latest_at = now
    # A successor may have ended this pass meanwhile; the lease tells so before the next page.
    Pass.objects.filter(pk=under_way.pk).update(latest_at=now)


def prolong(mark: Watermark) -> None:
    """Also holds the stream until the transaction is over."""
    if not statements.change(HOLD, database_now() + LEASE, mark.pk, mark.fence):
        raise StreamBusy


HOLD = "UPDATE connector_watermark SET lease_until = %s WHERE id = %s AND fence = %s"

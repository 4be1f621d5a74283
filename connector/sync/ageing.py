"""The ageing pass: once a day, what the date alone has changed is planned again.

A record's bucket and days overdue change while the record does not, so no poll would find them.
What is being sent meanwhile is looked at when it is settled: its batch says which day it shows.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from connector.models import LinkState, RecordLink, SyncRun, Trigger
from connector.models.clock import database_now
from connector.models.prepared import Prepared
from connector.sync.boards import Desk, today
from connector.sync.runs import finish
from connector.visma.records import decode
from mappings import ageing
from mappings.models import BoardMapping

# Our canonical JSON of an open document holds this text, so the others are not even decoded.
OPEN_TEXT = '"status":"Open"'
CHUNK = 500
# A slice that began before midnight plans with yesterday's date: 20 s and a request of 40 s.
YESTERDAYS_SLICES = timedelta(minutes=2)


def active() -> QuerySet[BoardMapping]:
    """All mappings that could show ageing."""
    rows = BoardMapping.objects.filter(active=True, entity__in=ageing.ENTITIES)
    return rows.select_related("tenant", "visma", "monday").prefetch_related("pairings")


ACTIVE = Prepared(active)


def due(mappings: Iterable[BoardMapping]) -> list[BoardMapping]:
    """Those of them that show ageing and were not yet looked through today."""
    able = [m for m in mappings if m.entity in ageing.ENTITIES and m.board_columns]
    return [m for m in able if _shows(m) and m.aged_on != today(m)]


def age(mapping: BoardMapping) -> SyncRun | None:
    """Plan again exactly the items whose ageing is another today; the run, if there are any.

    Nothing is written where nothing moved, but for the day itself.
    """
    day, now = today(mapping), database_now()
    desk = Desk.of(mapping)
    moved = [link.pk for link in _open_documents(mapping) if _has_moved(desk, link)]
    run = plan_again(mapping, moved) if moved else None
    if now - _midnight(mapping, now) > YESTERDAYS_SLICES:
        BoardMapping.objects.filter(pk=mapping.pk).update(aged_on=day)
    return run


def is_past(desk: Desk, day: str, now: datetime) -> bool:
    """Whether what was planned on this day may show other ages than today's."""
    shown = {*ageing.FIELDS} & {*desk.fields.values()}
    if not shown and not _is_named_by_age(desk.mapping):
        return False
    zone = ZoneInfo(desk.mapping.tenant.timezone)
    return day != now.astimezone(zone).date().isoformat()


def _shows(mapping: BoardMapping) -> bool:
    paths = {pair.field for pair in mapping.pairings.all()}
    return not paths.isdisjoint(ageing.FIELDS) or _is_named_by_age(mapping)


def _is_named_by_age(mapping: BoardMapping) -> bool:
    return any(f"{{{name}}}" in mapping.item_name for name in ageing.FIELDS)


def _open_documents(mapping: BoardMapping) -> Iterator[RecordLink]:
    rows = RecordLink.objects.filter(
        mapping=mapping,
        state=LinkState.DELIVERED,
        record__vanished_at=None,
        record__payload__contains=OPEN_TEXT,
    )
    yield from rows.select_related("record").order_by("pk").iterator(chunk_size=CHUNK)


def _has_moved(desk: Desk, link: RecordLink) -> bool:
    rendered = desk.render(decode(link.record.payload.encode()), link.record.key)
    shown = link.delivered.get("cells", {})
    columns = [column for column, name in desk.fields.items() if name in ageing.FIELDS]
    if any(rendered.cells[c] != shown.get(c) for c in columns if c in rendered.cells):
        return True
    return _is_named_by_age(desk.mapping) and rendered.name != link.delivered.get("name")


def plan_again(mapping: BoardMapping, link_ids: list[int]) -> SyncRun:
    now = database_now()
    with transaction.atomic():
        run = SyncRun.objects.create(
            mapping=mapping, trigger=Trigger.SCHEDULE, started_at=now, read_until=now
        )
        for start in range(0, len(link_ids), CHUNK):
            some = RecordLink.objects.filter(pk__in=link_ids[start : start + CHUNK])
            # A change of the record itself may have come first: then it waits already.
            run.read += some.filter(state=LinkState.DELIVERED).update(
                state=LinkState.WAITING, run=run, waiting_since=now, attempts=0, not_before=None
            )
        run.save(update_fields=["read"])
        finish([run.pk])
    return run


def _midnight(mapping: BoardMapping, now: datetime) -> datetime:
    zone = ZoneInfo(mapping.tenant.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)

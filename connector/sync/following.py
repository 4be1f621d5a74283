"""Following: what becomes of subitems when the item above them comes, goes, or comes anew."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from connector.models import (
    Action,
    LinkState,
    Operation,
    Outcome,
    RecordLink,
    SourceRecord,
    SyncRun,
    Trigger,
)
from connector.sync import audit
from connector.sync.boards import Desk
from connector.sync.runs import OPEN, finish
from mappings.models import BoardMapping

WENT_ALONG = "It was put away together with the item it stood under."
# What became of a document's item in one settlement.
NEW, GONE, SHOWN = "new", "gone", "shown"
FATES = {
    Operation.CREATE: NEW,
    Operation.UPDATE: SHOWN,
    Operation.ARCHIVE: GONE,
    Operation.BULK: NEW,
}


def may_have_gone(link: RecordLink, code: str) -> bool:
    """The item above may have gone while a new subitem was on its way to it."""
    return code == "item_gone" and link.item_id is None and link.mapping.parent_id is not None


def follow(desk: Desk, fates: Mapping[int, str], now: datetime) -> None:
    """Let the lines follow their documents; call it inside the settlement's transaction.

    ``fates`` are by the document's record. A new item has no subitems, whatever was shown before.
    """
    if not desk.has_lines or not fates:
        return
    by_fate: dict[str, list[int]] = {}
    for record, fate in sorted(fates.items()):
        by_fate.setdefault(fate, []).append(record)
    for child in desk.mapping.children.all():
        _begin_anew(child, by_fate.get(NEW, []), now)
        _put_away(child, by_fate.get(GONE, []), now)
        _wake(child, by_fate.get(SHOWN, []), now)


def _begin_anew(child: BoardMapping, documents: list[int], now: datetime) -> None:
    links = _of(child, documents)
    stale = links.exclude(item_id=None, state__in=OPEN).filter(record__vanished_at=None)
    _wait_again(child, [link.pk for link in _locked(stale)], now, item_id=None, delivered={})


def _put_away(child: BoardMapping, documents: list[int], now: datetime) -> None:
    """monday archives subitems with their item."""
    found = _locked(_of(child, documents).exclude(item_id=None))
    _outdate(found)
    counts: Counter[int] = Counter(link.run_id for link in found if link.run_id and _is_open(link))
    for run_id, number in counts.items():
        SyncRun.objects.filter(pk=run_id).update(excluded=F("excluded") + number)
    RecordLink.objects.filter(pk__in=[link.pk for link in found]).update(
        state=LinkState.EXCLUDED, item_id=None, delivered={}, parked={}, not_before=None
    )
    finish(counts)
    audit.write([_told(link, child) for link in found], now)


def _wake(child: BoardMapping, documents: list[int], now: datetime) -> None:
    asleep = _of(child, documents).filter(state=LinkState.EXCLUDED, record__vanished_at=None)
    _wait_again(child, [link.pk for link in _locked(asleep)], now)


def _of(child: BoardMapping, documents: list[int]) -> QuerySet[RecordLink]:
    return RecordLink.objects.filter(mapping=child, record__parent__in=documents)


def _locked(links: QuerySet[RecordLink]) -> list[RecordLink]:
    """What is being sent is looked at again when it is settled: its record is a version on."""
    found = links.select_for_update(of=("self",)).select_related("record").order_by("pk")
    in_flight = (LinkState.SENDING, LinkState.UNCERTAIN)
    some = list(found)
    _outdate([link for link in some if link.state in in_flight])
    return [link for link in some if link.state not in in_flight]


def _outdate(links: Iterable[RecordLink]) -> None:
    """A plan made before this is no longer current."""
    ids = [link.record_id for link in links]
    SourceRecord.objects.filter(pk__in=ids).update(version=F("version") + 1)


def _wait_again(child: BoardMapping, ids: list[int], now: datetime, **changes: Any) -> None:
    if not ids:
        return
    links = RecordLink.objects.filter(pk__in=ids)
    older = Counter(
        links.filter(state__in=OPEN, run__isnull=False).values_list("run_id", flat=True)
    )
    run = SyncRun.objects.create(
        mapping=child,
        trigger=Trigger.SCHEDULE,
        started_at=now,
        read=len(ids),
        read_until=now,
    )
    links.update(
        state=LinkState.WAITING,
        run=run,
        waiting_since=now,
        attempts=0,
        not_before=None,
        failure_code="",
        **changes,
    )
    for run_id, number in older.items():
        SyncRun.objects.filter(pk=run_id).update(superseded=F("superseded") + number)
    finish(older)


def _is_open(link: RecordLink) -> bool:
    return link.state in OPEN


def _told(link: RecordLink, child: BoardMapping) -> dict[str, Any]:
    link.mapping = child
    return audit.facts(
        link, action=Action.ARCHIVE, outcome=Outcome.DONE, why=None, message=WENT_ALONG
    )

"""References: items that link to other boards' items, and the order in which both get there.

What a link's record names is written down before the link is planned. Whoever then gives such a
record its item, or takes it away, finds the links that have to be planned again; whoever plans
later sees the item. There is no moment between the two.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from connector.errors import GiveUp
from connector.models import (
    Hint,
    LinkState,
    RecordLink,
    Reference,
    SourceRecord,
    SyncRun,
    Trigger,
    statements,
)
from connector.models.clock import database_now
from connector.sync import books, hints
from connector.sync.boards import Desk
from connector.sync.runs import finish
from connector.visma.records import decode
from mappings.catalog.references import BY_NUMBER
from mappings.models import BoardMapping
from mappings.render import OWN

REFUSED = "value_refused"
Named = Mapping[int, set[str]]
# A held item is looked at again after this; the arrival of what it waits for wakes it sooner.
HOLD = timedelta(seconds=30)
# Records sent for while one helping is planned; the rest follows with the next.
AT_ONCE = 25


def lay_out(desk: Desk, links: Sequence[RecordLink]) -> None:
    """Before links are planned: note what they name, then look up what of it is on its board."""
    if not desk.books and not desk.render.rules.label_books:
        return
    named = {link.pk: desk.render.named(decode(link.record.payload.encode())) for link in links}
    _note(desk.mapping.pk, named)
    for book in desk.books.values():
        book.forget()
    books.look(desk.books, named.values(), sent_for=Messenger())


def _note(own: int, named: Mapping[int, Named]) -> None:
    """Committed on its own, before anybody looks for items. Labels are the mapping's own."""
    wanted = {
        (link, own if target == OWN else target, value)
        for link, targets in named.items()
        for target, values in targets.items()
        for value in values
    }
    rows = Reference.objects.filter(link__in=list(named))
    stored = {(link, target, value): pk for pk, link, target, value in _plain(rows)}
    gone = [pk for key, pk in stored.items() if key not in wanted]
    with transaction.atomic():
        Reference.objects.filter(pk__in=gone).delete()
        Reference.objects.bulk_create(
            [
                Reference(link_id=link, target_id=target, value=value[:200])
                for link, target, value in sorted(wanted - stored.keys())
            ],
            ignore_conflicts=True,
        )


def _plain(rows: QuerySet[Reference]) -> Iterable[tuple[int, int, int, str]]:
    return rows.values_list("pk", "link_id", "target_id", "value")


class Messenger:
    """Sends for records that were never read: at most once an hour for each."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, target: BoardMapping, values: Sequence[str]) -> set[str]:
        now = database_now()
        ids = {value: _asking(target, value, now) for value in values}
        rows = Hint.objects.filter(visma=target.visma_id, dedupe_id__in=list(ids.values()))
        asked = {hint.dedupe_id: hint for hint in rows}
        self._send(target, {value: name for value, name in ids.items() if name not in asked})
        late = {
            name
            for name, hint in asked.items()
            if hint.handled_at is not None or hint.received_at <= now - books.PATIENCE
        }
        return {value for value, name in ids.items() if name not in late}

    def _send(self, target: BoardMapping, new: Mapping[str, str]) -> None:
        """What is too much for now is sent for with the next helping."""
        some = list(new.items())[: AT_ONCE - self.sent]
        self.sent += len(some)
        if some:
            hints.store([_hint(target, value, name) for value, name in some])
            hints.nudge(target.visma)


def _asking(target: BoardMapping, value: str, now: datetime) -> str:
    told = f"{target.entity}:{value}:{now:%Y%m%d%H}"
    return f"{hints.NAMED}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _hint(target: BoardMapping, value: str, name: str) -> dict[str, Any]:
    # A number alone leads to no record: then the stream is read.
    key = "" if target.entity in BY_NUMBER else value
    facts = {"event": hints.NAMED, "verified": True, "entity": target.entity, "key": key}
    return hints.row(target.visma, b"", dedupe_id=name, **facts)


def moved(target: BoardMapping, records: Iterable[SourceRecord]) -> None:
    """These records got an item, or lost it: whatever links to them is planned again.

    Call it in the transaction that writes so. A link under way is looked at again when it is
    settled, for its record's version is a higher one.
    """
    planned_again(target, {t for record in records for t in (record.key, record.number) if t})


def planned_again(target: BoardMapping, values: set[str]) -> None:
    """Whatever names one of these values; for labels the target is the mapping itself."""
    if not values:
        return
    sql = NAMING.format(values=statements.places(len(values)))
    found = statements.rows(sql, target.pk, *values)
    if not found:
        return
    _raise_versions({record for _, _, record in found})
    by_mapping: dict[int, list[int]] = {}
    for link, mapping, _ in found:
        by_mapping.setdefault(mapping, []).append(link)
    for mapping, ids in sorted(by_mapping.items()):
        _plan_again(mapping, ids)


NAMING = """
    SELECT id, mapping_id, record_id FROM connector_recordlink WHERE id IN (
        SELECT link_id FROM connector_reference WHERE target_id = %s AND value IN ({values}))
"""


def doubt(desk: Desk, outcomes: Iterable[object]) -> None:
    """A refused value may be the id of an item that people took away: that board is read again."""
    refused = any(isinstance(each, GiveUp) and each.why.code == REFUSED for each in outcomes)
    if refused and desk.books:
        BoardMapping.objects.filter(pk__in=list(desk.books)).update(items_due_at=None)


def _raise_versions(records: set[int]) -> None:
    """Locked in the order that everybody locks records in."""
    rows = SourceRecord.objects.filter(pk__in=records)
    list(rows.select_for_update(no_key=True).order_by("key").values_list("pk", flat=True))
    rows.update(version=F("version") + 1)


def _plan_again(mapping: int, ids: list[int]) -> None:
    links = RecordLink.objects.filter(pk__in=ids)
    links.filter(state=LinkState.WAITING).update(not_before=None)
    # What was refused because of the item that is gone is another record now.
    refused = Q(state=LinkState.FAILED, failure_code=REFUSED)
    settled = links.filter(Q(state=LinkState.DELIVERED) | refused)
    if not settled.exists():
        return
    now = database_now()
    run = SyncRun.objects.create(
        mapping_id=mapping, trigger=Trigger.SCHEDULE, started_at=now, read_until=now
    )
    run.read = settled.update(
        state=LinkState.WAITING, run=run, waiting_since=now, attempts=0, not_before=None
    )
    run.save(update_fields=["read"])
    finish([run.pk])

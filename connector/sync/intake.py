"""Intake: what was read becomes records, and changed records make their links wait.

An unchanged record writes nothing at all: the page is compared with one SELECT first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Left

from connector.models import RecordLink, SourceRecord, many
from connector.models.clock import database_now
from connector.sync import lines
from connector.sync.facts import facts_of
from connector.sync.runs import RunBook
from connector.sync.waits import doubt, doubtful_since, look_first, wait
from connector.visma.client import Row
from connector.visma.records import canonical, content_hash
from mappings.models import BoardMapping
from tenants.models import VismaConnection

# Documents whose lines are taken in at a time.
DOCUMENTS = 500


@dataclass
class Taken:
    """What one page brought."""

    new: list[SourceRecord] = field(default_factory=list)
    changed: list[SourceRecord] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)  # record ids
    unsure: list[int] = field(default_factory=list)  # unchanged, but their boards may differ
    overtaken: list[str] = field(default_factory=list)  # keys; their records are in unchanged
    replaced: list[int] = field(default_factory=list)  # ids; their numbers are used anew
    reborn: list[SourceRecord] = field(default_factory=list)  # of new, under such a number


def take_in(
    connection: VismaConnection,
    entity: str,
    rows: Sequence[Row],
    book: RunBook,
    *,
    asked_at: datetime | None = None,
) -> Taken:
    """Store one page and set the links of what changed waiting.

    Call it inside a transaction that holds the stream, for the mappings that are active then.

    ``asked_at``: when Visma was asked for the page. What somebody else has read since is at least
    as new, so nothing is ever stored over a later reading.
    """
    latest = {row.key: row for row in rows}  # a page may repeat a key: the last one is newer
    taken = _take(connection, entity, list(latest.values()), book, asked_at=asked_at)
    documents = [(record, latest[record.key].payload) for record in taken.new + taken.changed]
    for record in SourceRecord.objects.filter(pk__in=taken.unsure) if taken.unsure else ():
        documents.append((record, latest[record.key].payload))
    take_lines(connection, entity, documents, book)
    return taken


def take_lines(
    connection: VismaConnection,
    entity: str,
    documents: Sequence[tuple[SourceRecord, dict[str, Any]]],
    book: RunBook,
) -> None:
    """Take the lines out of stored documents, where a mapping shows them as subitems."""
    if documents and (shown_by := lines.shown_by(connection, entity)):
        store_lines(connection, entity, documents, book, shown_by)


def store_lines(
    connection: VismaConnection,
    entity: str,
    documents: Sequence[tuple[SourceRecord, dict[str, Any]]],
    book: RunBook,
    shown_by: Sequence[BoardMapping],
) -> None:
    """Store the lines as they are now, and let the links of these mappings wait."""
    found = lines.lines_of(entity, documents)
    of_lines = book.beside(found.entity, shown_by)
    _take(connection, found.entity, found.rows, of_lines, parents=found.parents)
    left_out = lines.left_out(found, [record.pk for record, _ in documents])
    if left_out:
        vanish(left_out, of_lines)


def vanish(record_ids: list[int], book: RunBook) -> None:
    """Mark records that Visma no longer has, and let their links be planned again."""
    now = database_now()
    # A higher version, so that an item under way is looked at again when it has arrived.
    SourceRecord.objects.filter(pk__in=record_ids).update(
        vanished_at=now, changed_at=now, version=F("version") + 1
    )
    for mapping_id, run in book.open().items():
        wait(mapping_id, record_ids, run)
        book.add(mapping_id, Counter(read=len(record_ids)))


def _take(
    connection: VismaConnection,
    entity: str,
    rows: Sequence[Row],
    book: RunBook,
    *,
    asked_at: datetime | None = None,
    parents: Mapping[str, int] | None = None,
) -> Taken:
    taken = _store(connection, entity, rows, asked_at, parents or {})
    doubtful = doubtful_since(connection, entity)
    if doubtful:
        taken.unsure, taken.unchanged = taken.unchanged, []
    news = [record.pk for record in taken.new + taken.changed] + taken.unsure + taken.replaced
    if news:
        for mapping_id, run in book.open().items():
            wait(mapping_id, news, run)
            if doubtful:
                doubt(mapping_id, news, doubtful)
            if taken.reborn:  # an older item carries the same key: a load would write over it
                links = RecordLink.objects.filter(mapping_id=mapping_id, record__in=taken.reborn)
                look_first(links.exclude(mapping__key_column=""), database_now())
            book.add(mapping_id, Counter(read=len(news)))
    if taken.unchanged:
        for mapping in book.mappings:
            book.add_unchanged(mapping.pk, taken.unchanged)
    return taken


@dataclass(frozen=True)
class Known:
    """A record as it was last stored, without its payload."""

    pk: int
    version: int
    content_hash: str
    changed_at: datetime
    vanished_at: datetime | None
    born: str

    def is_another(self, born: str) -> bool:
        """Visma has deleted the one and made another of the same number since."""
        return bool(self.born and born) and self.born != born


def _known(connection: VismaConnection, entity: str, keys: list[str]) -> dict[str, Known]:
    rows = SourceRecord.objects.filter(connection=connection, entity=entity, key__in=keys)
    columns = ("key", "pk", "version", "content_hash", "changed_at", "vanished_at", "born")
    return {key: Known(*facts) for key, *facts in rows.values_list(*columns)}


def _store(
    connection: VismaConnection,
    entity: str,
    rows: Sequence[Row],
    asked_at: datetime | None,
    parents: Mapping[str, int],
) -> Taken:
    known = _known(connection, entity, [row.key for row in rows])
    taken = Taken()
    telling = facts_of(entity)
    now = database_now()
    for row in rows:
        payload = canonical(row.payload)
        hash_ = content_hash(payload)
        before = known.get(row.key)
        if before and before.content_hash == hash_ and before.vanished_at is None:
            taken.unchanged.append(before.pk)
            continue
        if before and asked_at is not None and before.changed_at >= asked_at:
            taken.unchanged.append(before.pk)
            taken.overtaken.append(row.key)
            continue
        told = telling(row.payload)
        reborn = before is not None and before.is_another(told["born"])
        if before and reborn:
            taken.replaced.append(_retire(before, row.key, now))
            before = None
        record = SourceRecord.with_columns(
            id=before.pk if before else None,
            connection_id=connection.pk,
            entity=entity,
            key=row.key,
            parent_id=parents.get(row.key),
            payload=payload.decode(),
            content_hash=hash_,
            version=before.version + 1 if before else 1,
            modified_at=row.modified_at,
            etag=row.etag,
            changed_at=now,
            vanished_at=None,
            **told,
        )
        (taken.changed if before else taken.new).append(record)
        if reborn:
            taken.reborn.append(record)
    _write(connection, entity, taken)
    return taken


def _retire(known: Known, key: str, now: datetime) -> int:
    """The number goes to the new record; this one is as good as deleted, and its item follows.

    The numbers of its lines go along to the new record's.
    """
    SourceRecord.objects.filter(parent=known.pk).update(
        key=Concat(Left("key", 180), Value(f"#{known.pk}")),
        vanished_at=now,
        changed_at=now,
        version=F("version") + 1,
    )
    SourceRecord.objects.filter(pk=known.pk).update(
        key=f"{key[:180]}#{known.pk}",
        vanished_at=known.vanished_at or now,
        changed_at=now,
        version=F("version") + 1,
    )
    return known.pk


CHANGING = [
    "payload",
    "content_hash",
    "version",
    "modified_at",
    "etag",
    "born",
    "number",
    "party",
    "amount",
    "currency",
    "changed_at",
    "vanished_at",
]


STORED = ["connection_id", "entity", "key", "parent_id", "first_seen_at", *CHANGING]


def _write(connection: VismaConnection, entity: str, taken: Taken) -> None:
    # Rows are written in key order, so that two writers can never lock each other out.
    new, changed = sorted(taken.new, key=_key), sorted(taken.changed, key=_key)
    for record in new:
        record.first_seen_at = record.changed_at
    read = attrgetter(*STORED)
    many.insert(SourceRecord, STORED, [read(record) for record in new])
    keys = [record.key for record in new]
    stored = SourceRecord.objects.filter(connection=connection, entity=entity, key__in=keys)
    ids = dict(stored.values_list("key", "pk")) if new else {}
    for record in new:
        record.pk = ids[record.key]
    read = attrgetter("pk", *CHANGING)
    many.update(SourceRecord, CHANGING, [read(record) for record in changed])


def _key(record: SourceRecord) -> str:
    return record.key

"""Catching up: what a mapping has missed while it was not active.

Others may have had its records read meanwhile: mappings of the same entity, or labels that are
kept in step. Records that it has no link for get one; links whose record has changed or gone wait.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from connector.models import LinkState, RecordLink, SourceRecord, SyncRun, Trigger
from connector.models.clock import database_now
from connector.sync import intake, lines, streams
from connector.sync.runs import OPEN, RunBook
from connector.sync.waits import doubt, doubtful_since, wait
from connector.visma.records import decode
from mappings import catalog
from mappings.models import BoardMapping

RECORDS = 1000  # at a time
DOCUMENTS = 500


class CatchingUp:
    """Goes as far as it can, page by page, and once more in the transaction that ends it.

    A run of its own accounts for what it finds.
    """

    def __init__(self, mapping: BoardMapping) -> None:
        self.mapping = mapping
        self.trigger = Trigger.PERSON if mapping.went_live_at else Trigger.BACKFILL
        self.run: SyncRun | None = None
        self.looked_at: datetime | None = None  # documents stored later have lines to be taken out

    def go_on(self) -> None:
        """Safe to repeat; the second time only what has come meanwhile is left."""
        if self.mapping.entity in catalog.LINES_OF:
            self._take_lines()
        self._wait(self._unknown(), "pk")
        for missed in (self._behind(), self._doubtful()):
            self._wait(missed, "record_id")

    def _unknown(self) -> QuerySet[SourceRecord]:
        """Read before the mapping was there."""
        records = SourceRecord.objects.filter(
            connection=self.mapping.visma_id, entity=self.mapping.entity, vanished_at=None
        )
        return records.exclude(links__mapping=self.mapping)

    def _behind(self) -> QuerySet[RecordLink]:
        """Changed or gone since their link was last set waiting, or its item written."""
        links = RecordLink.objects.filter(mapping=self.mapping).exclude(state__in=OPEN)
        older = Q(state=LinkState.DELIVERED, delivered_version__lt=F("record__version"))
        return links.filter(older | Q(waiting_since__lt=F("record__changed_at")))

    def _doubtful(self) -> QuerySet[RecordLink]:
        """All, where the database was set back and nobody has looked at this board since."""
        links = RecordLink.objects.filter(mapping=self.mapping).exclude(state__in=OPEN)
        return links.none() if self.mapping.doubtful_since is None else links

    def _wait(self, found: QuerySet[Any], record: str) -> None:
        """``record``: what names the record in what was found."""
        last = 0
        doubtful = self.mapping.doubtful_since
        doubtful = doubtful or doubtful_since(self.mapping.visma, self.mapping.entity)
        ids = found.order_by(record).values_list(record, flat=True)
        while some := list(ids.filter(**{f"{record}__gt": last})[:RECORDS]):
            with transaction.atomic():
                run = self._run()
                wait(self.mapping.pk, some, run)
                if doubtful:
                    doubt(self.mapping.pk, some, doubtful)
                SyncRun.objects.filter(pk=run.pk).update(read=F("read") + len(some))
            last = some[-1]

    def _run(self) -> SyncRun:
        """No pass takes this run over or ends it: it has nothing to read."""
        if self.run is None:
            now = database_now()
            self.run = SyncRun.objects.create(
                mapping=self.mapping, trigger=self.trigger, started_at=now, read_until=now
            )
        return self.run

    # --- lines --------------------------------------------------------------------------------
    def _take_lines(self) -> None:
        """Where nobody has shown lines, they still stand in their documents only."""
        stream = self.mapping.stream
        connection_id, entity = stream
        stored = SourceRecord.objects.filter(
            connection_id=connection_id, entity=entity, vanished_at=None
        )
        with transaction.atomic():
            streams.hold(*stream)
            began = database_now()
        if self.looked_at is not None:
            stored = stored.filter(changed_at__gte=self.looked_at)
        book = RunBook([], Trigger.SCHEDULE)
        last: int | None = 0
        while last is not None:
            with transaction.atomic():
                streams.hold(*stream)
                last = self._take_lines_of(stored.filter(pk__gt=last), book)
        book.close()
        self.looked_at = began

    def _take_lines_of(self, stored: QuerySet[SourceRecord], book: RunBook) -> int | None:
        some = list(stored.order_by("pk")[:DOCUMENTS])
        documents = [(record, decode(record.payload.encode())) for record in some]
        if not documents:
            return None
        shown_by = lines.shown_by(self.mapping.visma, some[0].entity)
        intake.store_lines(self.mapping.visma, some[0].entity, documents, book, shown_by)
        return some[-1].pk

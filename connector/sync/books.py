"""Books: what is on the boards that links lead to, looked up for the records at hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from connector.models import BoardLane, LinkState, RecordLink, SourceRecord, Watermark
from connector.models.clock import database_now
from connector.sync import gone
from connector.sync.runs import OPEN
from mappings import catalog
from mappings.catalog.references import BY_NUMBER
from mappings.linking import LinkBook
from mappings.models import BoardMapping
from mappings.render import Pair
from tenants.models import Health

# What is not on its board after this has a trouble of its own; nothing waits for it any longer.
PATIENCE = timedelta(minutes=15)

# Asked about records that were never read; those that have been sent for.
SentFor = Callable[[BoardMapping, Sequence[str]], set[str]]


def blank(mapping: BoardMapping, pairs: Iterable[Pair]) -> dict[int, LinkBook]:
    """A book for each mapping that pairs link to, of the same tenant and account."""
    wanted = {pair.link for pair in pairs if pair.link is not None}
    if not wanted:
        return {}
    targets = BoardMapping.objects.filter(pk__in=wanted, tenant=mapping.tenant_id)
    return {
        target.pk: LinkBook(
            mapping=f"“{target.name}”",
            board_id=target.board_id,
            board=target.board_name or target.name,
            noun=catalog.entity(target.entity).label,
        )
        for target in targets
    }


def look(
    books: Mapping[int, LinkBook],
    named: Iterable[Mapping[int, set[str]]],
    *,
    sent_for: SentFor = lambda target, values: set(),
) -> None:
    """Enter what the books do not say yet about these values."""
    wanted: dict[int, set[str]] = {}
    for each in named:
        for target, values in each.items():
            if target in books:
                unknown = {value for value in values if not books[target].knows(value)}
                wanted.setdefault(target, set()).update(unknown)
    for target_id, values in wanted.items():
        if values:
            row = BoardMapping.objects.select_related("visma", "monday").get(pk=target_id)
            _Entries(row, books[target_id], sent_for).write(values)


class _Entries:
    """Writes one book."""

    def __init__(self, target: BoardMapping, book: LinkBook, sent_for: SentFor) -> None:
        self.target = target
        self.book = book
        self.sent_for = sent_for
        self.works = _works(target)
        self.now = database_now()

    def write(self, values: set[str]) -> None:
        records = self._records(values)
        links = RecordLink.objects.filter(
            mapping=self.target, record__in=[each.pk for some in records.values() for each in some]
        ).only("record", "item_id", "state", "waiting_since", "failure_code")
        by_record = {link.record_id: link for link in links}
        unread = []
        for value in sorted(values):
            found = records.get(value, [])
            if len(found) == 1:
                self._known(value, found[0], by_record.get(found[0].pk))
            elif found:
                self._absent(value, f"is the number of {len(found)} records in Visma")
            else:
                unread.append(value)
        self._unread(unread)

    def _records(self, values: set[str]) -> dict[str, list[SourceRecord]]:
        name = "number" if self.target.entity in BY_NUMBER else "key"
        rows = SourceRecord.objects.filter(
            connection=self.target.visma_id,
            entity=self.target.entity,
            **{f"{name}__in": list(values)},
        ).only("key", "number", "party", "vanished_at")
        found: dict[str, list[SourceRecord]] = {}
        for row in rows:
            found.setdefault(getattr(row, name), []).append(row)
        return found

    def _known(self, value: str, record: SourceRecord, link: RecordLink | None) -> None:
        if link is not None and link.item_id and not gone.is_known(link):
            self.book.items[value] = int(link.item_id)
            name = f"{record.number or record.key} {record.party}".strip()
            self.book.names[int(link.item_id)] = name
        elif link is not None and not link.item_id and self._comes(link):
            self.book.coming.add(value)
        else:
            self._absent(value, self._why(record, link))

    def _comes(self, link: RecordLink) -> bool:
        since = link.waiting_since
        fresh = since is None or since > self.now - PATIENCE
        return self.works and link.state in OPEN and fresh

    def _why(self, record: SourceRecord, link: RecordLink | None) -> str:
        target = f"“{self.target.name}”"
        if record.vanished_at is not None:
            return "no longer exists in Visma"
        if not self.target.active:
            return f"is not on its board, and {target} is paused"
        if link is not None and link.state == LinkState.EXCLUDED:
            return f"is left out by the filter of {target}"
        if link is not None and gone.is_known(link):
            return f"was removed from the board of {target} by people"
        if link is not None and link.state == LinkState.FAILED:
            return f"could not be put on the board of {target}"
        return f"waits to be put on the board of {target}"

    def _unread(self, values: list[str]) -> None:
        if not self.target.active:
            for value in values:
                self._absent(value, f"was never read, and “{self.target.name}” is paused")
        elif values:
            coming = self._coming(values)
            self.book.coming |= coming
            for value in values:
                if value not in coming:
                    self._absent(value, "has not been found in Visma yet")

    def _coming(self, values: list[str]) -> set[str]:
        if not self.works:
            return set()
        return set(values) if self._is_being_read else self.sent_for(self.target, values)

    @cached_property
    def _is_being_read(self) -> bool:
        """The first reading of all is not over: what it has not met it may still meet."""
        marks = Watermark.objects.filter(connection=self.target.visma_id, entity=self.target.entity)
        return not marks.filter(last_complete_at__isnull=False).exists()

    def _absent(self, value: str, why: str) -> None:
        self.book.absent[value] = f"{self.book.noun} {value} {why}."


def _works(target: BoardMapping) -> bool:
    """Whether its records are read and written at the moment."""
    well = Health.NEEDS_PERSON not in (target.visma.health, target.monday.health)
    paused = BoardLane.objects.filter(
        account=target.monday.account_key, board_id=target.board_id
    ).exclude(paused_code="")
    return target.active and well and not paused.exists()

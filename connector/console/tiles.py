"""A tile for each mapping: its state in words, and counts that lead to the records they count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Min
from django.utils import timezone

from connector.console.own import mappings_of
from connector.models import ApiCall, BoardLane, LinkState, RecordLink, SyncRun, Watermark
from connector.sync.runs import OPEN
from mappings import catalog
from mappings.models import BoardMapping, OnGone
from tenants.models import Health, Tenant


@dataclass(frozen=True)
class Tile:
    """Where one mapping stands. ``state`` is a badge of connector.wording."""

    mapping: BoardMapping
    entity: str
    state: str
    words: str
    counts: dict[str, int]
    oldest_unsent: datetime | None
    newest_change: str
    read_at: datetime | None
    calls_today: int
    open_run: int | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def unsent(self) -> int:
        return self.counts.get(LinkState.WAITING, 0) + self.counts.get(LinkState.SENDING, 0)

    @property
    def delivered(self) -> int:
        return self.counts.get(LinkState.DELIVERED, 0)

    @property
    def failed(self) -> int:
        respects = self.mapping.on_gone == OnGone.RESPECT
        gone = 0 if respects else self.counts.get(LinkState.GONE, 0)
        return self.counts.get(LinkState.FAILED, 0) + gone

    @property
    def uncertain(self) -> int:
        return self.counts.get(LinkState.UNCERTAIN, 0)

    @property
    def excluded(self) -> int:
        return self.counts.get(LinkState.EXCLUDED, 0)


def tiles_of(tenant: Tenant) -> list[Tile]:
    """In a constant number of queries, whatever the number of mappings and records."""
    mappings = list(mappings_of(tenant))
    facts = _Facts.of(tenant, mappings)
    return [facts.tile(mapping) for mapping in mappings]


def tile_of(tenant: Tenant, mapping: BoardMapping) -> Tile:
    return _Facts.of(tenant, [mapping]).tile(mapping)


@dataclass(frozen=True)
class _Facts:
    counts: dict[int, dict[str, int]]
    oldest: dict[int, datetime]
    marks: dict[tuple[int, str], Watermark]
    lanes: dict[tuple[str, str], BoardLane]
    calls: dict[tuple[str, str], int]
    runs: dict[int, int]

    @classmethod
    def of(cls, tenant: Tenant, mappings: list[BoardMapping]) -> "_Facts":
        links = RecordLink.objects.filter(mapping__in=mappings).order_by()
        waiting = links.filter(state=LinkState.WAITING)
        marks = Watermark.objects.of(tenant)
        lanes = BoardLane.objects.filter(board_id__in=[m.board_id for m in mappings])
        open_runs = SyncRun.objects.filter(mapping__in=mappings, finished_at=None).order_by()
        return cls(
            counts=_counts(links.values_list("mapping", "state").annotate(n=Count("*"))),
            oldest=dict(waiting.values_list("mapping").annotate(at=Min("waiting_since"))),
            marks={(mark.connection_id, mark.entity): mark for mark in marks},
            lanes={(lane.account, lane.board_id): lane for lane in lanes},
            calls=_calls_today(tenant),
            runs=dict(open_runs.values_list("mapping").annotate(newest=Max("pk"))),
        )

    def tile(self, mapping: BoardMapping) -> Tile:
        counts = self.counts.get(mapping.pk, {})
        mark = self.marks.get(mapping.stream)
        board = (mapping.monday.account_key, mapping.board_id)
        lane = self.lanes.get(board)
        entity = catalog.known(mapping.entity)
        state, words = _state(mapping, counts, lane=lane, mark=mark)
        return Tile(
            mapping=mapping,
            entity=entity.plural if entity else mapping.entity,
            state=state,
            words=words,
            counts=counts,
            oldest_unsent=self.oldest.get(mapping.pk),
            newest_change=mark.position if mark else "",
            read_at=mark.last_complete_at if mark else None,
            calls_today=self.calls.get(board, 0),
            open_run=self.runs.get(mapping.pk),
        )


def _counts(rows: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for mapping, state, number in rows:
        found.setdefault(mapping, {})[state] = number
    return found


def _calls_today(tenant: Tenant) -> dict[tuple[str, str], int]:
    """By account and board; monday's day begins at midnight UTC."""
    midnight = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        ApiCall.objects.of(tenant)
        .filter(started_at__gte=midnight)
        .order_by()
        .values_list("account", "board_id")
        .annotate(n=Count("*"))
    )
    return {(account, board): number for account, board, number in rows}


def _state(
    mapping: BoardMapping,
    counts: dict[str, int],
    *,
    lane: BoardLane | None,
    mark: Watermark | None,
) -> tuple[str, str]:
    """The badge and the sentence beside it; the first thing that is true."""
    if not mapping.active:
        return _stopped(mapping)
    for connection in (mapping.visma, mapping.monday):
        if connection.health == Health.NEEDS_PERSON:
            return "blocked", connection.health_reason
    if lane is not None and lane.paused_code:
        return "blocked", lane.paused_reason
    if mark is None or mark.last_complete_at is None:
        return "running", "Visma is being read for the first time."
    if open_ := sum(counts.get(state, 0) for state in OPEN):
        return "running", f"{open_} still on the way to the board."
    return "active", "Everything read so far is accounted for."


def _stopped(mapping: BoardMapping) -> tuple[str, str]:
    if mapping.is_draft:
        return "draft", "Not live yet: nothing has been written."
    return "paused", "Nothing is read or written until it is resumed."

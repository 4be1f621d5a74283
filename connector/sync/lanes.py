"""Board lanes: one writer per board, by a lease in database time with a fence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from connector.models import ApiCall, Batch, BoardLane, LinkState, RecordLink, Watermark, statements
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import label_records, subitems
from connector.sync.holders import is_dead, new_owner
from connector.sync.shares import turn
from mappings.models import BoardMapping, FieldPairing
from tenants.models import Health, Tenant

# Longer than a request may take (40 s) plus time to settle, so that a lease renewed just before
# sending outlives the answer.
LEASE = timedelta(seconds=60)
# As many changes as are planned at a time. A lane with more is a backlog and lets others go first.
FEW = 100
NEVER = datetime.min.replace(tzinfo=UTC)
# Subitems pause together with the items they stand under.
NOT_PAUSED = Q(parent=None) | Q(parent__active=True)


class LeaseLost(Exception):
    """Another worker holds the lane now; nothing more may be written under this lease."""


@dataclass
class Lease:
    """The right to write to one board until it is released or taken over."""

    lane: BoardLane
    fence: int
    owner: str = field(repr=False)


def lane_of(mapping: BoardMapping) -> BoardLane:
    lane, _ = BoardLane.objects.get_or_create(
        account=mapping.monday.account_key, board_id=mapping.board_id
    )
    return lane


def mappings_of(lane: BoardLane) -> list[BoardMapping]:
    """The active mappings that write to a lane's board, over all tenants of the account."""
    writers = WRITERS(board=lane.board_id)
    return [m for m in writers if m.monday.account_key == lane.account]


def _trusted(mappings: QuerySet[BoardMapping]) -> QuerySet[BoardMapping]:
    """Without those whose records are older than their boards until Visma was read again."""
    doubtful = Watermark.objects.filter(connection=OuterRef("visma"), doubtful_since__isnull=False)
    own, of_documents = (
        Exists(doubtful.filter(entity=OuterRef(entity))) for entity in ("entity", "parent__entity")
    )
    return mappings.exclude(own).exclude(of_documents)


WRITERS = Prepared(
    lambda: (
        _trusted(BoardMapping.objects.filter(NOT_PAUSED, board_id=Given("board"), active=True))
        .exclude(monday__health=Health.NEEDS_PERSON)
        .select_related("monday", "visma", "tenant")
        .prefetch_related("pairings")
        .order_by("id")
    )
)


def claim(lane_id: int) -> Lease | None:
    """Take the lane if it is free, or if its holder is gone.

    None if somebody works on it, or if it rests: a nudge may be older than the rest.
    """
    now = database_now()
    lane = ONE.one(lane=lane_id)
    if lane is None:
        raise BoardLane.DoesNotExist
    if lane.not_before and lane.not_before > now:
        return None
    if lane.lease_until and lane.lease_until > now and not is_dead(lane.lease_owner):
        return None
    owner = new_owner()
    taken = BoardLane.objects.filter(pk=lane_id, fence=lane.fence).update(
        fence=F("fence") + 1, lease_owner=owner, lease_until=now + LEASE, served_at=now
    )
    if not taken:
        return None
    lane.fence += 1
    return Lease(lane=lane, fence=lane.fence, owner=owner)


ONE = Prepared(lambda: BoardLane.objects.filter(pk=Given("lane")))


def seize(lane: BoardLane) -> Lease:
    """Take the lane whoever holds it: what the holder has under way is fenced off."""
    owner = new_owner()
    BoardLane.objects.filter(pk=lane.pk).update(
        fence=F("fence") + 1, lease_owner=owner, lease_until=database_now() + LEASE
    )
    lane.refresh_from_db(fields=["fence"])
    return Lease(lane=lane, fence=lane.fence, owner=owner)


HOLD = "UPDATE connector_boardlane SET lease_until = %s WHERE id = %s AND fence = %s"


def hold(lease: Lease) -> datetime:
    """Prove and prolong the lease; inside a transaction it also locks the lane until commit.

    One that has run out is as good as before while nobody took the lane over: whoever does so
    raises the fence. What else may have grown old meanwhile, such as a key, is asked by itself.
    Raises LeaseLost. Returns the database's time.
    """
    now = database_now()
    if not statements.change(HOLD, now + LEASE, lease.lane.pk, lease.fence):
        raise LeaseLost
    return now


def held_lanes() -> list[int]:
    """Lanes that a living worker holds, as far as one can tell from here."""
    return [pk for pk, owner in LEASED(now=database_now()) if not is_dead(owner)]


LEASED = Prepared(
    lambda: BoardLane.objects.filter(lease_until__gt=Given("now")).values_list("pk", "lease_owner")
)


def release(lease: Lease, *, not_before: datetime | None = None) -> None:
    BoardLane.objects.filter(pk=lease.lane.pk, fence=lease.fence).update(
        lease_until=None, lease_owner="", not_before=not_before
    )


def wake(lanes: QuerySet[BoardLane]) -> None:
    """They need not wait until they are looked at, but for what a restore asks of them."""
    lanes.update(not_before=F("quiet_until"))


def keep_quiet(lease: Lease, until: datetime) -> None:
    """Hand the lane back for a rest that nothing ends before its time."""
    BoardLane.objects.filter(pk=lease.lane.pk, fence=lease.fence).update(quiet_until=until)
    release(lease, not_before=until)


def lanes_of(mapping: BoardMapping) -> QuerySet[BoardLane]:
    """The lane of a mapping's board, if there is one yet."""
    return BoardLane.objects.filter(account=mapping.monday.account_key, board_id=mapping.board_id)


def due_lanes() -> list[int]:
    """Lanes with something to do now: few changes before many, then tenants and boards in turns.

    A tenant's turn comes sooner, the fewer calls it has made for its weight: one of weight 2 makes
    twice the calls of one of weight 1. What other boards link to counts as few: it has to be there
    before they are filled.
    """
    now = database_now()
    needs = _needs(now)
    if not needs:
        return []
    awake = Q(not_before=None) | Q(not_before__lte=now)
    lanes = BoardLane.objects.filter(awake, pk__in=needs).values_list("pk", "served_at")
    served = _recent_calls(needs.values(), now)
    return [
        pk
        for pk, served_at in sorted(
            lanes,
            key=lambda lane: (
                needs[lane[0]].backlog,
                min((served.get(tenant, 0) for tenant in needs[lane[0]].tenants), default=0),
                lane[1] or NEVER,
            ),
        )
    ]


def next_lane() -> int | None:
    """The lane that a worker should serve now: the most urgent that nobody works on."""
    due = due_lanes()
    busy = set(held_lanes()) if due else ()
    return next((pk for pk in due if pk not in busy), None)


def shortest_rest(lane_ids: Iterable[int]) -> timedelta | None:
    """How long until the first of these lanes may go on; None where nothing makes them wait."""
    wanted, now = set(lane_ids), database_now()
    ends = [at for pk, at in RESTING(now=now) if pk in wanted and at is not None]
    return min(ends) - now if ends else None


RESTING = Prepared(
    lambda: BoardLane.objects.filter(not_before__gt=Given("now")).values_list("pk", "not_before")
)


@dataclass
class Need:
    """Whose work waits on a lane; ``backlog``: more of it than a few changes."""

    tenants: set[int] = field(default_factory=set)
    backlog: bool = False


def _needs(now: datetime) -> dict[int, Need]:
    needs: dict[int, Need] = {}
    due = DUE_MAPPINGS(now=now)
    behind = list(label_records.due(now))
    known = _lanes_of([*due, *behind])
    for mapping in due:
        need = needs.setdefault(known[mapping.pk], Need())
        need.tenants.add(mapping.tenant_id)
        need.backlog |= mapping.has_backlog and not mapping.is_linked_to  # type: ignore[attr-defined]
    for mapping in behind:
        needs.setdefault(known[mapping.pk], Need()).tenants.add(mapping.tenant_id)
    for lane_id, tenant_id in UNSETTLED():
        needs.setdefault(lane_id, Need()).tenants.add(tenant_id)
    return needs


def _lanes_of(mappings: Sequence[BoardMapping]) -> dict[int, int]:
    """The lane of each mapping; those of new boards are made."""
    if not mappings:
        return {}
    boards = BoardLane.objects.filter(board_id__in=[m.board_id for m in mappings])
    known = {(account, board): pk for pk, account, board in boards.values_list(*LANE)}
    found = {m.pk: known.get((m.monday.account_key, m.board_id)) for m in mappings}
    return {m.pk: found[m.pk] or lane_of(m).pk for m in mappings}


LANE = ("pk", "account", "board_id")


def _recent_calls(needs: Iterable[Need], now: datetime) -> dict[int, float]:
    """Calls of the last minute for the weight of each tenant: who had fewer is served first."""
    tenants = {tenant for need in needs for tenant in need.tenants}
    if len(tenants) < 2:
        return {}
    since = now - timedelta(minutes=1)
    calls = ApiCall.objects.filter(tenant=OuterRef("pk"), started_at__gt=since).order_by()
    made = Subquery(calls.values("tenant").annotate(made=Count("pk")).values("made"))
    rows = Tenant.objects.filter(pk__in=tenants).order_by().values_list("pk", "weight", made)
    return {tenant: turn(number or 0, weight) for tenant, weight, number in rows}


def linked_to(mapping: Any) -> QuerySet[FieldPairing]:
    """Pairs of active mappings that link to this one's items."""
    return FieldPairing.objects.filter(link=mapping, mapping__active=True)


def due_links(now: Any) -> QuerySet[RecordLink]:
    """``now``: a time, or the place of one in a prepared query."""
    return RecordLink.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now), state=LinkState.WAITING
    )


def _due_mappings() -> QuerySet[BoardMapping]:
    links = due_links(Given("now")).filter(mapping=OuterRef("pk"))
    lines = subitems.ready(links)
    return (
        _trusted(BoardMapping.objects.filter(NOT_PAUSED, active=True))
        .exclude(monday__health=Health.NEEDS_PERSON)
        .filter(Q(Exists(links), parent__isnull=True) | Q(Exists(lines), parent__isnull=False))
        .annotate(
            has_backlog=Exists(links.order_by("waiting_since")[FEW : FEW + 1]),
            is_linked_to=Exists(linked_to(OuterRef("pk"))),
        )
        .select_related("monday")
        .only("tenant", "board_id", "monday__account_id")
    )


DUE_MAPPINGS = Prepared(_due_mappings)
UNSETTLED = Prepared(
    lambda: Batch.objects.exclude(state=Batch.State.SETTLED).values_list(
        "lane_id", "mapping__tenant"
    )
)

"""Foreground: read, deliver and settle one tenant's records until nothing is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet, Sum

from connector.errors import ConnectorError, Explanation
from connector.models import (
    ApiCall,
    Batch,
    BoardLane,
    Hint,
    LinkState,
    RecordLink,
    SyncRun,
    Trigger,
)
from connector.models.clock import database_now
from connector.sync import ageing, board_hooks, follow, hints, label_records, standing, watch
from connector.sync.lanes import lane_of
from connector.sync.poll import PassAccount, StreamBusy, poll
from connector.sync.runs import OPEN
from connector.sync.slices import work
from connector.sync.status import Cause, causes
from mappings import catalog
from mappings.models import BoardMapping
from tenants.models import Tenant, VismaConnection

# Longer waits (a daily limit, a paused board) end the command; the workers go on later.
PATIENCE = timedelta(minutes=3)
NAP = 0.2
NOW, JUST = timedelta(0), timedelta(seconds=2)
READ_SLICE = 5.0

# Called with what is done (“Supplier invoices read”, “Delivered”), how much of it, and of how much.
Progress = Callable[[str, int, int], None]
COLUMNS = ("read", "created", "updated", "archived", "unchanged", "excluded", "failed")


class NothingActive(Exception):
    """Zero records of no mapping would look like “all delivered”."""


@dataclass
class Account:
    """What one foreground sync did: read = created + updated + … + uncertain + waiting."""

    started_at: datetime
    runs: list[int] = field(default_factory=list)
    errors: list[Explanation] = field(default_factory=list)
    problems: list[Cause] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    monday_calls: int = 0
    visma_calls: int = 0
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """What an earlier pass left failed or waiting counts too: it is not on its board."""
        troubles = ("failed", "uncertain", "waiting")
        unsettled = any(self.counts[name] for name in troubles)
        return not (self.errors or self.problems or unsettled)


def sync(
    tenant: Tenant,
    *,
    entity: str = "",
    full: bool = False,
    since: str = "",
    progress: Progress = lambda what, done, total: None,
) -> Account:
    """Poll, deliver and settle until nothing is due, or what is due has to wait for long.

    ``full`` reads everything again, ``since`` what Visma changed from then on.
    Raises NothingActive where no active mapping could show anything.
    """
    account = Account(started_at=database_now())
    clock = time.monotonic()
    mappings = _active(tenant, entity)
    _read(mappings, account, Reading(full, since, progress))
    account.runs += [run.pk for m in ageing.due(mappings) if (run := ageing.age(m))]
    _deliver(mappings, progress)
    _add_up(account, tenant, mappings)
    for mapping in mappings:
        board_hooks.tend(mapping)
        watch.look(mapping)
    account.seconds = round(time.monotonic() - clock, 1)
    return account


def _active(tenant: Tenant, entity: str) -> list[BoardMapping]:
    own = BoardMapping.objects.of(tenant).filter(active=True).select_related("visma", "monday")
    mappings = list(own.filter(Q(entity=entity) | Q(parent__entity=entity)) if entity else own)
    if not mappings:
        about = f" for {entity}" if entity else ""
        raise NothingActive(f"{tenant} has no active mapping{about}: there is nothing to deliver.")
    return mappings


@dataclass(frozen=True)
class Reading:
    """What to read of each stream, and whom to tell how far it is."""

    full: bool
    since: str
    progress: Progress


def _read(mappings: list[BoardMapping], account: Account, wanted: Reading) -> None:
    streams = {m.stream: m.visma for m in mappings if m.parent_id is None}
    visma = {mapping.visma_id: mapping.visma for mapping in mappings}
    for visma_id, entity, _ in label_records.streams():
        if visma_id in visma:
            streams[(visma_id, entity)] = visma[visma_id]
    for (_, entity), connection in streams.items():
        try:
            done = _read_stream(connection, entity, wanted)
        except ConnectorError as error:
            account.errors.append(error.why)
        else:
            account.runs += done.runs
            if done.unreadable:
                account.errors.append(_unreadable(done.unreadable))


def _read_stream(connection: VismaConnection, entity: str, wanted: Reading) -> PassAccount:
    """In slices, so that the bar moves; a pass that was cut short earlier is gone on with."""
    read, words = 0, f"{catalog.entity(entity).plural} read"
    while True:
        try:
            account = poll(
                connection,
                entity,
                trigger=Trigger.PERSON,
                full=wanted.full,
                since=wanted.since,
                seconds=READ_SLICE,
            )
        except StreamBusy:
            time.sleep(NAP)
            continue
        read += account.read
        wanted.progress(words, read, max(account.total or 0, read))
        if account.complete:
            return account


def _unreadable(words: str) -> Explanation:
    return Explanation(
        code="record_unreadable",
        happened=words,
        remedy="Look for these records in Visma; each needs a number of its own.",
        fixer="visma_admin",
    )


def _deliver(mappings: list[BoardMapping], progress: Progress) -> None:
    links = RecordLink.objects.filter(mapping__in=mappings)
    lanes = _in_order(mappings)
    while _tell(links, progress):
        _fetch_what_is_named(mappings)
        worked = [work(lane) for lane in lanes if _is_due(lane)]
        if not any(worked) and not _wait_for_more(links, lanes):
            break
    _tell(links, progress)


def _tell(links: QuerySet[RecordLink], progress: Progress) -> int:
    """How many are still on their way."""
    remaining, known = links.filter(state__in=OPEN).count(), links.count()
    progress("Delivered", known - remaining, known)
    return remaining


def _in_order(mappings: list[BoardMapping]) -> list[int]:
    """What these boards link to first: it is delivered too, though it may not be asked for."""
    ordered = list(mappings)
    level = {mapping.pk for mapping in mappings}
    known = set(level)
    while level:
        rows = BoardMapping.objects.filter(active=True, linked_pairings__mapping__in=level)
        found = list(rows.distinct().select_related("monday"))
        ordered = [*found, *ordered]
        level = {mapping.pk for mapping in found} - known
        known |= level
    return list(dict.fromkeys(lane_of(mapping).pk for mapping in ordered))


def _fetch_what_is_named(mappings: list[BoardMapping]) -> None:
    """Records that others name and that were never read: nothing else looks after such hints."""
    asked = Hint.objects.filter(
        visma__in=[m.visma_id for m in mappings], event=hints.NAMED, handled_at=None
    )
    for visma_id in set(asked.values_list("visma", flat=True)):
        follow.follow(visma_id, seconds=READ_SLICE)


def _is_due(lane_id: int) -> bool:
    now = database_now()
    return BoardLane.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now), pk=lane_id
    ).exists()


def _wait_for_more(links: QuerySet[RecordLink], lanes: list[int]) -> bool:
    """Sleep until the next thing is due; False where that is too far away."""
    now = database_now()
    held = BoardLane.objects.filter(pk__in=lanes, lease_until__gt=now).exists()
    next_at = [
        links.filter(state=LinkState.WAITING).aggregate(at=Min("not_before"))["at"],
        Batch.objects.filter(lane__in=lanes)
        .exclude(state=Batch.State.SETTLED)
        .aggregate(at=Min("not_before"))["at"],
        BoardLane.objects.filter(pk__in=lanes).aggregate(at=Min("not_before"))["at"],
    ]
    # What came due while this was found out is looked at again, and no more than that: a lane
    # keeps the time of its last rest.
    waits = [max(at - now, NOW) for at in next_at if at is not None and at > now - JUST]
    if not held and (not waits or min(waits) > PATIENCE):
        return False
    pause = min(waits, default=timedelta(seconds=NAP))
    time.sleep(max(min(pause.total_seconds(), 5.0), NAP))
    return True


def _add_up(account: Account, tenant: Tenant, mappings: list[BoardMapping]) -> None:
    # A long reading looks for the latest changes in a run beside it, which then takes records
    # over: there they are counted, and here once.
    since = Q(mapping__in=mappings, started_at__gte=account.started_at)
    runs = SyncRun.objects.filter(Q(pk__in=account.runs) | since)
    sums = runs.aggregate(**{name: Sum(name, default=0) for name in (*COLUMNS, "superseded")})
    sums["read"] -= sums.pop("superseded")
    open_links = RecordLink.objects.filter(run__in=runs, state__in=OPEN)
    uncertain = open_links.filter(state=LinkState.UNCERTAIN).count()
    account.counts = {
        **sums,
        "uncertain": uncertain,
        "waiting": open_links.count() - uncertain,
    }
    account.problems = causes(RecordLink.objects.filter(mapping__in=mappings))
    account.errors += standing.waits(mappings)
    calls = ApiCall.objects.of(tenant).filter(started_at__gte=account.started_at)
    made = calls.aggregate(
        monday=Count("pk", filter=Q(account__startswith="monday:")),
        visma=Count("pk", filter=Q(account__startswith="visma:")),
    )
    account.monday_calls, account.visma_calls = made["monday"], made["visma"]

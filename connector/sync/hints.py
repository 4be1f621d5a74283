"""Hints: webhook calls kept until somebody has looked where they point.

A hint costs at most one fetch, and all hints about one record together cost one. What they say
is never believed: a record is fetched, and what names no record makes its stream be read.
"""

import hashlib
import logging
import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db import connection as database
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now
from django_q.tasks import async_task

from connector.models import Hint, Source
from connector.models.clock import SQL, database_now
from connector.models.prepared import Given, Prepared
from tenants.models import Health, MondayConnection, VismaConnection

log = logging.getLogger(__name__)

# A nudge that nobody has taken up after this is taken for lost.
NUDGE_LOST = timedelta(seconds=10)
TOLD = {
    "sqlite": "hints_nudged_at > strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-10 seconds')",
    "postgresql": "hints_nudged_at > clock_timestamp() - interval '10 seconds'",
}
# Longer than a worker's slice over hints may take; after that its hints are somebody else's.
CLAIM = timedelta(minutes=2)
AT_ONCE = 500
# The events of hints that we leave for ourselves: what we have changed, and what a record names
# that was never read.
OWN = "own_change"
NAMED = "named"
OURS = (OWN, NAMED)

# What hints of one source tell about: a reading of it answers them all.
STREAM = {"visma": "entity", "monday": "board_id"}

UNSAID: dict[str, Any] = dict.fromkeys(("event", "entity", "board_id", "key", "found"), "")

AnyConnection = VismaConnection | MondayConnection


# Whose hint it is: the id of a Visma connection and of a monday connection, one of them None.
Whose = tuple[int | None, int | None]


def keep(connection: AnyConnection, raw: bytes, *, dedupe_id: str, **facts: Any) -> bool:
    """Store a call; False if it was stored before. Raises DatabaseError when it cannot be kept."""
    return bool(store([row(connection, raw, dedupe_id=dedupe_id, **facts)]))


def row(connection: AnyConnection, raw: bytes, *, dedupe_id: str, **facts: Any) -> dict[str, Any]:
    """The columns of a call's hint.

    A call without an id of its own cannot be told from a new one, so it counts as new.
    """
    ids = {"visma_id": None, "monday_id": None, f"{connection.SYSTEM}_id": connection.pk}
    return (
        UNSAID
        | ids
        | {
            "source": Source(connection.SYSTEM).value,
            "tenant_id": connection.tenant_id,
            "dedupe_id": dedupe_id or f"none:{uuid.uuid4().hex}",
            "raw_sha256": hashlib.sha256(raw).hexdigest(),
            **facts,
        }
    )


def store(rows: list[dict[str, Any]]) -> set[Whose]:
    """Store all or none, but for those that are stored already; whose hints are new.

    One statement and no transaction around it: in a storm each further one is felt. The rows are
    in one order, so that two that store the same calls cannot lock each other out.
    """
    rows = sorted(
        rows, key=lambda row: (row["visma_id"] or 0, row["monday_id"] or 0, row["dedupe_id"])
    )
    names = sorted(rows[0])
    now = SQL[database.vendor].replace("%", "%%")
    places = ", ".join([f"({', '.join(['%s'] * len(names))}, ({now}))"] * len(rows))
    statement = (
        f"INSERT INTO {Hint._meta.db_table} ({', '.join(names)}, received_at) "  # noqa: S608 - ours
        f"VALUES {places} ON CONFLICT DO NOTHING RETURNING visma_id, monday_id"
    )
    with database.cursor() as cursor:
        cursor.execute(statement, [row[name] for row in rows for name in names])
        return {(visma, monday) for visma, monday in cursor.fetchall()}


def remember(connection: VismaConnection, entity: str, key: str) -> None:
    """A record that we have changed ourselves: it is read again like any other that changed."""
    keep(connection, b"", dedupe_id="", event=OWN, verified=True, entity=entity, key=key)


def nudge(connection: AnyConnection) -> None:
    of_visma = isinstance(connection, VismaConnection)
    nudge_for({(connection.pk, None) if of_visma else (None, connection.pk)})


def nudge_for(owners: Iterable[Whose]) -> None:
    """Wake a worker for each, unless one was told already and has not looked yet.

    The worker clears the mark before it looks, so it sees every hint stored until then. A nudge
    that fails is no loss: the tick finds the hint.
    """
    try:
        for visma, monday in owners:
            model = MondayConnection if visma is None else VismaConnection
            pk = monday if visma is None else visma
            if _mark(model, pk):
                async_task("connector.tasks.follow_hints", model.SYSTEM, pk)
    except DatabaseError:
        log.warning("A hint is stored, but no worker could be told: the tick will")


def _mark(model: type[AnyConnection], pk: int | None) -> bool:
    """Looking first keeps a storm from waiting in line for the write lock."""
    if _was_told(model, pk):
        return False
    told = Q(hints_nudged_at=None) | Q(hints_nudged_at__lt=Now() - NUDGE_LOST)
    rows = model._default_manager.filter(told, pk=pk)
    return bool(rows.update(hints_nudged_at=Now()))


def _was_told(model: type[AnyConnection], pk: int | None) -> bool:
    """Written out: to have it put together anew cost a call more than storing the hint."""
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {model._meta.db_table} "  # noqa: S608 - our own name
            f"WHERE id = %s AND {TOLD[database.vendor]}",
            [pk],
        )
        return cursor.fetchone() is not None


def look(connection: AnyConnection) -> None:
    """Said by a worker before it looks for hints: from now on a new one needs a new nudge."""
    type(connection)._default_manager.filter(pk=connection.pk).update(hints_nudged_at=None)


def pending(now: Any) -> QuerySet[Hint]:
    """``now``: a time, or the place of one in a prepared query."""
    return Hint.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now),
        Q(claimed_until=None) | Q(claimed_until__lte=now),
        handled_at=None,
    )


def due_connections() -> list[tuple[str, int]]:
    """Connections with hints that nobody looks after: (source, id)."""
    now = database_now()
    return [(str(source), pk) for source, hinted in HINTED.items() for pk in hinted(now=now)]


def _hinted(source: Source) -> Prepared[int]:
    well = ~Q(**{f"{source}__health": Health.NEEDS_PERSON})
    return Prepared(
        lambda: (
            pending(Given("now"))
            .filter(well, source=source)
            .values_list(str(source), flat=True)
            .distinct()
        )
    )


HINTED = {source: _hinted(source) for source in (Source.VISMA, Source.MONDAY)}


def claim(connection: AnyConnection, *, but: Collection[str] = ()) -> list[Hint]:
    """Hints to look after now, the oldest first; nobody else gets them for a while.

    ``but``: streams whose hints wait, except for our own.
    """
    now = database_now()
    wanted = Q(**{connection.SYSTEM: connection})
    if but:
        wanted &= ~Q(**{f"{STREAM[connection.SYSTEM]}__in": but}) | Q(event__in=OURS)
    with transaction.atomic():
        hints = list(
            pending(now).filter(wanted).select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]
        )
        _of(hints).update(claimed_until=now + CLAIM)
    return hints


def done(hints: list[Hint], found: str, *, read_at: datetime | None = None) -> None:
    """Looked after; call it in the transaction that stores what was found.

    ``read_at``: when their records were asked for. That answers all hints about them that were
    there before, whoever has claimed them.
    """
    if not hints:
        return
    looked_after = Q(pk__in=[hint.pk for hint in hints])
    if read_at is not None:
        one = hints[0]
        same = Q(visma=one.visma_id, entity=one.entity, key__in={hint.key for hint in hints})
        looked_after |= same & Q(received_at__lt=read_at)
    rows = Hint.objects.filter(looked_after, handled_at=None)
    rows.update(handled_at=database_now(), found=found, claimed_until=None)


def waiting(connection: VismaConnection, entity: str) -> int:
    """The newest hint about a stream so far; 0 without any."""
    rows = Hint.objects.filter(visma=connection, entity=entity, handled_at=None)
    newest: int | None = rows.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def done_until(newest: int, connection: VismaConnection, entity: str, found: str) -> None:
    """A complete reading of the stream answers every hint about it that was there before."""
    rows = Hint.objects.filter(visma=connection, entity=entity, handled_at=None, pk__lte=newest)
    rows.update(handled_at=database_now(), found=found, claimed_until=None)


def later(hints: list[Hint], wait: timedelta = timedelta(0)) -> None:
    """Not looked after yet: somebody will, once the wait is over."""
    until = database_now() + wait if wait else None
    _of(hints).update(claimed_until=None, not_before=until)


def _of(hints: list[Hint]) -> QuerySet[Hint]:
    return Hint.objects.filter(pk__in=[hint.pk for hint in hints])

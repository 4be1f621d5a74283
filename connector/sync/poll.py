"""Poll: read one stream of Visma since its watermark, page by page.

The watermark moves only after a complete pass, and only to a timestamp that Visma sent.
"""

import logging
import math
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from connector.errors import AskAPerson, ConnectorError, Explanation, TryAgain
from connector.models import Pass, Trigger, Watermark
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import label_records, reading, vanish
from connector.sync.holders import is_dead, new_owner
from connector.sync.reading import LEASE, PassAccount, Stream, StreamBusy
from connector.sync.runs import close_interrupted
from connector.sync.waits import trust_again
from connector.visma.records import moment
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import Health, VismaConnection

__all__ = ["PassAccount", "StreamBusy", "due_streams", "poll"]

log = logging.getLogger(__name__)

# Read again what the last pass may have missed: records committed late in Visma, and both
# crossings of daylight saving time, since Visma's timestamps carry no zone.
OVERLAP = timedelta(hours=2)
# Offset paging skips rows when others are deleted meanwhile; such a pass is read again.
MAX_PASSES = 3
BACK_OFF = timedelta(minutes=1)
# When the nightly readings begin, by the tenant's clock, and over how long their starts are spread.
NIGHT = timedelta(hours=2)
NIGHT_MINUTES = 180
# A stream that was read as a whole during the evening can do without it this night.
RESTED = timedelta(hours=12)


def due_streams(*, now: datetime) -> list[tuple[int, str]]:
    """Streams of active mappings whose poll interval has passed."""
    streams: dict[tuple[int, str], int] = {}
    for visma_id, entity, minutes in POLLED():
        stream = (visma_id, entity)
        streams[stream] = min(minutes, streams.get(stream, minutes))
    for visma_id, entity, minutes in label_records.streams():
        stream = (visma_id, entity)
        streams[stream] = min(minutes, streams.get(stream, minutes))
    marks = {(mark.connection_id, mark.entity): mark for mark in MARKS()}
    return [s for s, minutes in streams.items() if _is_due(marks.get(s), minutes, now)]


POLLED = Prepared(
    lambda: (
        BoardMapping.objects.filter(active=True, parent=None)  # lines come in documents
        .exclude(visma__health=Health.NEEDS_PERSON)
        .values_list("visma", "entity", "poll_minutes")
    )
)

MARKS = Prepared(
    lambda: Watermark.objects.filter(
        connection__in=BoardMapping.objects.filter(active=True).order_by().values("visma")
    ).select_related("under_way")
)


def _is_due(mark: Watermark | None, minutes: int, now: datetime) -> bool:
    if mark is None or mark.last_started_at is None:
        return True
    if mark.not_before and mark.not_before > now:
        return False
    if hasattr(mark, "under_way"):  # a pass that is not over goes on, unless somebody reads it now
        return mark.lease_until is None or mark.lease_until <= now
    # Half a beat of grace: a poll a minute must not become one every second minute.
    return now - mark.last_started_at >= timedelta(minutes=minutes) - timedelta(seconds=8)


def poll(
    connection: VismaConnection,
    entity: str,
    *,
    trigger: str = Trigger.SCHEDULE,
    full: bool = False,
    since: str = "",
    seconds: float = math.inf,
) -> PassAccount:
    """Read one stream to its end, or for so many seconds; then the next call goes on.

    ``full``: everything again. ``since``: what Visma changed from then on, in its own writing.
    Raises StreamBusy, and ConnectorError after noting it on the connection or the watermark.
    """
    mark = _claim(connection, entity)
    under_way, trigger = _pass_for(mark, trigger, since if since or full else None)
    stream = Stream(connection, mark, trigger, time.monotonic() + seconds)
    try:
        account = _read(stream, under_way)
    except ConnectorError as error:
        _note(stream, error)
        raise
    except StreamBusy:
        raise
    except Exception:
        _free(stream, BACK_OFF)  # an error of our own: others may read the stream soon
        raise
    if account.complete:
        _move(mark, account, sure=bool(mark.position) or not since)
    else:
        _hand_back(mark)
    tenants.connection_ok(connection)
    return account


def _pass_for(mark: Watermark, trigger: str, since: str | None) -> tuple[Pass, str]:
    """The pass to go on with, or a new one since the watermark or since what is asked for."""
    if since is not None and mark.position:  # a later day than was read up to skips nothing
        since = min(since, _since(mark), key=moment)
    under_way = UNDER_WAY.one(mark=mark.pk)
    if under_way is not None and since in (None, under_way.since):
        return under_way, trigger
    if under_way is not None:
        under_way.delete()
    close_interrupted(mark.connection_id, mark.entity)
    first = not mark.position and since is None
    nightly = since is None and is_nightly(mark, database_now())
    wanted = "" if nightly else _since(mark) if since is None else since
    begun = Pass(mark=mark, since=wanted, started_at=database_now())
    return begun, Trigger.BACKFILL if first and trigger == Trigger.SCHEDULE else trigger


UNDER_WAY = Prepared(lambda: Pass.objects.filter(mark=Given("mark")))


def is_nightly(mark: Watermark, now: datetime) -> bool:
    """Whether the stream has to be read as a whole: once in each night of the tenant.

    Only that finds records deleted in Visma, which no list of changes tells.
    """
    last = mark.counted_at or mark.last_complete_at
    if last is None or now - last < RESTED:
        return False
    zone = ZoneInfo(mark.connection.tenant.timezone)
    start = NIGHT + timedelta(minutes=mark.pk % NIGHT_MINUTES)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    today = midnight + start
    latest = today if today <= now else today - timedelta(days=1)
    return last < latest


def _claim(connection: VismaConnection, entity: str) -> Watermark:
    mark, _ = Watermark.objects.get_or_create(connection=connection, entity=entity)
    now = database_now()
    if mark.lease_until and mark.lease_until > now and not is_dead(mark.lease_owner):
        raise StreamBusy
    taken = Watermark.objects.filter(pk=mark.pk, fence=mark.fence).update(
        fence=F("fence") + 1,
        lease_owner=new_owner(),
        lease_until=now + LEASE,
        last_started_at=now,
    )
    if not taken:
        raise StreamBusy
    mark.fence += 1
    return mark


def _since(mark: Watermark) -> str:
    """What a long pass has read early may have changed before it was over: its length is added."""
    if not mark.position:
        return ""
    # Six decimals are as many as Python keeps; cutting rounds down, which only reads more.
    read_until = datetime.fromisoformat(moment(mark.position)[:26])
    return (read_until - OVERLAP - mark.lasted).isoformat(timespec="milliseconds")


def _read(stream: Stream, under_way: Pass) -> PassAccount:
    """One pass, read anew where rows moved, and a second where records are missed."""
    runs: list[int] = []
    while True:
        account = reading.read(stream, under_way)
        account.runs = runs = list(dict.fromkeys(runs + account.runs))
        if not account.complete:
            return account
        following = _following(stream, under_way, account)
        Pass.objects.filter(pk=under_way.pk).delete()
        if following is None:
            return account
        under_way = following


def _following(stream: Stream, under_way: Pass, account: PassAccount) -> Pass | None:
    """The pass that has to follow at once, if any."""
    begun = Pass(mark=stream.mark, since=under_way.since, started_at=database_now())
    if reading.is_disturbed(under_way, account):
        if under_way.attempt >= MAX_PASSES:
            Pass.objects.filter(pk=under_way.pk).delete()
            raise TryAgain(DISTURBED)
        log.info("Rows moved while reading %s; reading again", stream.mark)
        begun.attempt, begun.suspects = under_way.attempt + 1, under_way.suspects
        return begun
    missing = _missing(stream, account)
    if not missing:
        return None
    if under_way.suspects is None:
        begun.since, begun.suspects = "", sorted(missing)
        return begun
    gone = missing & set(under_way.suspects)
    account.runs += vanish.vanish(stream, gone)
    return None


def _missing(stream: Stream, account: PassAccount) -> set[int]:
    """What two complete readings in a row have not met is gone; any doubt, and nothing is.

    A reading without a row or without a count proves nothing.
    """
    if not account.whole or not account.read or not account.counted:
        return set()
    before = account.started_at
    return vanish.missing(stream.connection, stream.mark.entity, account.seen, before=before)


def _move(mark: Watermark, account: PassAccount, *, sure: bool) -> None:
    """The pass is complete: remember how far it read. Never backwards.

    ``sure``: it has read everything that a restored database may have forgotten.
    """
    position = max(mark.position, account.newest, key=moment)
    now = database_now()
    moved = Watermark.objects.filter(pk=mark.pk, fence=mark.fence).update(
        position=position,
        counted_at=account.started_at if account.whole else mark.counted_at,
        lasted=_counting(now - account.started_at),
        unreadable=account.unreadable,
        lease_until=None,
        not_before=None,
        last_complete_at=now,
        **({"doubtful_since": None} if sure else {}),
    )
    if moved and sure and mark.doubtful_since is not None:
        trust_again(mark.connection_id, mark.entity)


def _counting(lasted: timedelta) -> timedelta:
    """The length of a pass, if it took minutes: the overlap covers the rest."""
    return lasted if lasted > timedelta(minutes=1) else timedelta(0)


def _hand_back(mark: Watermark) -> None:
    """The time is over, the pass is not: it is due again at once."""
    Watermark.objects.filter(pk=mark.pk, fence=mark.fence).update(lease_until=None, not_before=None)


def _note(stream: Stream, error: ConnectorError) -> None:
    """Free the stream, say when it is tried again, and tell who has to act."""
    wait = error.after if isinstance(error, TryAgain) and error.after else BACK_OFF
    _free(stream, wait)
    if isinstance(error, AskAPerson):
        tenants.connection_needs_person(
            stream.connection, happened=error.why.happened, remedy=error.why.remedy
        )


def _free(stream: Stream, wait: timedelta) -> None:
    Watermark.objects.filter(pk=stream.mark.pk, fence=stream.mark.fence).update(
        lease_until=None, not_before=database_now() + wait
    )


DISTURBED = Explanation(
    code="reading_disturbed",
    happened="Records were removed in Visma while they were being read.",
    remedy="Nothing to do: the reading starts again by itself.",
    fixer="nobody",
)

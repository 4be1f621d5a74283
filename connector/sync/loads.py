"""Loads: a frozen bulk load is started, given its file, followed, and found again on the board.

Each step is written down before the next, so that whoever comes after a crash goes on from it. A
load whose name is not known yet cannot have written anything: nobody has its address.
"""

import json
import time
from datetime import datetime, timedelta
from typing import NoReturn

from django.db import transaction

from connector.clients import upload_rows
from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.models import Batch, LinkState, RecordLink
from connector.models.clock import database_now
from connector.monday import bulk
from connector.monday.bulk import Load, LoadState
from connector.monday.documents import OTHER_COST, Document
from connector.sync import landing, pauses
from connector.sync.boards import Desk
from connector.sync.bulk import AFTER_REFUSAL, hold_off
from connector.sync.deliver import LaneStops, key_is_old, mark_sent
from connector.sync.lanes import Lease, hold
from connector.sync.recover import QUARANTINE
from connector.sync.settlement import back_off

# The address of a file lives for 10 minutes; an upload may take 40 seconds of them.
ADDRESS_LIFE = timedelta(minutes=9)
# monday advises to ask about every 10 seconds; small loads are done in a few.
FIRST_LOOK = timedelta(seconds=5)
LATER_LOOK = timedelta(seconds=15)
# A load that has not ended after so long never will, or nobody can say what became of it.
LONGEST = timedelta(hours=2)


def advance(lease: Lease, desk: Desk, batch: Batch) -> None:
    """Bring a load one step further. Raises LaneStops where it has to wait."""
    now = database_now()
    if batch.not_before and batch.not_before > now:
        raise _wait(batch, batch.not_before - now)
    if batch.load_id:
        _follow(lease, desk, batch, now)
    elif not key_is_old(batch, now):
        _begin(lease, desk, batch)
    else:
        _drop(lease, desk, batch, pause=AFTER_REFUSAL)


def _begin(lease: Lease, desk: Desk, batch: Batch) -> None:
    """Start the load, or learn its name and address once more: same bytes, same key."""
    document = Document("ingest_items", batch.document, json.loads(batch.variables), mutation=True)
    rows = 0 if batch.load_id else len(batch.members)
    try:
        slot = desk.ledger.reserve("ingest_items", mutation=True, cost=OTHER_COST, items=rows)
    except Throttled as error:
        raise LaneStops(error, error.after or FIRST_LOOK) from error
    # A worker that is frozen from here on must not start a load that others have given up.
    began = time.monotonic()
    mark_sent(lease, desk, batch, slot)
    key = str(batch.idempotency_key)
    try:
        answer = desk.client.execute(document, slot=slot, idempotency_key=key, began=began)
        load = bulk.read_load(answer)
    except ConnectorError as error:
        _not_begun(lease, desk, batch, error)
    else:
        _note(lease, batch, load_id=load.id, request_id=answer.request_id[:100])
        _upload(lease, desk, batch, load)


def _not_begun(lease: Lease, desk: Desk, batch: Batch, error: ConnectorError) -> None:
    """No load is known to run: either the same start is tried again, or batches take over."""
    if batch.load_id:
        _go_on(lease, batch, error)
    waits_for_load = isinstance(error, Throttled) and error.why.code == "rate_limit"
    if isinstance(error, GiveUp) or waits_for_load:
        after = error.after if isinstance(error, Throttled) else None
        _drop(lease, desk, batch, error, after or AFTER_REFUSAL)
        return
    if isinstance(error, AskAPerson):
        _drop(lease, desk, batch, error, timedelta(0))
        raise LaneStops(error, timedelta(0)) from error
    after = error.after if isinstance(error, TryAgain | OutcomeUnknown) else None
    after = after or back_off(batch.sends)
    state = Batch.State.UNKNOWN if isinstance(error, OutcomeUnknown) else Batch.State.SENT
    _note(lease, batch, state=state, not_before=database_now() + after, error=error.why.happened)
    raise LaneStops(error, after) from error


def _go_on(lease: Lease, batch: Batch, error: ConnectorError) -> NoReturn:
    """monday may have the file and write its rows: the load's own state will tell."""
    after = error.after if isinstance(error, TryAgain | OutcomeUnknown) else None
    after = timedelta(0) if isinstance(error, AskAPerson) else after or LATER_LOOK
    _note(lease, batch, not_before=database_now() + after, error=error.why.happened)
    raise LaneStops(error, after) from error


def _upload(lease: Lease, desk: Desk, batch: Batch, load: Load) -> None:
    hold(lease)
    try:
        upload_rows(load, batch.rows)
    except GiveUp as error:
        if batch.sends > 1:
            _go_on(lease, batch, error)
        _drop(lease, desk, batch, error, AFTER_REFUSAL)
    except TryAgain as error:
        # Whether monday has the file is what the load's own state will tell.
        _note(lease, batch, not_before=database_now() + FIRST_LOOK, error=error.why.happened)
        raise LaneStops(error, FIRST_LOOK) from error
    else:
        now = database_now()
        _note(lease, batch, uploaded_at=now, not_before=now + FIRST_LOOK, error="")
        raise _wait(batch, FIRST_LOOK)


def _follow(lease: Lease, desk: Desk, batch: Batch, now: datetime) -> None:
    try:
        state = bulk.load_state(desk.client, batch.load_id)
    except ConnectorError as error:
        # Only that answer is about the load: after any other monday may still write its rows.
        if error.why.code != "load_gone" and not _is_too_old(batch, now):
            _go_on(lease, batch, error)
        landing.land(lease, desk, batch, None)
        return
    pauses.end(lease.lane, whole=True)
    if state.is_over:
        _land(lease, desk, batch, state)
    elif state.status == "UPLOAD_PENDING" and batch.uploaded_at is None:
        _upload_again(lease, desk, batch, now)
    elif _is_too_old(batch, now):
        landing.land(lease, desk, batch, None)
    else:
        after = LATER_LOOK if batch.percent or state.percent else FIRST_LOOK
        _note(lease, batch, percent=min(state.percent, 100), not_before=now + after, error="")
        raise _wait(batch, after)


def _is_too_old(batch: Batch, now: datetime) -> bool:
    return now - (batch.uploaded_at or batch.first_sent_at or now) > LONGEST


def _upload_again(lease: Lease, desk: Desk, batch: Batch, now: datetime) -> None:
    """The same start, asked again, names the same address while that is good.

    A file whose arrival is not known may have come at the last moment: monday would begin with it.
    """
    assert batch.first_sent_at is not None  # noqa: S101  it has a name, so it was sent
    age = now - batch.first_sent_at
    if age < ADDRESS_LIFE:
        _begin(lease, desk, batch)
    elif age < ADDRESS_LIFE + QUARANTINE:
        _note(lease, batch, not_before=now + LATER_LOOK)
        raise _wait(batch, LATER_LOOK)
    else:
        hold_off(desk.mapping, AFTER_REFUSAL)
        landing.land(lease, desk, batch, None)


def _land(lease: Lease, desk: Desk, batch: Batch, state: LoadState) -> None:
    if state.status != "COMPLETED" and not desk.mapping.bulk_not_before:
        hold_off(desk.mapping, AFTER_REFUSAL)
    if state.status != "COMPLETED" and state.written == 0:
        _drop(lease, desk, batch, why=state.reason)
    else:
        landing.land(lease, desk, batch, state)


def _drop(
    lease: Lease,
    desk: Desk,
    batch: Batch,
    error: ConnectorError | None = None,
    pause: timedelta = timedelta(0),
    *,
    why: str = "",
) -> None:
    """The load has written nothing and never will: its members wait again."""
    with transaction.atomic():
        now = hold(lease)
        members = RecordLink.objects.filter(batch=batch)
        members.update(state=LinkState.WAITING, batch=None)
        batch.error = error.why.happened if error else why
        batch.state, batch.settled_at, batch.rows = Batch.State.SETTLED, now, ""
        batch.save(update_fields=["state", "settled_at", "rows", "error"])
    if pause:
        hold_off(desk.mapping, pause)


def _note(lease: Lease, batch: Batch, **facts: object) -> None:
    """Write down how far the load has come."""
    for name, value in facts.items():
        setattr(batch, name, value)
    with transaction.atomic():
        hold(lease)
        batch.save(update_fields=list(facts))


def _wait(batch: Batch, after: timedelta) -> LaneStops:
    why = Explanation(
        code="bulk_load",
        happened=f"monday.com works on {batch}: {batch.percent} % are done.",
        remedy="Nothing to do: the items are linked as soon as monday is done.",
        fixer="nobody",
    )
    return LaneStops(TryAgain(why), after)

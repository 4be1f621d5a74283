"""Slices: a worker takes a board for at most ten seconds and hands it back: boards take turns."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from connector.errors import AskAPerson, ConnectorError, GiveUp, Throttled, TryAgain
from connector.models import Batch, BoardLane, Operation, RecordLink
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import bulk, drift, label_columns, loads, pauses
from connector.sync.boards import Desk, desk_of, forget_board
from connector.sync.choose import batches, choose, due, is_of_backlog
from connector.sync.deliver import LaneStops, freeze, send
from connector.sync.lanes import (
    Lease,
    LeaseLost,
    claim,
    mappings_of,
    next_lane,
    release,
    shortest_rest,
)
from connector.sync.recover import look_up, recover, unsettled
from connector.sync.settlement import back_off
from mappings.models import BoardMapping

log = logging.getLogger(__name__)

SLICE = 10.0
# A worker serves boards for so long before it looks for tasks of other kinds.
TURN = 20.0
LOOK = 0.25
# As long as a limit of the minute may ask for.
LONGEST_REST = timedelta(seconds=65)
# What a desk is laid out from; a slice goes on with the same desk while none of it changes.
WATCHED = ("pk", "version", "board_read_at", "monday__health")
# After an error of our own: no hot loop, and the other boards go on.
AFTER_BUG = timedelta(minutes=1)

Settle = Callable[[Lease, Desk, Batch], None]
# How a batch is brought to its end; items are recovered.
SETTLING: dict[str, Settle] = {
    Operation.BULK: loads.advance,
    Operation.LABELS: label_columns.recover,
}


def take_turn(
    called_for: int | None = None,
    *,
    seconds: float = TURN,
    wanted_elsewhere: Callable[[], bool] = lambda: False,
) -> bool:
    """Serve whichever boards are most urgent. True if there is more to do soon.

    The rests that a limit asks of the boards served here, or of the one the worker was
    ``called_for``, are waited for, unless the worker is wanted elsewhere: a tick comes too late
    to fill the minute.
    """
    until = time.monotonic() + seconds
    watched, served = {called_for} if called_for else set[int](), False
    while (left := until - time.monotonic()) > 0:
        # Asked first: a rest that ends between the two questions is no reason to leave.
        rest = shortest_rest(watched)
        lane = next_lane()
        if lane is not None:
            watched.add(lane)
            served = True
            work(lane, seconds=min(SLICE, left))
        elif rest is None or rest > LONGEST_REST:
            return False
        elif not _wait(min(rest.total_seconds(), left), wanted_elsewhere):
            return served
    return True


def _wait(seconds: float, wanted_elsewhere: Callable[[], bool]) -> bool:
    """Whoever has something new for a board calls a worker, so only the time is watched here."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if wanted_elsewhere():
            return False
        time.sleep(min(left, LOOK))
    return True


def work(lane_id: int, *, seconds: float = SLICE) -> bool:
    """Work on one board for a bounded time. True if it may have more to do right now."""
    lease = claim(lane_id)
    if lease is None:
        return False
    wait: timedelta | None = AFTER_BUG
    try:
        more = _work(lease, time.monotonic() + seconds)
        wait = None
    except LeaseLost:
        log.info("Another worker took over %s", lease.lane)
        return False
    except LaneStops as stop:
        more, wait = False, _react(lease.lane, stop)
    except Exception as error:
        log.exception("Working on %s failed", lease.lane)
        more = False
        pauses.own_up(lease.lane, error)
    finally:
        release(lease, not_before=database_now() + wait if wait is not None else None)
    return more


def _work(lease: Lease, until: float) -> bool:
    _settle_unsettled(lease)
    board = _Board(lease)
    for desk in board.desks():
        with _about(desk.mapping):
            label_columns.tend(lease, desk)
        _load_in_bulk(lease, desk)
    more = True
    while more and time.monotonic() < until:
        more = False
        for desk in board.desks():
            with _about(desk.mapping):
                more |= _work_mapping(lease, desk, until)
    if lease.lane.paused_code == pauses.QUESTION_REFUSED:
        pauses.end(lease.lane, whole=True)
    return more


class _Board:
    """The desks of a lane's mappings, laid out anew only when something about them has changed."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.seen: list[Any] = []
        self.laid_out: list[Desk] = []

    def desks(self) -> list[Desk]:
        board = self.lease.lane.board_id
        now = SEEN(board=board)
        if now != self.seen:
            self.laid_out = [_desk(each, self.lease) for each in mappings_of(self.lease.lane)]
            self.seen = SEEN(board=board)
        return self.laid_out


SEEN = Prepared(
    lambda: (
        BoardMapping.objects.filter(board_id=Given("board"), active=True)
        .order_by("pk")
        .values_list(*WATCHED)
    )
)


def _settle_unsettled(lease: Lease) -> None:
    while batch := unsettled(lease):
        settle = SETTLING.get(batch.operation, _recover)
        with _about(batch.mapping):
            settle(lease, _desk(batch.mapping, lease), batch)
        pauses.end(lease.lane)


def _recover(lease: Lease, desk: Desk, batch: Batch) -> None:
    """A batch that a limit held up is still one of many."""
    desk.ledger.backlog = is_of_backlog(batch, database_now())
    recover(lease, desk, batch)


def _load_in_bulk(lease: Lease, desk: Desk) -> None:
    """Where many new items wait, they go as one load. Raises LaneStops while monday works on it."""
    if room := bulk.room(desk):
        batch = bulk.freeze_load(lease, desk, room)
        if batch is not None:
            with _about(desk.mapping):
                loads.advance(lease, desk, batch)


def _desk(mapping: BoardMapping, lease: Lease) -> Desk:
    try:
        desk = desk_of(mapping, now=database_now())
        return Desk.of(mapping) if drift.react(mapping) else desk
    except ConnectorError as error:
        after = error.after if isinstance(error, TryAgain) else None
        with _about(mapping):
            raise LaneStops(error, after or timedelta(0)) from error


def _work_mapping(lease: Lease, desk: Desk, until: float) -> bool:
    """One helping of a mapping's due links. True if there was anything to do."""
    links = due(desk, database_now())
    links = _look_up_first(lease, desk, links)
    for group in batches(choose(lease, desk, links)):
        if time.monotonic() >= until:
            return True
        fitting = desk.ledger.fitting(len(group), desk.item_cost)
        batch = freeze(lease, desk, group[:fitting])
        if batch is not None:
            planned = [wanted.link for wanted in group[:fitting]]
            send(lease, desk, batch, until=until, links=planned)
            pauses.end(lease.lane)
    return bool(links)


@contextmanager
def _about(mapping: BoardMapping) -> Iterator[None]:
    """A board may serve several connections: say by whose work the lane was stopped."""
    try:
        yield
    except LaneStops as stop:
        stop.mapping = stop.mapping or mapping
        raise


def _look_up_first(lease: Lease, desk: Desk, links: list[RecordLink]) -> list[RecordLink]:
    doubtful = [link for link in links if link.look_up_first]
    if doubtful:
        look_up(lease, desk, doubtful)
    return [link for link in links if not link.look_up_first]


def _react(lane: BoardLane, stop: LaneStops) -> timedelta:
    """What the lane does about it; returns how long it rests."""
    error = stop.error
    log.info("%s stops: %s", lane, error.why.happened)
    if isinstance(error, AskAPerson) and error.reach == "field" and stop.mapping:
        forget_board(stop.mapping)  # only a part of the board is gone: another look tells which
        return back_off(1)
    if isinstance(error, AskAPerson):
        return pauses.begin(lane, error, stop.mapping)
    if isinstance(error, Throttled):
        return stop.after or back_off(1)  # the account's own rest is what the next call meets
    if isinstance(error, GiveUp):
        pauses.refused(lane, error)
    return stop.after or pauses.missed(lane)

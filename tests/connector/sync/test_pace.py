"""Pace: a backlog fills the minutes that the account allows, and meets no limit on the way.

Minutes are simulated: the sandbox's limiter, the database and the worker share a clock that moves
only where the worker would sleep or wait for an answer.
"""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from connector.models import AccountLimits, ApiCall
from connector.sandbox import world
from connector.sync import slices
from connector.sync.lanes import lane_of
from connector.sync.windows import WINDOW
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn
from tests.still import StillClock, still

ITEM = 10_000  # complexity points
# Of a minute's items: the requests' own points, and what a backlog leaves to a single change.
NOT_FOR_BACKLOGS = 2
TICK = 15  # seconds after which a worker that has left is called again


@pytest.fixture
def clocks(board: Eyes, settings: Any, mapping: BoardMapping) -> Iterator[StillClock]:
    """An app's own quota, small enough for a quick test: 200 items a minute."""
    settings.BULK_THRESHOLD = 0
    mapping.monday.token = world.MONDAY_APP_TOKEN
    mapping.monday.save()
    with still(board.sandbox) as clocks:
        allow(board, 200)
        AccountLimits.objects.create(account=mapping.monday.account_key)
        know(200)
        yield clocks


def allow(board: Eyes, items: int) -> None:
    board.sandbox.monday.limits.set(app_writes=items * ITEM)


def know(items: int) -> None:
    """As headers have told the ledger before."""
    AccountLimits.objects.update(complexity_quota=items * ITEM)


def deliver(mapping: BoardMapping, clocks: StillClock, *, minutes: int) -> None:
    until = time.monotonic() + 60 * minutes
    while (left := until - time.monotonic()) > 0:
        if not slices.take_turn(lane_of(mapping).pk, seconds=min(left, slices.TURN)):
            clocks.advance(TICK)


@pytest.mark.parametrize(
    ("items", "minutes"), [(100, 10), (200, 4), (500, 2)], ids=["free", "an app's own", "others"]
)
def test_a_backlog_fills_the_minutes_of_each_plan_and_meets_no_limit(
    take_in: TakeIn,
    board: Eyes,
    mapping: BoardMapping,
    clocks: StillClock,
    items: int,
    minutes: int,
) -> None:
    allow(board, items)
    know(items)
    take_in(*range(minutes * items + 200))
    deliver(mapping, clocks, minutes=minutes)

    assert 100 * len(board.items) >= 98 * minutes * items
    assert board.sandbox.log.counters["monday.429"] == 0


def test_limits_halved_under_way_are_met_once_at_most(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping, clocks: StillClock
) -> None:
    take_in(*range(1_000))
    deliver(mapping, clocks, minutes=1)
    allow(board, 100)
    deliver(mapping, clocks, minutes=1)  # what was spent before has to leave the minute first
    before = len(board.items)
    deliver(mapping, clocks, minutes=3)

    assert len(board.items) - before >= 0.98 * 3 * (100 - NOT_FOR_BACKLOGS)
    assert board.sandbox.log.counters["monday.429"] <= 1


def test_calls_that_filled_a_minute_in_a_row_are_spread_over_the_next_ones(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping, clocks: StillClock
) -> None:
    allow(board, 100)
    know(100)
    take_in(*range(500))
    deliver(mapping, clocks, minutes=4)
    calls = ApiCall.objects.filter(mutation=True).order_by("started_at")
    times = list(calls.values_list("started_at", flat=True))
    later = [at for at in times if at - times[0] > WINDOW]
    distances = [(after - at).total_seconds() for at, after in pairwise(later)]

    assert len(distances) >= 10
    assert max(distances) < 16  # four calls a minute

"""Boards are read to the end beside a backlog, which goes on meanwhile.

Minutes are simulated as in ``test_pace``. Reads and writes share the minute, as with a person's
token.
"""

import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.monday import queries
from connector.sandbox.monday import api, costs
from connector.sync import items, slices
from connector.sync.lanes import lane_of
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn
from tests.connector.sync.test_pace import TICK, deliver, know
from tests.still import StillClock, still

ITEMS = 100  # that a minute holds
PAGE = 50  # items; so that a board of a few minutes has several pages
MINUTES = 8
LOOK = 60  # seconds between two looks for boards that are to be read
PAGE_READS = ("items", "next_items")
estimate = costs.cost_of


@pytest.fixture
def clocks(
    board: Eyes, settings: Any, mapping: BoardMapping, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StillClock]:
    settings.BULK_THRESHOLD = 0
    monkeypatch.setattr(queries, "PAGE", PAGE)
    with still(board.sandbox) as clocks:
        board.sandbox.monday.limits.set(personal_complexity=ITEMS * 10_000)
        AccountLimits.objects.create(account=mapping.monday.account_key)
        know(ITEMS)
        yield clocks


def learned(points: int) -> None:
    """For an item of a page."""
    kinds = [*PAGE_READS, "items_by_id"]
    AccountLimits.objects.update(read_costs=dict.fromkeys(kinds, points) if points else {})


def deliver_and_read(mapping: BoardMapping, clocks: StillClock) -> None:
    started = look_at = time.monotonic()
    while time.monotonic() - started < 60 * MINUTES:
        if time.monotonic() >= look_at:
            look_at += LOOK
            mapping.refresh_from_db()
            if mapping.pk in items.due():
                items.compare(mapping)
        if not slices.take_turn(lane_of(mapping).pk, seconds=TICK):
            clocks.advance(1)


def is_read(mapping: BoardMapping) -> bool:
    mapping.refresh_from_db()
    return mapping.items_due_at is not None and mapping.items_due_at > database_now()


def pages_read() -> int:
    return ApiCall.objects.filter(operation__in=PAGE_READS).count()


def dear(points: int) -> Any:
    """Reading costs so much for each item that the page may hold."""

    def cost(document: Any, variables: Any) -> int:
        is_page = not document.mutation and "limit" in variables
        return points * variables["limit"] if is_page else estimate(document, variables)

    return mock.patch.object(api, "cost_of", cost)


@pytest.mark.parametrize(
    ("known", "real", "share"),
    [(0, 1_000, 0.85), (9_000, 1_000, 0.7), (25_000, 1_000, 0.6), (9_000, 9_000, 0.3)],
    ids=["unknown", "once dear", "once dearer than a minute", "dear"],
)
def test_a_board_is_read_to_the_end_beside_a_backlog(
    take_in: TakeIn,
    board: Eyes,
    mapping: BoardMapping,
    clocks: StillClock,
    known: int,
    real: int,
    share: float,
) -> None:
    take_in(*range(1_200))
    BoardMapping.objects.update(items_due_at=None)
    deliver(mapping, clocks, minutes=2)
    before = len(board.items)
    learned(known)
    with dear(real):
        deliver_and_read(mapping, clocks)

    assert is_read(mapping)
    assert pages_read() >= 4
    assert len(board.items) - before >= share * MINUTES * (ITEMS - 2)
    assert board.sandbox.log.counters["monday.429"] == 0

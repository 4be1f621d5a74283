"""Fairness: one tenant's backlog delays another's change by no more than a slice.

Both share one monday account and one worker, and the backlog fills the account's minutes.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction

from connector.errors import Throttled
from connector.http import CallReport
from connector.models import ApiCall, RecordLink, Trigger
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sync import intake, slices
from connector.sync.budget import Ledger
from connector.sync.lanes import lane_of
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping
from tenants.models import MondayConnection, Tenant, VismaConnection
from tests.connector.sync.conftest import Eyes, TakeIn, payload
from tests.connector.sync.test_pace import ITEM, NOT_FOR_BACKLOGS, allow, clocks, know
from tests.still import StillClock
from tests.world import Connections, map_board

__all__ = ["clocks"]

Change = Callable[[], None]
A_CALL = 16.0  # seconds; a free plan's minute holds four calls of a backlog


@pytest.fixture
def neighbour(foreign_tenant: Tenant, mapping: BoardMapping, board: Eyes) -> BoardMapping:
    """Another customer with a board of its own on the same monday account."""
    visma = VismaConnection.objects.create(tenant=foreign_tenant, company_id="2")
    monday = MondayConnection.objects.create(
        tenant=foreign_tenant,
        token=world.MONDAY_APP_TOKEN,
        account_id=mapping.monday.account_id,
        plan_tier=mapping.monday.plan_tier,
    )
    what = ("supplier_invoice", "Purchase orders", "{referenceNumber}")
    pairs = {"referenceNumber": "Order no", "date": "Order date"}
    return map_board(Connections(visma, monday), board.sandbox, what, pairs)


def pile_up(mapping: BoardMapping, number: int) -> None:
    """A backlog, as a poll would bring it."""
    book = RunBook([mapping], Trigger.PERSON)
    rows = [
        Row(f"Invoice:4{n:05}", "2026-07-14T08:11:02.31", "", payload(n)) for n in range(number)
    ]
    with transaction.atomic():
        intake.take_in(mapping.visma, mapping.entity, rows, book)
    book.close()


@pytest.fixture
def change(neighbour: BoardMapping) -> Change:
    """The neighbour's invoice changes in Visma, and is read."""
    numbers = iter(range(100))

    def take() -> None:
        n = next(numbers)
        book = RunBook([neighbour], Trigger.PERSON)
        row = Row(f"Invoice:3{n:05}", "2026-07-14T08:11:02.31", "", payload(n))
        with transaction.atomic():
            intake.take_in(neighbour.visma, neighbour.entity, [row], book)
        book.close()

    return take


def waits(mapping: BoardMapping) -> bool:
    return RecordLink.objects.filter(mapping=mapping).exclude(state="delivered").exists()


def work_until_delivered(neighbour: BoardMapping, clocks: StillClock, called_for: int) -> None:
    """One worker's turns. A change that comes while it waits for a limit calls it away."""

    def is_wanted() -> bool:
        return waits(neighbour)

    while is_wanted():
        if not slices.take_turn(called_for, wanted_elsewhere=is_wanted):
            clocks.advance(1)  # until somebody looks again


def seconds_to_deliver(neighbour: BoardMapping, change: Change, clocks: StillClock) -> float:
    since = clocks.passed
    change()
    work_until_delivered(neighbour, clocks, lane_of(neighbour).pk)
    return clocks.passed - since


def seconds_in_short_turns(neighbour: BoardMapping, change: Change, clocks: StillClock) -> float:
    """The next change may come before the backlog has taken the place of this one."""
    since = clocks.passed
    change()
    while waits(neighbour):
        if not slices.take_turn(lane_of(neighbour).pk, seconds=1):
            clocks.advance(1)
    return clocks.passed - since


@pytest.mark.parametrize(("items", "calls_before"), [(200, 2), (200, 5), (200, 9), (100, 6)])
def test_a_backlog_delays_a_neighbours_change_by_a_slice_at_most(
    take_in: TakeIn,
    board: Eyes,
    mapping: BoardMapping,
    neighbour: BoardMapping,
    change: Change,
    clocks: StillClock,
    items: int,
    calls_before: int,
) -> None:
    allow(board, items)
    know(items)
    alone = seconds_to_deliver(neighbour, change, clocks)
    clocks.advance(120)
    take_in(*range(400))
    calls = Counter[str]()
    came = 0.0

    def meanwhile() -> None:
        nonlocal came
        calls["made"] += 1
        if calls["made"] == calls_before:
            change()
            came = clocks.passed

    clocks.meanwhile = meanwhile
    while not came:
        slices.take_turn(lane_of(mapping).pk, wanted_elsewhere=lambda: bool(came))
    work_until_delivered(neighbour, clocks, lane_of(mapping).pk)
    took = clocks.passed - came

    assert took <= 1.2 * alone + slices.SLICE


def test_on_a_free_plan_a_second_change_waits_for_one_call_of_the_backlog(
    take_in: TakeIn,
    board: Eyes,
    mapping: BoardMapping,
    neighbour: BoardMapping,
    change: Change,
    clocks: StillClock,
) -> None:
    allow(board, 100)
    know(100)
    take_in(*range(600))
    while clocks.passed < 200:
        slices.take_turn(lane_of(mapping).pk)
    first, second, third = (seconds_in_short_turns(neighbour, change, clocks) for _ in range(3))

    assert first <= slices.SLICE
    assert max(second, third) <= A_CALL


@pytest.mark.parametrize("weight", [1, 2, 10])
def test_two_backlogs_share_an_account_by_the_weights_of_their_tenants(
    mapping: BoardMapping, neighbour: BoardMapping, clocks: StillClock, weight: int
) -> None:
    Tenant.objects.filter(pk=neighbour.tenant_id).update(weight=weight)
    pile_up(mapping, 1_500)
    pile_up(neighbour, 1_500)
    while clocks.passed < 7 * 60:
        slices.take_turn(lane_of(mapping).pk)
    # The first minute is sent in a row, and the shares are those of a minute's calls.
    later = database_now() - timedelta(minutes=5)
    made = ApiCall.objects.filter(mutation=True, started_at__gt=later)
    calls = Counter(made.values_list("tenant", flat=True))

    share = calls[neighbour.tenant_id] / calls.total()
    assert abs(share - weight / (weight + 1)) < 0.05
    assert calls[mapping.tenant_id] >= 4  # nobody starves: a call a minute at least


@pytest.mark.parametrize("weight", [1, 2, 5])
def test_workers_of_two_backlogs_share_an_account_by_weight_too(
    board: Eyes, mapping: BoardMapping, neighbour: BoardMapping, clocks: StillClock, weight: int
) -> None:
    """Each backlog has a worker that is always ready, and the light one's asks first."""
    Tenant.objects.filter(pk=neighbour.tenant_id).update(weight=weight)
    allow(board, 500)
    know(500)
    ledgers = [Ledger.of_monday(each.monday) for each in (mapping, neighbour)]
    calls = Counter[int]()
    while clocks.passed < 6 * 60:
        for ledger in ledgers:
            ledger.backlog = True
            with suppress(Throttled):
                slot = ledger.reserve("create_items", mutation=True, cost=25 * ITEM)
                ledger.record(slot, CallReport(200, 1))
                calls[ledger.tenant_id] += clocks.passed > 60
        clocks.advance(0.2)

    assert abs(calls[neighbour.tenant_id] / calls.total() - weight / (weight + 1)) < 0.05
    assert calls.total() >= 5 * 19  # each of 25 items; a smaller one fills the minute otherwise


def test_a_backlog_whose_neighbour_is_done_goes_as_often_as_before(
    mapping: BoardMapping, neighbour: BoardMapping, clocks: StillClock
) -> None:
    Tenant.objects.filter(pk=neighbour.tenant_id).update(weight=10)
    pile_up(mapping, 900)
    pile_up(neighbour, 25)
    while clocks.passed < 3 * 60:
        slices.take_turn(lane_of(mapping).pk)

    made = RecordLink.objects.filter(mapping=mapping, state="delivered").count()
    assert made >= 0.98 * 3 * (200 - NOT_FOR_BACKLOGS) - 25

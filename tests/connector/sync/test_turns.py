"""Boards and tenants take turns; a single change never waits for somebody's backlog."""

import time
from datetime import timedelta
from typing import Any

import pytest

from connector.models import ApiCall, BoardLane, LinkState, RecordLink, SourceRecord
from connector.models.clock import database_now
from connector.sync import slices
from connector.sync.lanes import FEW, claim, due_lanes, lane_of, next_lane, release
from mappings.models import BoardMapping
from tenants.models import MondayConnection, Tenant, VismaConnection
from tests.connector.sync.conftest import Eyes, TakeIn, Work, states


def make_mapping(tenant: Tenant, account: str, board: str) -> BoardMapping:
    visma, _ = VismaConnection.objects.get_or_create(tenant=tenant, company_id="1")
    monday, _ = MondayConnection.objects.get_or_create(
        tenant=tenant, name=account, account_id=account
    )
    return BoardMapping.objects.create(
        tenant=tenant,
        visma=visma,
        monday=monday,
        name=f"{account} {board}",
        entity="supplier",
        board_id=board,
        active=True,
    )


def let_wait(mapping: BoardMapping, number: int) -> int:
    """So many changes wait; returns the board's lane."""
    now = database_now()
    records = SourceRecord.objects.bulk_create(
        SourceRecord(
            connection=mapping.visma,
            entity=mapping.entity,
            key=f"{mapping.pk}-{n}",
            payload="{}",
            changed_at=now,
        )
        for n in range(number)
    )
    RecordLink.objects.bulk_create(
        RecordLink(mapping=mapping, record=record, waiting_since=now) for record in records
    )
    return lane_of(mapping).pk


def spend(tenant: Tenant, calls: int) -> None:
    now = database_now()
    ApiCall.objects.bulk_create(
        ApiCall(account="monday:x", tenant=tenant, operation="x", started_at=now, expires_at=now)
        for _ in range(calls)
    )


def serve(lane_id: int) -> None:
    lease = claim(lane_id)
    assert lease is not None
    release(lease)


def test_a_few_changes_go_before_a_backlog(tenant: Tenant) -> None:
    backlog = let_wait(make_mapping(tenant, "1", "10"), FEW + 1)
    few = let_wait(make_mapping(tenant, "1", "11"), FEW)
    serve(few)

    assert due_lanes() == [few, backlog]


def test_the_tenant_that_was_served_less_is_next(tenant: Tenant, foreign_tenant: Tenant) -> None:
    ours = let_wait(make_mapping(tenant, "1", "10"), FEW + 1)
    theirs = let_wait(make_mapping(foreign_tenant, "2", "10"), FEW + 1)
    spend(tenant, 3)
    spend(foreign_tenant, 2)

    assert due_lanes() == [theirs, ours]


@pytest.mark.parametrize(("calls", "first"), [((3, 2), "ours"), ((5, 2), "theirs")])
def test_a_tenant_of_weight_two_is_next_until_it_has_made_twice_the_calls(
    tenant: Tenant, foreign_tenant: Tenant, calls: tuple[int, int], first: str
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(weight=2)
    lanes = {
        "ours": let_wait(make_mapping(tenant, "1", "10"), FEW + 1),
        "theirs": let_wait(make_mapping(foreign_tenant, "2", "10"), FEW + 1),
    }
    spend(tenant, calls[0])
    spend(foreign_tenant, calls[1])

    assert due_lanes()[0] == lanes[first]


def test_the_heaviest_tenant_waits_for_one_that_has_made_no_call(
    tenant: Tenant, foreign_tenant: Tenant
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(weight=10)
    ours = let_wait(make_mapping(tenant, "1", "10"), FEW + 1)
    theirs = let_wait(make_mapping(foreign_tenant, "2", "10"), FEW + 1)
    spend(tenant, 5)

    assert due_lanes() == [theirs, ours]


def test_boards_of_one_tenant_take_turns(tenant: Tenant) -> None:
    lanes = [let_wait(make_mapping(tenant, "1", str(board)), 1) for board in (10, 11, 12)]
    serve(lanes[0])
    serve(lanes[1])

    assert due_lanes() == [lanes[2], lanes[0], lanes[1]]


def test_a_board_somebody_works_on_is_not_next(tenant: Tenant) -> None:
    held = let_wait(make_mapping(tenant, "1", "10"), 1)
    free = let_wait(make_mapping(tenant, "1", "11"), FEW + 1)
    claim(held)

    assert next_lane() == free


def test_a_board_that_rests_is_not_due(tenant: Tenant) -> None:
    lane = let_wait(make_mapping(tenant, "1", "10"), 1)
    BoardLane.objects.filter(pk=lane).update(not_before=database_now() + timedelta(minutes=1))

    assert next_lane() is None


def test_finding_the_next_board_costs_the_same_queries_however_many_there_are(
    tenant: Tenant, django_assert_num_queries: Any
) -> None:
    for board in range(12):
        let_wait(make_mapping(tenant, "1", str(board)), 1)

    with django_assert_num_queries(8):
        next_lane()


def test_a_turn_serves_every_board_that_is_due(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2, 3)
    more = slices.take_turn()

    assert states() == {"delivered": 3}
    assert not more


def test_a_turn_waits_out_a_short_rest(take_in: TakeIn, board: Eyes) -> None:
    refused = {
        "errors": [
            {"message": "Slow", "extensions": {"code": "MINUTE_RATE_LIMIT_EXCEEDED"}},
        ]
    }
    action = {"action": "status", "code": 429, "body": refused, "headers": {"Retry-After": "1"}}
    match = {"operation": "create_item*", "count": 1}
    board.sandbox.faults.add({"match": match, "do": [action]})
    take_in(1)
    slices.take_turn()

    assert states() == {"delivered": 1}


def test_a_turn_ends_at_once_when_the_worker_is_wanted_elsewhere(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    lane = lane_of(mapping)
    lease = claim(lane.pk)
    assert lease is not None
    started = time.monotonic()
    release(lease, not_before=database_now() + timedelta(seconds=10))
    more = slices.take_turn(wanted_elsewhere=lambda: True)

    assert time.monotonic() - started < 5
    assert not more
    assert states() == {"waiting": 1}


def test_a_turn_ends_when_its_time_is_over(take_in: TakeIn, board: Eyes) -> None:
    take_in(*range(60))

    assert slices.take_turn(seconds=0) is True
    assert states() == {"waiting": 60}


@pytest.mark.parametrize("changed", [3])
def test_a_change_of_today_does_not_wait_for_the_backlog_of_its_own_board(
    take_in: TakeIn, work: Work, board: Eyes, changed: int
) -> None:
    take_in(changed)
    work()
    take_in(*range(100, 400))
    take_in(changed, description="today")
    lane = next_lane()
    assert lane is not None
    board.sandbox.log.clear()
    slices.work(lane)

    assert board.mutations()[0].operation.startswith("change_multiple")
    assert RecordLink.objects.filter(state=LinkState.DELIVERED).count() == 301

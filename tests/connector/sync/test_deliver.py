"""Changed records reach the board once, in few calls, and the audit says what happened."""

import pytest

from connector.models import ApiCall, AuditEntry, Batch, RecordLink, SourceRecord, SyncRun
from connector.models.clock import database_now
from connector.sync import slices
from connector.sync.boards import desk_of
from connector.sync.choose import batches, choose, due
from connector.sync.deliver import freeze, send
from connector.sync.lanes import Lease, LeaseLost, claim, due_lanes
from connector.sync.recover import recover, unsettled
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, states


def test_every_record_becomes_one_item_with_its_values(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2, 3)
    work()

    assert sorted(board.cells("Invoice no")) == ["200001", "200002", "200003"]
    assert board.cells("Balance") == ["1234.5600"] * 3
    assert board.cells("Due date") == [{"date": "2026-08-13", "time": None}] * 3


def test_sixty_records_cost_three_changes_and_one_look_at_the_board(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(*range(60))
    work()

    assert [len(entry.aliases) for entry in board.mutations()] == [25, 25, 10]
    assert ApiCall.objects.filter(account__startswith="monday:").count() == 4


def test_a_change_writes_the_changed_fields_and_nothing_else(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    work()
    take_in(1, status="Closed")
    work()

    (effect,) = board.sandbox.log.effects("item_changed")
    assert list(effect.after) == [board.column("Status").id]


def test_an_unchanged_record_writes_no_row_and_makes_no_call(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    work()
    calls, versions = ApiCall.objects.count(), list(SourceRecord.objects.values())
    links = list(RecordLink.objects.values())
    take_in(1, 2)
    work()

    assert ApiCall.objects.count() == calls
    assert list(SourceRecord.objects.values()) == versions
    assert list(RecordLink.objects.values()) == links


def test_ten_edits_in_a_row_are_one_write(take_in: TakeIn, work: Work, board: Eyes) -> None:
    for number in range(10):
        take_in(1, description=f"Edit {number}")
    work()

    assert len(board.mutations()) == 1
    assert board.cells("Description") == ["Edit 9"]


def test_a_change_of_a_field_that_is_not_mapped_makes_no_call(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    take_in(1, unmapped="news")
    work()

    assert len(board.mutations()) == 1
    assert states() == {"delivered": 1}


def test_every_create_and_update_is_told_with_before_and_after(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    take_in(1, status="Closed")
    work()

    created, updated = entries(outcome="done")
    (change,) = updated.changes
    assert (created.action, updated.action) == ("create", "update")
    assert (change["title"], change["before"], change["after"]) == (
        "Status",
        {"label": "Open"},
        {"label": "Closed"},
    )
    assert created.request_id
    assert updated.run_id != created.run_id


def test_the_account_of_a_run_adds_up(take_in: TakeIn, work: Work, board: Eyes) -> None:
    take_in(1, 2, 3)
    work()
    take_in(1, 2, 3, 4, status="Closed")
    work()
    take_in(1, 2, 3, 4, status="Closed")

    runs = SyncRun.objects.order_by("pk").values_list("read", "created", "updated", "unchanged")
    assert list(runs) == [(3, 3, 0, 0), (4, 1, 3, 0), (4, 0, 0, 4)]
    assert all(SyncRun.objects.values_list("finished_at", flat=True))


def freeze_all(mapping: BoardMapping) -> tuple[Lease, Batch]:
    """Everything due on the board, frozen and not sent: where a worker may die."""
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    (group,) = batches(choose(lease, desk, due(desk, database_now())))
    batch = freeze(lease, desk, group)
    assert batch is not None
    return lease, batch


def test_a_batch_frozen_by_a_worker_that_died_is_sent_by_the_next(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    freeze_all(mapping)
    pass_time(seconds=61)
    work()

    assert states() == {"delivered": 2}
    assert len(board.items) == 2


def test_a_worker_whose_lease_was_taken_over_sends_nothing(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    lease, batch = freeze_all(mapping)
    pass_time(seconds=61)
    assert claim(lease.lane.pk) is not None
    with pytest.raises(LeaseLost):
        send(lease, desk_of(mapping, now=database_now()), batch)

    assert board.mutations() == []


def test_a_record_that_changes_while_it_is_sent_is_sent_again(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, description="before")
    lease, _ = freeze_all(mapping)
    take_in(1, description="after")
    batch = unsettled(lease)
    assert batch is not None
    recover(lease, desk_of(mapping, now=database_now()), batch)
    pass_time(seconds=61)
    work()

    assert board.cells("Description") == ["after"]
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["create", "update"]


def test_a_board_worked_on_is_left_alone(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    claim(lane)

    assert slices.work(lane) is False
    assert board.mutations() == []

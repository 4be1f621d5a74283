"""Many new items go as one load; whatever happens to it, each is on the board once."""

from datetime import datetime

import pytest

from connector.models import ApiCall, AuditEntry, Batch, RecordLink, SyncRun
from connector.models.clock import database_now
from connector.monday import queries
from connector.monday.reading import Reading
from connector.sync import loads
from connector.sync.boards import desk_of
from connector.sync.bulk import freeze_load
from connector.sync.lanes import Lease, LeaseLost, claim, due_lanes, hold
from mappings.models import BoardMapping
from tests.connector.sync.conftest import FEW, Eyes, TakeIn, Work, entries, pass_time, states


def operations(board: Eyes) -> list[str]:
    return [entry.operation for entry in board.mutations()]


def fail_once(board: Eyes, action: str, **match: object) -> None:
    board.sandbox.faults.add({"match": {**match, "count": 1}, "do": [{"action": action}]})


def test_many_new_items_are_one_load(take_in: TakeIn, until_done: Work, board: Eyes) -> None:
    take_in(*range(FEW))
    until_done()

    assert operations(board) == ["ingest_items"]
    assert sorted(board.cells("Invoice no")) == [f"2{n:05}" for n in range(FEW)]
    assert board.cells("Balance") == ["1234.5600"] * FEW
    assert states() == {"delivered": FEW}


def test_fewer_go_as_batches(take_in: TakeIn, until_done: Work, board: Eyes) -> None:
    take_in(*range(FEW - 1))
    until_done()

    assert operations(board) == ["create_item"]


def test_an_item_that_stands_on_two_pages_is_one(
    take_in: TakeIn, until_done: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Items that come in between move others on to the next page."""
    pages = Reading.pages
    monkeypatch.setattr(queries, "PAGE", FEW // 2)
    monkeypatch.setattr(
        Reading, "pages", lambda *a, **k: (page for found in pages(*a, **k) for page in [found] * 2)
    )
    take_in(*range(FEW))
    until_done()

    assert states() == {"delivered": FEW}


def test_a_load_is_told_like_any_create(take_in: TakeIn, until_done: Work, board: Eyes) -> None:
    take_in(*range(FEW))
    until_done()

    created = entries(action="create", outcome="done")
    titles = {change["title"]: change for change in created[0].changes}
    assert len(created) == FEW
    assert (titles["Due date"]["before"], titles["Due date"]["after"]) == (
        None,
        {"date": "2026-08-13"},
    )
    assert {entry.item_id for entry in created} == {str(item.id) for item in board.items}


def test_the_account_of_a_loaded_run_adds_up(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    until_done()

    run = SyncRun.objects.get()
    assert (run.read, run.created) == (FEW, FEW)
    assert run.finished_at is not None


def test_after_a_load_only_what_changed_is_written(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    until_done()
    take_in(*range(FEW))
    take_in(3, status="Closed")
    until_done()

    (effect,) = board.sandbox.log.effects("item_changed")
    assert list(effect.after) == [board.column("Status").id]


def test_while_monday_works_on_a_load_no_worker_waits(
    take_in: TakeIn, work: Work, board: Eyes, bulk: None
) -> None:
    board.sandbox.monday.bulk.pause = 0.2
    take_in(*range(FEW))
    work()

    assert due_lanes() == []
    assert states() == {"sending": FEW}


def test_what_a_file_cannot_carry_goes_as_a_batch(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    take_in(FEW, description="<NULL>")
    until_done()

    assert sorted(operations(board)) == ["create_item", "ingest_items"]
    assert states() == {"delivered": FEW + 1}


def test_a_label_to_be_created_goes_as_a_batch(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(create_labels=True)
    take_in(*range(FEW))
    take_in(FEW, currencyId="ISK")
    until_done()

    assert sorted(operations(board)) == ["create_item", "ingest_items"]
    assert states() == {"delivered": FEW + 1}


def test_a_row_that_monday_refuses_is_tried_alone_and_explained(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(100)
    until_done()
    board.switch_label("Status", "Closed", on=False)
    take_in(*range(FEW))
    take_in(FEW, status="Closed")
    until_done()

    assert states() == {"delivered": FEW + 1, "failed": 1}
    assert "Closed" in RecordLink.objects.get(state="failed").failure_happened


def test_a_record_that_changes_while_it_is_loaded_is_written_again(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    work()
    take_in(0, description="after")
    pass_time(seconds=10)
    until_done()

    assert sorted(board.cells("Description"))[-1] == "after"
    assert states() == {"delivered": FEW}


def test_an_item_somebody_changed_before_it_was_read_is_written_in_full(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    work()
    board.sandbox.monday.bulk.wait()
    board.items[0].cells[board.column("Description").id] = "mine"
    pass_time(seconds=10)
    until_done()

    assert board.cells("Description") == ["Bananer"] * FEW
    assert [entry.action for entry in entries(outcome="done")].count("find") == 1


@pytest.mark.parametrize("action", ["execute_then_reset", "reset_before", "html_502"])
def test_a_start_without_an_answer_is_asked_again_with_the_same_key(
    take_in: TakeIn, until_done: Work, board: Eyes, action: str
) -> None:
    fail_once(board, action, operation="ingest_items")
    take_in(*range(FEW))
    until_done()

    assert len({entry.idempotency_key for entry in board.mutations()}) == 1
    assert len({entry.body_sha256 for entry in board.mutations()}) == 1
    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


@pytest.mark.parametrize("action", ["execute_then_reset", "reset_before", "html_502"])
def test_a_file_whose_arrival_is_not_known_makes_no_item_twice(
    take_in: TakeIn, until_done: Work, board: Eyes, action: str
) -> None:
    fail_once(board, action, path="/monday/uploads/*")
    take_in(*range(FEW))
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


def test_a_load_whose_start_was_never_answered_is_given_up_after_25_minutes(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    fail_once(board, "reset_before", operation="ingest_items")
    take_in(*range(FEW))
    work()
    pass_time(minutes=26)
    until_done()

    assert operations(board)[-1] == "create_item"
    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


def test_an_address_that_has_expired_is_given_up(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    fail_once(board, "reset_before", path="/monday/uploads/*")
    take_in(*range(FEW))
    work()
    pass_time(minutes=11)
    board.sandbox.clock.advance(660)
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


def test_a_load_that_breaks_half_way_leaves_no_gap_and_nothing_twice(
    take_in: TakeIn, until_done: Work, board: Eyes, mapping: BoardMapping
) -> None:
    board.sandbox.monday.bulk.break_after = 100
    take_in(*range(120))
    until_done()

    mapping.refresh_from_db()
    assert (states(), len(board.items)) == ({"delivered": 120}, 120)
    assert mapping.bulk_not_before is not None


def test_a_refused_load_lets_batches_take_over_for_an_hour(
    take_in: TakeIn, until_done: Work, board: Eyes, mapping: BoardMapping
) -> None:
    board.sandbox.monday.limits.set(ingest_rows=FEW - 1)
    take_in(*range(FEW))
    until_done()
    take_in(*range(FEW, 2 * FEW))
    until_done()

    assert operations(board) == ["ingest_items", "create_item", "create_item"]
    assert states() == {"delivered": 2 * FEW}


def test_items_that_the_index_does_not_show_yet_are_waited_for(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    board.sandbox.monday.account.index_lag = 45.0
    take_in(*range(FEW))
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)
    assert operations(board) == ["ingest_items"]


def test_items_that_were_there_already_are_linked_not_doubled(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    until_done()
    RecordLink.objects.all().delete()
    take_in(*range(FEW), description="new")
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)
    assert board.cells("Description") == ["new"] * FEW


def test_what_a_load_wrote_too_far_back_on_the_board_is_looked_for_not_made_again(
    take_in: TakeIn, until_done: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 4)
    take_in(*range(FEW))
    until_done()
    take_in(*range(FEW, 2 * FEW))
    until_done()
    RecordLink.objects.filter(record__number__lt=f"2{FEW:05}").delete()
    take_in(*range(FEW), description="new")
    until_done()

    assert operations(board)[:3] == ["ingest_items"] * 3
    assert (states(), len(board.items)) == ({"delivered": 2 * FEW}, 2 * FEW)
    assert board.cells("Description").count("new") == FEW


def test_what_is_held_while_a_load_is_made_up_goes_into_none(
    take_in: TakeIn,
    mapping: BoardMapping,
    board: Eyes,
    bulk: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def held_meanwhile(lease: Lease) -> datetime:
        first = RecordLink.objects.order_by("pk")[:1].values("pk")
        RecordLink.objects.filter(pk__in=first).update(state="gone")
        return hold(lease)

    take_in(*range(FEW))
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    monkeypatch.setattr("connector.sync.bulk.hold", held_meanwhile)

    assert freeze_load(lease, desk_of(mapping, now=database_now()), FEW) is None
    assert Batch.objects.count() == 0
    assert RecordLink.objects.exclude(batch=None).count() == 0


def test_a_key_that_stands_twice_is_shown_to_a_person(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    work()
    board.sandbox.monday.bulk.wait()
    board.copy_item(board.items[0])
    pass_time(seconds=10)
    until_done()

    assert states() == {"delivered": FEW - 1, "failed": 1}
    assert RecordLink.objects.get(state="failed").failure_code == "duplicate"


def test_without_a_key_column_nothing_is_loaded(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(key_column="")
    take_in(*range(FEW))
    until_done()

    assert operations(board) == ["create_item"]


def test_the_hours_rows_are_never_exceeded(
    take_in: TakeIn, until_done: Work, board: Eyes, mapping: BoardMapping
) -> None:
    now = database_now()
    ApiCall.objects.create(
        account=mapping.monday.account_key,
        operation="ingest_items",
        items=19_000 - FEW + 1,
        started_at=now,
        finished_at=now,
        expires_at=now,
    )
    take_in(*range(FEW))
    until_done()

    assert operations(board) == ["create_item"]


def test_the_files_address_is_neither_stored_nor_told(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    fail_once(board, "html_502", path="/monday/uploads/*")
    take_in(*range(FEW))
    until_done()

    stored = str(list(Batch.objects.values())) + str(list(AuditEntry.objects.values()))
    assert "/uploads/" not in stored
    assert "X-Amz" not in stored


def test_a_settled_load_keeps_no_rows(take_in: TakeIn, until_done: Work, board: Eyes) -> None:
    take_in(*range(FEW))
    until_done()

    batch = Batch.objects.get()
    assert (batch.state, batch.rows) == ("settled", "")


def test_a_worker_whose_lease_was_taken_over_uploads_nothing(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping, bulk: None
) -> None:
    take_in(*range(FEW))
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    batch = freeze_load(lease, desk, FEW)
    assert batch is not None
    pass_time(seconds=61)
    assert claim(lane) is not None
    with pytest.raises(LeaseLost):
        loads.advance(lease, desk, batch)

    assert board.mutations() == []


def test_a_load_frozen_by_a_worker_that_died_is_started_by_the_next(
    take_in: TakeIn, until_done: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(*range(FEW))
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    assert freeze_load(lease, desk_of(mapping, now=database_now()), FEW) is not None
    pass_time(seconds=61)
    until_done()

    assert operations(board) == ["ingest_items"]
    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)

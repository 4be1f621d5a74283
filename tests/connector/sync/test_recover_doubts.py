"""What is doubtful stays so until it is known: two items of a key, late answers, keys of others."""

from typing import Any

import pytest

from connector.models import Batch, RecordLink
from connector.sync import slices
from connector.sync.lanes import due_lanes
from mappings.models import BoardMapping
from tests.connector.sync.conftest import FEW, Eyes, TakeIn, Work, pass_time, states
from tests.connector.sync.test_recover import LOST_ANSWER, LOST_REQUEST, lose, outage, outage_of

MADE_ANEW = {"createdDateTime": "2026-11-27T09:00:00"}
BEFORE = {"createdDateTime": "2026-07-01T09:00:00"}
NO_ANSWER: dict[str, Any] = {
    "match": {"operation": "create_item*"},
    "do": [{"action": "html_502"}],
}


def shift_the_key(board: Eyes, item: Any, number: int) -> None:
    """A person writes another invoice's key into the item."""
    item.cells[board.column("Visma key").id] = f"4021:supplier_invoice:Invoice:2{number:05}"


def test_a_change_makes_no_third_item_while_two_carry_the_key(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    board.copy_item(board.items[0])
    outage(board, 40)
    work()
    take_in(1, description="changed since")
    work()

    assert len(board.items) == 2
    assert RecordLink.objects.get().failure_code == "duplicate"


def test_nor_does_it_after_a_load(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    work()
    board.sandbox.monday.bulk.wait()
    board.copy_item(board.items[0])
    pass_time(seconds=10)
    until_done()
    take_in(*range(FEW), description="changed since")
    until_done()

    assert len(board.items) == FEW + 1
    assert RecordLink.objects.get(state="failed").failure_code == "duplicate"


def test_a_change_whose_request_may_still_be_carried_out_is_waited_for(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    """Sent again at 24:50; at 25:05 its key is too old to be sent, and monday may be at work."""
    take_in(1)
    work()
    lose(board, {**LOST_REQUEST, "match": {"operation": "change*", "count": 2}})
    take_in(1, status="Closed")
    work()
    outage_of(board, seconds=24 * 60 + 50)
    work()
    outage_of(board, seconds=15)
    work()
    early = len(board.mutations())
    for _ in range(8):
        outage_of(board, seconds=20)
        work()

    assert (early, len(board.mutations())) == (1, 2)
    assert states() == {"delivered": 1}


def test_an_item_is_found_though_visma_has_used_its_number_anew(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, **BEFORE)
    lose(board, LOST_ANSWER)
    work()
    take_in(1, **MADE_ANEW)
    outage(board, 40)
    work()

    old, new = RecordLink.objects.order_by("pk")
    assert (old.record.key, new.record.key) == (f"Invoice:200001#{old.record_id}", "Invoice:200001")
    assert new.item_id not in (None, old.item_id)
    assert Batch.objects.exclude(state="settled").count() == 0


def test_a_number_used_anew_that_never_arrived_stops_no_board(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, **BEFORE)
    lose(board, LOST_REQUEST)
    work()
    take_in(1, **MADE_ANEW)
    outage(board, 40)
    work()
    outage(board, 1)
    work()

    assert sorted(RecordLink.objects.values_list("state", flat=True)) == ["delivered", "excluded"]
    assert len(board.items) == 1


def test_an_item_of_another_record_is_not_taken_for_ours_because_of_its_key(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    other = board.items[0]
    shift_the_key(board, other, 2)
    take_in(2)
    RecordLink.objects.filter(item_id=None).update(look_up_first=True)
    work()

    assert RecordLink.objects.get(record__key="Invoice:200001").item_id == str(other.id)
    assert (states(), len(board.items)) == ({"delivered": 2}, 2)


def test_a_load_writes_over_no_item_whose_number_was_used_anew(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(1, **BEFORE, description="the old one")
    until_done()
    take_in(*range(FEW + 1), **MADE_ANEW, description="new")
    until_done()

    assert board.sandbox.log.violations() == []
    assert RecordLink.objects.filter(state="delivered").count() == FEW + 1
    assert board.cells("Description").count("new") == FEW + 1


def test_a_record_that_is_never_answered_for_is_alone_in_the_end_and_told_of(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(*range(30))
    lose(board, NO_ANSWER)
    sizes = []
    for _ in range(4):
        work()
        sizes.append(len(Batch.objects.exclude(state="settled").get().members))
        outage(board, 40)
        work()
        outage(board, 1)
    work()
    board.sandbox.faults.clear()
    outage(board, 40)
    work()
    outage(board, 1)
    work()

    assert sizes == [25, 6, 1, 1]
    assert RecordLink.objects.get(state="failed").failure_code == "never_answered"
    assert len(board.items) == 29


def test_a_load_that_wrote_over_the_item_of_another_record_gives_it_back(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    take_in(FEW + 1, description="the other's")
    until_done()
    other = board.items[0]
    shift_the_key(board, other, 1)
    take_in(*range(FEW), description="new")
    until_done()

    assert board.cells("Description").count("new") == FEW
    assert RecordLink.objects.get(item_id=str(other.id)).record.key == f"Invoice:2{FEW + 1:05}"
    assert (states(), len(board.items)) == ({"delivered": FEW + 1}, FEW + 1)


def test_without_a_key_column_a_number_used_anew_is_a_new_item(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(key_column="")
    take_in(1, **BEFORE)
    work()
    take_in(1, **MADE_ANEW)
    work()

    assert RecordLink.objects.get(record__key="Invoice:200001").state == "delivered"


def test_no_load_takes_what_a_look_up_left_to_another_record(
    take_in: TakeIn, until_done: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slice ends between the look-up and the creation, and then very many wait."""
    BoardMapping.objects.update(filter={"when_deleted": "leave"})
    take_in(1, **BEFORE, description="the old one")
    until_done()
    take_in(1, **MADE_ANEW)
    monkeypatch.setattr(slices, "freeze", lambda *_: None)
    slices.work(due_lanes()[0], seconds=0.2)
    monkeypatch.undo()
    looked_up = not RecordLink.objects.get(record__key="Invoice:200001").look_up_first
    take_in(*range(2, FEW + 3))
    until_done()

    assert looked_up
    assert [each.operation for each in board.mutations()][1:] == ["ingest_items", "create_item"]
    assert board.cells("Description").count("the old one") == 1

"""People archive, delete, move and copy items; the mapping says what follows."""

from typing import Any

import pytest

from connector.models import RecordLink, SyncRun
from connector.sandbox.monday import person
from connector.sync import drift, items
from connector.sync.activate import replan
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, states

TAKEN = {
    "archived": {"act": "item_archive"},
    "deleted": {"act": "item_delete"},
    "moved": {"act": "item_send", "to": "Purchase orders"},
}


@pytest.fixture
def two(mapping: BoardMapping, take_in: TakeIn, work: Work) -> None:
    take_in(1, 2)
    work()
    mapping.refresh_from_db()


def take_away(board: Eyes, item: Any, fate: str) -> None:
    given = {"board": str(board.board.id), "item": str(item.id), **TAKEN[fate]}
    person.act(board.account, given)


def rule(mapping: BoardMapping, choice: str) -> BoardMapping:
    BoardMapping.objects.filter(pk=mapping.pk).update(on_gone=choice)
    mapping.refresh_from_db()
    return mapping


def link_of(number: int) -> RecordLink:
    return RecordLink.objects.get(record__key=f"Invoice:2{number:05}")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("fate", TAKEN)
@pytest.mark.parametrize("choice", ["restore", "respect"])
def test_an_item_that_people_took_away_is_found_without_a_change_in_visma(
    board: Eyes, mapping: BoardMapping, fate: str, choice: str
) -> None:
    take_away(board, board.items[0], fate)
    calls = len(board.mutations())
    items.compare(rule(mapping, choice))

    gone = link_of(1)
    assert states() == {"gone": 1, "delivered": 1}
    assert fate in gone.failure_happened
    assert gone.failure_fixer == ("you" if choice == "restore" else "nobody")
    assert len(board.mutations()) == calls


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("fate", TAKEN)
def test_an_item_that_went_while_its_record_waited_without_a_change_is_found_too(
    board: Eyes, mapping: BoardMapping, work: Work, fate: str
) -> None:
    take_away(board, board.items[0], fate)
    replan(mapping)
    items.compare(mapping)
    work()

    assert states() == {"gone": 1, "delivered": 1}


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("fate", TAKEN)
def test_an_item_of_a_waiting_record_that_a_webhook_names_is_found_gone_at_once(
    board: Eyes, mapping: BoardMapping, work: Work, fate: str
) -> None:
    item = board.items[0]
    take_away(board, item, fate)
    replan(mapping)
    items.look_at(mapping, [str(item.id)])
    work()

    assert states() == {"gone": 1, "delivered": 1}


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("fate", TAKEN)
def test_a_mapping_may_make_such_an_item_anew(
    board: Eyes, mapping: BoardMapping, work: Work, fate: str
) -> None:
    old = board.items[0].id
    take_away(board, board.items[0], fate)
    items.compare(rule(mapping, "create"))
    work()

    assert states() == {"delivered": 2}
    assert link_of(1).item_id not in (None, str(old))
    assert len(set(board.cells("Visma key"))) == 2
    run = SyncRun.objects.latest("pk")
    assert (run.read, run.created) == (1, 1)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("choice", "wanted"), [("respect", "gone"), ("create", "delivered")])
def test_a_write_that_finds_the_item_gone_follows_the_same_rule(
    board: Eyes, mapping: BoardMapping, take_in: TakeIn, work: Work, choice: str, wanted: str
) -> None:
    take_away(board, board.items[0], "deleted")
    rule(mapping, choice)
    take_in(1, description="Epler")
    work()

    assert link_of(1).state == wanted
    assert link_of(2).state == "delivered"


@pytest.mark.usefixtures("two")
def test_nothing_more_is_sent_to_an_item_that_is_known_to_be_gone(
    board: Eyes, mapping: BoardMapping, take_in: TakeIn, work: Work
) -> None:
    take_away(board, board.items[0], "archived")
    items.compare(rule(mapping, "respect"))
    calls = len(board.mutations())
    take_in(1, description="Epler")
    work()
    replan(mapping)
    work()

    assert link_of(1).state == "gone"
    assert len(board.mutations()) == calls


@pytest.mark.usefixtures("two")
def test_a_restored_item_gets_what_changed_meanwhile(
    board: Eyes, mapping: BoardMapping, take_in: TakeIn, work: Work
) -> None:
    item = board.items[0]
    board.set_item(item, "archived")
    items.compare(mapping)
    take_in(1, description="Epler")
    work()
    board.set_item(item, "active")
    pass_time(hours=2)
    mapping.refresh_from_db()
    drift.look(mapping)
    work()

    assert states() == {"delivered": 2}
    assert board.cells("Description")[0] == "Epler"
    assert link_of(1).item_id == str(item.id)


@pytest.mark.usefixtures("two")
def test_a_new_rule_makes_anew_what_was_gone_before(
    board: Eyes, mapping: BoardMapping, work: Work
) -> None:
    take_away(board, board.items[0], "deleted")
    items.compare(mapping)
    replan(rule(mapping, "create"))
    work()

    assert states() == {"delivered": 2}


@pytest.mark.usefixtures("two")
def test_a_copy_is_named_with_its_original_and_never_touched(
    board: Eyes, mapping: BoardMapping, take_in: TakeIn, work: Work
) -> None:
    original = board.items[0]
    board.copy_item(original)
    copy = board.items[2]
    items.compare(mapping)
    mapping.refresh_from_db()
    [told] = mapping.drift
    take_in(1, description="Epler")
    work()

    assert f"{original.id} and {copy.id}" in told["happened"]
    assert board.cells("Description") == ["Epler", "Bananer", "Bananer"]
    assert copy.state == "active"
    board.set_item(copy, "archived")
    items.compare(mapping)
    mapping.refresh_from_db()
    assert mapping.drift == []


@pytest.mark.usefixtures("two")
def test_a_board_is_compared_once_a_day_for_few_calls(board: Eyes, mapping: BoardMapping) -> None:
    board.sandbox.log.clear()
    assert items.due() == [mapping.pk]
    items.compare(mapping)

    assert items.due() == []
    assert board.sandbox.log.counters["monday.calls"] == 1
    assert entries(action="check") == []


@pytest.mark.usefixtures("two")
def test_a_board_that_cannot_be_read_loses_nobody(board: Eyes, mapping: BoardMapping) -> None:
    board.set_board("archived")
    items.compare(mapping)
    board.set_board("active")
    board.sandbox.faults.add(
        {"match": {"operation": "Items*", "count": 1}, "do": [{"action": "status", "code": 500}]}
    )
    items.compare(mapping)

    assert states() == {"delivered": 2}
    assert items.due() == []

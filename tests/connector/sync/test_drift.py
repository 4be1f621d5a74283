"""Drift: people change boards, and only what is touched waits; what waited is delivered."""

from datetime import timedelta

import pytest

from connector.models import Action, BoardLane, RecordLink
from connector.models.clock import database_now
from connector.sandbox.monday import board_acts
from connector.sync import drift
from connector.sync.activate import replan
from mappings.models import BoardMapping, FieldPairing
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, states

DUE = "2026-12-24T00:00:00"
DUE_CELL = {"date": "2026-12-24"}


def look(mapping: BoardMapping) -> list[tuple[str, str]]:
    """Look at the board; what is open afterwards."""
    pass_time(hours=2)
    mapping.refresh_from_db()
    drift.look(mapping)
    mapping.refresh_from_db()
    return [(each["kind"], each["title"]) for each in mapping.drift]


def retype(board: Eyes, title: str, type_: str) -> None:
    board_acts.column_retype(board.account, board.board, board.column(title), type_)


def restore_column(board: Eyes, column: object, values: list[object]) -> None:
    """What monday's recycle bin does: the same id, with the values of then."""
    board.board.columns[column.id] = column  # type: ignore[attr-defined]
    for item, value in zip(board.items, values, strict=True):
        item.cells[column.id] = value  # type: ignore[attr-defined]


def dates(board: Eyes) -> list[str]:
    return [str((cell or {}).get("date", "")) for cell in board.cells("Due date")]


def test_a_thousand_new_names_cost_no_write(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    before = len(board.mutations())
    column = board.column("Due date")
    for number in range(1000):
        board_acts.column_rename(board.account, board.board, column, f"Forfall {number}")
        if number % 100 == 0:
            look(mapping)
            take_in(1)
            work()

    assert look(mapping) == []
    assert len(board.mutations()) == before
    assert mapping.version == 1


def test_a_restored_column_gets_what_changed_meanwhile(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    work()
    column, values = board.column("Due date"), board.cells("Due date")
    board.delete_column("Due date")
    assert look(mapping) == [("column_deleted", "Due date")]
    take_in(2, dueDate=DUE, description="Epler")
    work()
    assert board.cells("Description")[1] == "Epler"  # everything else flows
    restore_column(board, column, values)
    calls = len(board.mutations())

    assert look(mapping) == []
    work()
    assert dates(board) == ["2026-08-13", "2026-12-24"]
    assert len(board.mutations()) == calls + 1
    assert [e.action for e in entries(actor="ml-connector", record_key="")] == ["notice", "resume"]


def test_a_column_of_another_type_waits_and_is_filled_once_it_is_back(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    work()
    retype(board, "Due date", "text")
    assert look(mapping) == [("column_retyped", "Due date")]
    take_in(1, description="Epler")
    work()
    assert board.cells("Due date") == [None, None]
    assert states() == {"delivered": 2}
    retype(board, "Due date", "date")

    assert look(mapping) == []
    work()
    assert dates(board) == ["2026-08-13", "2026-08-13"]


def test_a_column_retyped_a_moment_ago_parks_its_field_and_fails_nothing(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    retype(board, "Due date", "numbers")
    take_in(1, 2, dueDate=DUE, description="Epler")
    work()
    pass_time(minutes=1)
    work()

    assert states() == {"delivered": 2}
    assert board.cells("Description") == ["Epler", "Epler"]
    assert [list(link.parked) for link in RecordLink.objects.all()] == [
        [board.column("Due date").id]
    ] * 2


def test_another_column_for_the_field_gets_every_value(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    work()
    old = board.column("Due date").id
    board.delete_column("Due date")
    look(mapping)
    new = board_acts.column_add(board.account, board.board, "Due date", type_="date")
    look(mapping)
    FieldPairing.objects.filter(column_id=old).update(column_id=new.id)

    replan(BoardMapping.objects.get(pk=mapping.pk))
    work()
    assert dates(board) == ["2026-08-13", "2026-08-13"]
    assert look(mapping) == []


def test_without_the_key_column_only_new_items_wait(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    key, values = board.column("Visma key"), board.cells("Visma key")
    board.delete_column("Visma key")
    take_in(1, 2, description="Epler")
    pass_time(minutes=11)
    work()
    assert states() == {"delivered": 1, "waiting": 1}
    assert board.cells("Description") == ["Epler"]
    assert look(mapping) == [("key_column_gone", "Visma key")]
    restore_column(board, key, values)

    assert look(mapping) == []
    work()
    assert states() == {"delivered": 2}
    assert len(set(board.cells("Visma key"))) == 2


def test_a_key_column_of_another_type_is_filled_anew_once_it_is_back(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    before = board.cells("Visma key")
    retype(board, "Visma key", "numbers")
    assert look(mapping) == [("key_column_gone", "Visma key")]
    retype(board, "Visma key", "text")

    assert look(mapping) == []
    work()
    assert board.cells("Visma key") == before != [None]


def test_a_deleted_group_and_a_new_required_column_are_told_and_stop_nothing(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    assert look(mapping) == []
    title = board.board.groups[mapping.group_id].title
    board.board.groups[mapping.group_id].deleted = True
    extra = board_acts.column_add(board.account, board.board, "Cost centre", type_="text")
    board.board.required_columns.append(extra.id)

    assert look(mapping) == [("group_gone", title), ("column_required", "Cost centre")]
    take_in(1)
    work()
    assert states() == {"delivered": 1}


def test_what_is_open_is_told_once(board: Eyes, mapping: BoardMapping) -> None:
    board.delete_column("Due date")
    for _ in range(3):
        look(mapping)

    assert [entry.action for entry in entries()] == [Action.NOTICE]


def test_a_removed_label_is_told_at_the_next_look(board: Eyes, mapping: BoardMapping) -> None:
    look(mapping)
    board.switch_label("Status", "Closed", on=False)
    look(mapping)
    look(mapping)

    assert ["“Closed”" in entry.message for entry in entries()] == [True]


def test_an_archived_board_is_noticed_without_a_change_in_visma_and_goes_on_when_it_is_back(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    board.set_board("archived")
    look(mapping)
    assert BoardLane.objects.get().paused_code == "board_gone"
    board.set_board("active")
    look(mapping)

    assert BoardLane.objects.get().paused_code == ""
    assert [e.action for e in entries(record_key="")] == ["pause", "resume"]


@pytest.mark.parametrize(
    ("ago", "is_open", "wanted"), [(30, False, 0), (70, False, 1), (30, True, 1), (5, True, 0)]
)
def test_a_board_is_looked_at_every_hour_and_oftener_while_something_is_open(
    mapping: BoardMapping, ago: int, is_open: bool, wanted: int
) -> None:
    mapping.board_read_at = database_now() - timedelta(minutes=ago)
    mapping.board_columns = [{"id": "name", "title": "Name", "type": "name", "settings": {}}]
    mapping.drift = [{"kind": "column_deleted"}] if is_open else []
    mapping.save()

    assert len(drift.due()) == wanted


def test_a_look_costs_two_calls(board: Eyes, mapping: BoardMapping) -> None:
    look(mapping)

    assert board.sandbox.log.counters["monday.calls"] == 2

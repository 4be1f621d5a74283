"""What monday refuses stands in a list that says why, and the rest flows."""

import pytest

from connector.models import BoardLane, RecordLink
from connector.models.clock import database_now
from connector.sandbox.world import MONDAY_TOKEN
from connector.sync import drift, pauses
from mappings.models import BoardMapping
from tenants.models import MondayConnection
from tenants.services import connection_ok
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, states


def link_of(number: int) -> RecordLink:
    return RecordLink.objects.get(record__key=f"Invoice:2{number:05}")


def test_a_missing_label_fails_exactly_the_records_that_need_it(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    board.switch_label("Status", "Closed", on=False)
    take_in(1, 2)
    take_in(3, status="Closed")
    work()

    assert states() == {"delivered": 2, "failed": 1}
    assert "Closed" in link_of(3).failure_happened
    assert "Status" in link_of(3).failure_happened
    assert link_of(3).failure_remedy


def test_a_label_removed_after_the_board_was_read_is_named_all_the_same(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    board.switch_label("Status", "Closed", on=False)
    take_in(2, status="Closed")
    work()
    pass_time(minutes=1)
    work()

    assert link_of(2).state == "failed"
    assert "“Closed”" in link_of(2).failure_happened


def test_one_bad_record_never_sinks_its_neighbours(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    board.sandbox.faults.add(
        {
            "match": {"operation": "create_item*", "count": 1},
            "do": [{"action": "partial", "aliases": ["a3"]}],
        }
    )
    take_in(*range(25))
    work()

    counted = states()
    assert counted["delivered"] == 24
    assert len(board.items) == 24


def test_a_request_refused_as_a_whole_is_tried_in_smaller_parts(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    refusal = {"errors": [{"message": "Bad request"}]}
    board.sandbox.faults.add(
        {
            "match": {"operation": "create_item*", "count": 1},
            "do": [{"action": "status", "code": 400, "body": refusal}],
        }
    )
    take_in(*range(25))
    work()

    sizes = [len(entry.aliases) for entry in board.mutations() if entry.aliases]
    assert states() == {"delivered": 25}
    assert sizes == [12, 12, 1]


def test_a_limit_met_is_waited_for_and_costs_no_attempt(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    body = {
        "errors": [
            {
                "message": "Minute rate limit exceeded",
                "extensions": {"code": "MINUTE_RATE_LIMIT_EXCEEDED", "retry_in_seconds": 7},
            }
        ]
    }
    board.sandbox.faults.add(
        {
            "match": {"operation": "create_item*", "count": 1},
            "do": [{"action": "status", "code": 429, "body": body}],
        }
    )
    take_in(1)
    work()
    waiting = link_of(1)
    lane = BoardLane.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    assert lane.not_before is not None


def test_a_revoked_token_stops_the_connection_and_loses_nothing(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    board.sandbox.monday.revoke(MONDAY_TOKEN)
    take_in(1)
    work()
    connection = MondayConnection.objects.get()
    calls = board.sandbox.log.counters["monday.calls"]
    pass_time(hours=1)
    work()

    assert connection.health == "needs_person"
    assert board.sandbox.log.counters["monday.calls"] == calls
    assert states() == {"waiting": 1}


def test_after_reconnecting_delivery_goes_on(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    board.sandbox.monday.revoke(MONDAY_TOKEN)
    take_in(1)
    work()
    board.sandbox.monday.access.allow(MONDAY_TOKEN)
    connection_ok(MondayConnection.objects.get())
    pass_time(minutes=11)
    work()

    assert states() == {"delivered": 1}


def test_an_archived_board_pauses_its_lane_with_one_notice(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    board.set_board("archived")
    take_in(*range(30))
    work()
    pass_time(minutes=11)
    work()

    assert states() == {"waiting": 30}
    assert [entry.action for entry in entries()] == ["pause"]
    assert BoardLane.objects.get().paused_code == "board_gone"


def test_a_restored_board_goes_on_by_itself(take_in: TakeIn, work: Work, board: Eyes) -> None:
    board.set_board("archived")
    take_in(1)
    work()
    board.set_board("active")
    pass_time(minutes=11)
    work()

    assert states() == {"delivered": 1}
    assert BoardLane.objects.get().paused_code == ""


def refuse(board: Eyes, operation: str) -> None:
    body = {"errors": [{"message": "Parse error on line 1"}]}
    match = {"system": "monday", "operation": operation}
    board.sandbox.faults.add(
        {"match": match, "do": [{"action": "status", "code": 200, "body": body}]}
    )


@pytest.mark.parametrize("operation", ["items_page_by_column_values", "boards"])
def test_a_question_that_monday_refuses_for_good_is_shown_and_asked_ever_more_seldom(
    take_in: TakeIn, work: Work, board: Eyes, operation: str
) -> None:
    take_in(1)
    RecordLink.objects.update(look_up_first=True)
    refuse(board, operation)
    rests = []
    for _ in range(4):
        work()
        lane = BoardLane.objects.get()
        assert lane.not_before is not None
        rests.append(round((lane.not_before - database_now()).total_seconds()))
        pass_time(seconds=rests[-1] + 1)
    shown = BoardLane.objects.get()
    board.sandbox.faults.clear()
    work()

    assert rests == sorted(set(rests))
    assert (shown.paused_code, bool(shown.paused_remedy)) == ("question_refused", True)
    assert shown.paused_reason.startswith("monday.com refuses")
    assert states() == {"delivered": 1}
    assert [entry.action for entry in entries(record_key="")] == ["pause", "resume"]
    assert BoardLane.objects.get().paused_code == ""


def test_a_look_that_is_refused_for_good_is_shown_though_nothing_waits(
    board: Eyes, mapping: BoardMapping
) -> None:
    refuse(board, "boards")

    assert drift.look(mapping) is False
    assert pauses.reason_of(mapping).startswith("monday.com refuses")


def test_a_deleted_column_parks_its_field_and_the_rest_flows(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    column = board.column("Due date").id
    board.delete_column("Due date")
    take_in(1)
    work()

    assert states() == {"delivered": 1}
    assert list(link_of(1).parked) == [column]


def test_a_column_deleted_after_the_board_was_read_parks_its_field_too(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    board.delete_column("Due date")
    take_in(1, 2, dueDate="2026-12-24T00:00:00", status="Closed")
    work()
    pass_time(minutes=1)
    work()

    assert states() == {"delivered": 2}
    assert board.cells("Invoice no") == ["200001", "200002"]


def test_a_deleted_group_is_replaced_by_the_boards_first(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    board.board.groups[mapping.group_id].deleted = True
    take_in(2)
    work()
    pass_time(minutes=1)
    work()

    assert states() == {"delivered": 2}
    assert board.items[1].group_id == board.board.first_group().id != mapping.group_id

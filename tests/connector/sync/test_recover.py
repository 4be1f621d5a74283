"""A lost answer never makes a second item, and never loses one."""

from typing import Any

import pytest

from connector.models import Batch, BoardLane, RecordLink
from connector.sandbox.monday import label_acts
from connector.sync import replay, slices
from connector.sync.lanes import due_lanes
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, states
from tests.faults.clocks import one_clock
from tests.interrupts import after_answer, at_statement

LOST_ANSWER: dict[str, Any] = {
    "match": {"operation": "create_item*", "count": 1},
    "do": [{"action": "execute_then_reset"}],
}
LOST_REQUEST: dict[str, Any] = {
    "match": {"operation": "create_item*", "count": 1},
    "do": [{"action": "reset_before"}],
}


REFUSALS: list[dict[str, Any]] = [
    {"action": "status", "code": 429, "headers": {"Retry-After": "3"}, "body": "{}"},
    {"action": "status", "code": 401, "body": {"errors": [{"message": "Not Authenticated"}]}},
    {"action": "status", "code": 403, "body": "{}"},
    {"action": "status", "code": 400, "body": {"errors": [{"message": "Bad request"}]}},
    {"action": "status", "code": 200, "body": {"errors": [{"message": "Rate limit exceeded"}]}},
    {"action": "html_502"},
]


def lose(board: Eyes, rule: dict[str, Any]) -> None:
    board.sandbox.faults.add(rule)


def reconnect() -> None:
    """What a person does whose connection was refused."""
    MondayConnection.objects.update(health=Health.OK)


def outage(board: Eyes, minutes: int) -> None:
    """monday has forgotten the key, and so much time has passed for us."""
    outage_of(board, seconds=minutes * 60)


def outage_of(board: Eyes, *, seconds: int) -> None:
    pass_time(seconds=seconds)
    board.sandbox.clock.advance(seconds)


def test_a_lost_answer_is_shown_as_uncertain_not_as_failed(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    lose(board, LOST_ANSWER)
    work()

    assert states() == {"uncertain": 2}
    assert [entry.outcome for entry in entries()] == ["uncertain", "uncertain"]


def test_a_lost_answer_is_asked_for_again_with_the_same_key_and_bytes(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    lose(board, LOST_ANSWER)
    work()
    pass_time(minutes=1)
    work()

    first, second = board.mutations()
    assert (first.idempotency_key, first.body_sha256) == (
        second.idempotency_key,
        second.body_sha256,
    )
    assert second.replayed
    assert (states(), len(board.items)) == ({"delivered": 2}, 2)


def test_a_request_that_never_arrived_is_sent_again(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    lose(board, LOST_REQUEST)
    work()
    pass_time(minutes=1)
    work()

    assert (states(), len(board.items)) == ({"delivered": 2}, 2)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: str(r.get("code", r["action"])))
def test_a_refused_second_sending_says_nothing_about_the_first(
    take_in: TakeIn, work: Work, board: Eyes, refusal: dict[str, Any]
) -> None:
    take_in(1, 2)
    lose(board, LOST_ANSWER)
    work()
    lose(board, {"match": {"operation": "create_item*", "count": 1}, "do": [refusal]})
    pass_time(minutes=1)
    work()
    reconnect()
    outage(board, 11)
    work()

    assert (states(), len(board.items)) == ({"delivered": 2}, 2)


def test_a_refused_second_change_is_not_taken_for_no_change(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    lose(board, {**LOST_ANSWER, "match": {"operation": "change*", "count": 1}})
    take_in(1, status="Closed")
    work()
    lose(board, {"match": {"operation": "change*", "count": 1}, "do": [REFUSALS[0]]})
    pass_time(minutes=1)
    work()
    take_in(1)
    outage(board, 11)
    work()

    open_label = label_acts.label_id_of(board.column("Status"), "Open")
    assert states() == {"delivered": 1}
    assert board.cells("Status") == [{"index": open_label}]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: str(r.get("code", r["action"])))
def test_a_refused_look_up_is_made_again(
    take_in: TakeIn, work: Work, board: Eyes, refusal: dict[str, Any]
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    lose(board, {"match": {"operation": "items_page*", "count": 1}, "do": [refusal]})
    outage(board, 40)
    work()
    reconnect()
    outage(board, 11)
    work()

    assert (states(), len(board.items)) == ({"delivered": 1}, 1)


def test_after_25_minutes_the_items_are_looked_up_and_linked(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()

    assert (states(), len(board.items)) == ({"delivered": 2}, 2)
    assert [entry.action for entry in entries(outcome="done")][:2] == ["find", "find"]


def test_the_bytes_stay_the_same_when_the_record_changes_in_between(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, description="before")
    lose(board, LOST_ANSWER)
    work()
    take_in(1, description="after")
    pass_time(minutes=1)
    work()

    first, second, update = board.mutations()
    assert first.body_sha256 == second.body_sha256 != update.body_sha256
    assert board.sandbox.log.violations() == []
    assert board.cells("Description") == ["after"]


def test_a_look_up_waits_until_the_index_must_show_what_was_sent_last(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    """Sent at 0:00 and lost, sent again at 24:50, executed, and its answer lost."""
    take_in(1)
    lose(board, LOST_REQUEST)
    work()
    board.account.index_lag = 90
    lose(board, LOST_ANSWER)
    outage_of(board, seconds=24 * 60 + 50)
    work()
    for _ in range(20):
        outage_of(board, seconds=20)
        work()

    assert (states(), len(board.items)) == ({"delivered": 1}, 1)


def test_an_item_is_created_anew_only_after_two_looks_found_nothing(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_REQUEST)
    work()
    outage(board, 40)
    work()
    after_first_look = states()
    pass_time(minutes=1)
    work()

    assert after_first_look == {"uncertain": 1}
    assert (states(), len(board.items)) == ({"delivered": 1}, 1)


def test_the_key_is_never_sent_again_once_monday_may_have_forgotten_it(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_REQUEST)
    work()
    outage(board, 40)
    work()
    pass_time(minutes=1)
    work()

    keys = [entry.idempotency_key for entry in board.mutations()]
    assert len(set(keys)) == len(keys)
    assert board.sandbox.log.violations() == []


def test_a_host_that_sleeps_between_the_look_at_the_clock_and_the_wire_sends_no_old_key(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    """Nobody takes the board over meanwhile, so that its lease still holds when it wakes."""
    with one_clock(board.sandbox) as clocks:
        take_in(1, 2)
        lose(board, LOST_ANSWER)
        work()
        clocks.advance(60)
        with at_statement("INSERT INTO connector_apicall", lambda: clocks.advance(31 * 60)):
            work()
        sent_by_then = len(board.mutations())
        for _ in range(6):
            clocks.advance(40)
            work()

    assert sent_by_then == 1
    assert (states(), len(board.items)) == ({"delivered": 2}, 2)
    assert board.sandbox.log.violations() == []


def test_two_items_with_one_key_are_shown_to_a_person_and_none_is_touched(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    board.copy_item(board.items[0])
    outage(board, 40)
    work()

    link = RecordLink.objects.get()
    assert (link.state, link.failure_code) == ("failed", "duplicate")
    assert str(board.items[1].id) in link.failure_happened
    assert len(board.items) == 2


def test_replay_after_the_duplicate_was_archived_links_the_one_that_is_left(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    board.copy_item(board.items[0])
    outage(board, 40)
    work()
    board.set_item(board.items[1], "archived")
    replay.replay_links(RecordLink.objects.all(), actor="kari@nordlys.example")
    work()

    assert states() == {"delivered": 1}
    assert RecordLink.objects.get().item_id == str(board.items[0].id)


def test_without_a_key_column_a_person_decides(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    BoardMapping.objects.update(key_column="")
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()

    assert RecordLink.objects.get().failure_code == "needs_decision"
    assert len(board.items) == 1


def test_an_update_whose_outcome_was_lost_is_written_again_in_full(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    lose(
        board,
        {"match": {"operation": "change*", "count": 1}, "do": [{"action": "reset_before"}]},
    )
    take_in(1, status="Closed")
    work()
    outage(board, 40)
    work()

    assert states() == {"delivered": 1}
    assert len(entries(action="update", outcome="done")[0].changes) > 1
    assert Batch.objects.exclude(state="settled").count() == 0


@pytest.mark.parametrize("operation", ["create_item", "change_multiple"])
def test_a_sending_that_nobody_lived_to_tell_of_is_told_of_by_whoever_recovers(
    take_in: TakeIn, work: Work, board: Eyes, operation: str
) -> None:
    take_in(1)
    if operation == "change_multiple":
        work()
        take_in(1, status="Closed")
    (lane,) = due_lanes()
    with after_answer(operation, die), pytest.raises(Killed):
        slices.work(lane)
    BoardLane.objects.update(lease_owner="elsewhere:1:x")
    outage(board, 40)
    work()

    (told,) = entries(outcome="uncertain")
    assert told.message.startswith("The worker ended before")
    assert (states(), len(board.items)) == ({"delivered": 1}, 1)


def test_a_pause_that_nobody_lived_to_tell_of_is_told_by_the_next_worker(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    refused = {"match": {"system": "monday"}, "do": [REFUSALS[1]]}
    lose(board, refused)
    (lane,) = due_lanes()
    with at_statement('INSERT INTO "?connector_auditentry', die), pytest.raises(Killed):
        slices.work(lane)
    BoardLane.objects.update(lease_owner="elsewhere:1:x", not_before=None)
    outage(board, 2)
    work()

    assert MondayConnection.objects.get().health == Health.NEEDS_PERSON
    assert [entry.action for entry in entries(record_key="")] == ["pause"]


class Killed(BaseException):
    """A process that is killed runs no ``except``."""


def die() -> None:
    raise Killed

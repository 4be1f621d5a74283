"""Replay: with a click, once, signed, and pointing at what it answers."""

import pytest

from connector.models import AuditEntry, RecordLink, SyncRun
from connector.sync.replay import preview, replay_entries, replay_links, replayable_entries
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, states

ACTOR = "kari@nordlys.example"


@pytest.fixture
def failed(take_in: TakeIn, work: Work, board: Eyes) -> AuditEntry:
    """One invoice on the board, one that failed for want of a label."""
    board.switch_label("Status", "Closed", on=False)
    take_in(1)
    take_in(2, status="Closed")
    work()
    return AuditEntry.objects.get(outcome="failed")


def replay_all() -> int:
    return replay_links(RecordLink.objects.all(), actor=ACTOR)


def test_after_the_label_is_back_replay_delivers(
    failed: AuditEntry, work: Work, board: Eyes
) -> None:
    board.switch_label("Status", "Closed", on=True)
    replay_entries([failed], actor=ACTOR)
    work()

    assert states() == {"delivered": 2}
    assert len(board.items) == 2


def test_the_audit_says_who_replayed_and_what_it_answers(failed: AuditEntry) -> None:
    replay_entries([failed], actor=ACTOR)

    (entry,) = entries(action="replay")
    assert (entry.actor, entry.replay_of_id, entry.number) == (ACTOR, failed.pk, "200002")


def test_replaying_again_and_again_is_replaying_once(
    failed: AuditEntry, work: Work, board: Eyes
) -> None:
    board.switch_label("Status", "Closed", on=True)
    counts = [replay_all(), replay_all()]
    work()
    counts.append(replay_all())

    assert counts == [1, 0, 0]
    assert len(board.mutations()) == 2


def test_a_replay_that_cannot_succeed_fails_again_and_says_so(
    failed: AuditEntry, work: Work
) -> None:
    replay_all()
    work()

    assert states() == {"delivered": 1, "failed": 1}
    assert len(entries(outcome="failed")) == 2


def test_what_was_delivered_is_left_alone(failed: AuditEntry, work: Work, board: Eyes) -> None:
    created = AuditEntry.objects.get(outcome="done")
    replayed = replay_entries([created], actor=ACTOR)

    assert replayed == 0


def test_only_entries_whose_record_still_fails_can_be_replayed(
    failed: AuditEntry, work: Work, board: Eyes
) -> None:
    before = list(replayable_entries(AuditEntry.objects.all()))
    board.switch_label("Status", "Closed", on=True)
    replay_all()
    work()

    assert before == [failed]
    assert list(replayable_entries(AuditEntry.objects.all())) == []


def test_the_preview_counts_what_a_replay_would_do(failed: AuditEntry) -> None:
    assert str(preview(RecordLink.objects.all())) == (
        "Replay 1: creates 1, updates 0, about 1 call"
    )


def test_a_replay_has_a_run_with_an_account_of_its_own(
    failed: AuditEntry, work: Work, board: Eyes
) -> None:
    board.switch_label("Status", "Closed", on=True)
    replay_all()
    work()

    run = SyncRun.objects.get(trigger="replay")
    assert (run.read, run.created) == (1, 1)
    assert run.finished_at


def test_an_item_deleted_by_a_person_stands_in_the_list_and_replay_creates_it_anew(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    board.set_item(board.items[0], "deleted")
    take_in(1, status="Closed")
    work()
    gone = states()
    replay_all()
    work()

    assert gone == {"gone": 1}
    assert states() == {"delivered": 1}
    assert len(board.items) == 1


def test_an_item_restored_by_a_person_is_found_again_not_doubled(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    item = board.items[0]
    board.set_item(item, "archived")
    take_in(1, status="Closed")
    work()
    board.set_item(item, "active")
    replay_all()
    work()

    assert [found.id for found in board.items] == [item.id]
    assert states() == {"delivered": 1}

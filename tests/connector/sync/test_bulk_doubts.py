"""Bulk loads of which monday does not say what became of them: looked for, never guessed."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from connector.models import Batch
from connector.sandbox.monday.bulk.rows import Tally
from tenants.models import Health, MondayConnection
from tests.connector.sync.conftest import FEW, Eyes, TakeIn, Work, pass_time, states
from tests.connector.sync.test_bulk import fail_once, operations

COUNTS = ("submitted", "invalid", "skipped", "created", "updated", "failed")


@pytest.fixture
def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """monday's schema lets each count be null; its index shows new items later."""
    monkeypatch.setattr(Tally, "counts", lambda tally: dict.fromkeys(COUNTS))


@pytest.mark.usefixtures("uncounted")
def test_a_load_that_is_over_without_counts_is_looked_for_before_it_is_made_again(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    board.account.index_lag = 45.0
    take_in(*range(FEW))
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)
    assert operations(board) == ["ingest_items"]


@pytest.mark.usefixtures("uncounted")
def test_a_load_that_failed_without_counts_may_have_written(
    take_in: TakeIn, until_done: Work, board: Eyes
) -> None:
    board.account.index_lag = 45.0
    board.sandbox.monday.bulk.break_after = 100
    take_in(*range(120))
    until_done()

    assert (states(), len(board.items)) == ({"delivered": 120}, 120)


@pytest.fixture
def pending(board: Eyes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What monday says of a load is late: so many answers more are from before the file came."""
    late: list[str] = []
    status = board.sandbox.monday.bulk.status

    def told(load: str) -> dict[str, Any]:
        return {**status(load), **({"status": late.pop()} if late else {})}

    monkeypatch.setattr(board.sandbox.monday.bulk, "status", told)
    return late


def test_a_file_that_came_although_its_address_expired_makes_no_item_twice(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes, pending: list[str]
) -> None:
    pending += ["UPLOAD_PENDING"] * 100
    fail_once(board, "execute_then_reset", path="/monday/uploads/*")
    take_in(*range(FEW))
    work()
    pass_time(minutes=11)
    board.sandbox.clock.advance(660)
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


@pytest.mark.parametrize("code", [400, 401, 429])
def test_a_file_that_came_although_its_load_was_refused_again_makes_no_item_twice(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes, pending: list[str], code: int
) -> None:
    pending += ["UPLOAD_PENDING"] * 2
    fail_once(board, "execute_then_reset", path="/monday/uploads/*")
    take_in(*range(FEW))
    work()
    refusal = {"action": "status", "code": code, "body": {"errors": [{"message": "Refused"}]}}
    match = {"operation": "ingest_items", "count": 1}
    board.sandbox.faults.add({"match": match, "do": [refusal]})
    pass_time(seconds=6)
    work()
    MondayConnection.objects.update(health=Health.OK)
    pass_time(minutes=11)
    until_done()

    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


def odd(code: str) -> dict[str, Any]:
    """An error that says nothing of the load."""
    return {"errors": [{"message": "Odd", "extensions": {"code": code}}]}


ODD = {
    "a code nobody knows": (200, odd("SomethingNew")),
    "a column": (200, odd("InvalidColumnIdException")),
    "no words": (400, {"errors": [{"message": ""}]}),
}


def answer_status(board: Eyes, status: int, body: object, **match: object) -> None:
    """What monday says when it is asked how far a load is."""
    refusal = {"action": "status", "code": status, "body": body}
    board.sandbox.faults.add({"match": {"operation": "fetch_job_status", **match}, "do": [refusal]})


@pytest.fixture
def slow(board: Eyes, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """monday writes the rows of a load when this is set, and not before."""
    begin = threading.Event()
    apply = board.sandbox.monday.bulk._apply

    def when_told(*given: Any) -> None:
        begin.wait()
        apply(*given)

    monkeypatch.setattr(board.sandbox.monday.bulk, "_apply", when_told)
    yield begin
    begin.set()
    board.sandbox.monday.bulk.wait()


def looks(work: Work, times: int) -> None:
    for _ in range(times):
        work()
        pass_time(seconds=31)


@pytest.mark.usefixtures("bulk")
@pytest.mark.parametrize("kind", ODD)
def test_a_load_is_not_over_because_its_state_is_refused(
    take_in: TakeIn,
    work: Work,
    until_done: Work,
    board: Eyes,
    slow: threading.Event,
    kind: str,
) -> None:
    answer_status(board, *ODD[kind], count=8)
    take_in(*range(FEW))
    looks(work, 9)
    meanwhile = states()
    slow.set()
    until_done()

    assert meanwhile == {"sending": FEW}
    assert operations(board) == ["ingest_items"]
    assert (states(), len(board.items)) == ({"delivered": FEW}, FEW)


@pytest.mark.usefixtures("bulk")
def test_a_refusal_of_a_loads_state_is_noted_until_monday_tells_it(
    take_in: TakeIn, work: Work, board: Eyes, slow: threading.Event
) -> None:
    answer_status(board, *ODD["no words"], count=1)
    take_in(*range(FEW))
    looks(work, 2)
    refused = Batch.objects.get().error
    looks(work, 1)

    assert refused == "monday.com refused the request."
    assert Batch.objects.get().error == ""


def test_after_two_hours_of_refusals_the_board_is_asked(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    answer_status(board, *ODD["no words"])
    take_in(*range(FEW))
    work()
    board.sandbox.monday.bulk.wait()
    pass_time(hours=2)
    until_done()

    assert operations(board) == ["ingest_items"]
    assert states() == {"delivered": FEW}


def test_of_a_load_that_monday_does_not_know_any_more_the_board_is_asked(
    take_in: TakeIn, work: Work, until_done: Work, board: Eyes
) -> None:
    take_in(*range(FEW))
    work()
    board.sandbox.monday.bulk.wait()
    board.sandbox.monday.bulk.reset()
    pass_time(seconds=31)
    until_done()

    assert operations(board) == ["ingest_items"]
    assert states() == {"delivered": FEW}

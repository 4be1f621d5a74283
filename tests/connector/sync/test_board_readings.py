"""A look at a board goes on where a limit cut it off, or it would never end on a large one."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django_q.exceptions import TimeoutException

from connector import tasks
from connector.errors import Explanation, TryAgain
from connector.models import (
    AccountLimits,
    ApiCall,
    BoardReading,
    BoardWatch,
    GoodsReceipt,
    ReceiptState,
)
from connector.models.clock import database_now
from connector.monday import queries
from connector.monday.reading import Page, Reading
from connector.sync import items, watch
from connector.sync.board_readings import begin_anew, going_on
from mappings.models import BoardMapping
from tests.connector.sync.conftest import FEW, Eyes, TakeIn, Work, pass_time, states

Try = Callable[[], Any]
PAGES = FEW // 2
CALLS = 3  # of monday in a minute


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, mapping: BoardMapping, board: Eyes) -> None:
    """Two items on a page, and few calls in a minute."""
    board.sandbox.monday.limits.set(minute=CALLS)
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries, "RECENT", 2)
    AccountLimits.objects.update_or_create(
        account=mapping.monday.account_key, defaults={"minute_quota": CALLS}
    )


@pytest.fixture
def large(
    mapping: BoardMapping,
    board: Eyes,
    take_in: TakeIn,
    work: Work,
    request: pytest.FixtureRequest,
) -> BoardMapping:
    """A board of several pages, more than a minute has calls for."""
    take_in(*range(FEW))
    work()
    request.getfixturevalue("narrow")
    a_minute_passes(board)
    mapping.refresh_from_db()
    return mapping


def a_minute_passes(board: Eyes) -> None:
    ApiCall.objects.update(started_at=database_now() - timedelta(minutes=2))
    AccountLimits.objects.update(backlog_due_at=None, turn_kept_until=None, blocked_until=None)
    pass_time(minutes=2)
    board.sandbox.clock.advance(120)


def pages_read() -> int:
    return ApiCall.objects.filter(
        operation__in=("items", "changed_items", "next_items"), finished_at__isnull=False
    ).count()


def until(board: Eyes, is_done: Try, attempt: Try) -> None:
    for _ in range(3 * PAGES):
        attempt()
        if is_done():
            return
        a_minute_passes(board)
    pytest.fail("it does not come to an end")


def is_compared(mapping: BoardMapping) -> bool:
    mapping.refresh_from_db()
    at = mapping.items_due_at
    return at is not None and at > database_now() + timedelta(hours=12)


def test_the_items_of_a_large_board_are_compared_over_several_minutes(
    large: BoardMapping, board: Eyes
) -> None:
    board.set_item(board.items[0], "archived")
    before = pages_read()
    until(board, lambda: is_compared(large), lambda: items.compare(large))

    assert states() == {"gone": 1, "delivered": FEW - 1}
    assert pages_read() - before == PAGES
    assert not BoardReading.objects.exists()


def asked_about() -> int:
    return ApiCall.objects.filter(operation="items_by_id", finished_at__isnull=False).count()


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call may ask about two items."""
    monkeypatch.setattr(items, "AT_ONCE", 2)
    monkeypatch.setattr(queries, "KEYS", 2)


def test_more_lost_items_than_a_minute_can_ask_about_are_all_found(
    large: BoardMapping, board: Eyes, two_at_once: None
) -> None:
    for item in list(board.items):
        board.set_item(item, "archived")
    until(board, lambda: is_compared(large), lambda: items.compare(large))

    assert states() == {"gone": FEW}
    assert asked_about() == FEW // 2


def test_more_new_items_than_a_minute_can_ask_about_keep_no_reading_from_its_end(
    large: BoardMapping, board: Eyes, two_at_once: None
) -> None:
    until(board, lambda: BoardReading.objects.exists(), lambda: items.compare(large))
    BoardReading.objects.update(seen={}, complete=True)
    until(board, lambda: is_compared(large), lambda: items.compare(large))

    assert states() == {"delivered": FEW}
    assert asked_about() == FEW // 2


def test_an_item_that_went_while_a_reading_was_cut_off_is_not_taken_for_one_that_is_back(
    large: BoardMapping, board: Eyes, work: Work
) -> None:
    item = min(board.items, key=lambda item: int(item.id))
    items.compare(large)
    assert str(item.id) in BoardReading.objects.get().seen
    a_minute_passes(board)
    board.set_item(item, "archived")
    items.look_at(large, [str(item.id)])
    until(board, lambda: is_compared(large), lambda: items.compare(large))
    work()

    assert states() == {"gone": 1, "delivered": FEW - 1}


@pytest.mark.usefixtures("narrow")
def test_a_load_of_many_pages_lands_over_several_minutes(
    take_in: TakeIn, work: Work, board: Eyes, bulk: None
) -> None:
    def attempt() -> None:
        work()
        board.sandbox.monday.bulk.wait()

    take_in(*range(FEW))
    until(board, lambda: states() == {"delivered": FEW}, attempt)

    assert [entry.operation for entry in board.mutations()] == ["ingest_items"]
    assert pages_read() == PAGES
    assert not BoardReading.objects.exists()


def rule(mapping: BoardMapping, board: Eyes) -> BoardMapping:
    column = board.column("Received?").id
    mapping.receive = {"column": column, "label": "Received", "receipt": "order", "release": True}
    mapping.save()
    return mapping


def receive(board: Eyes, mapping: BoardMapping, number: int) -> None:
    item = sorted(board.items, key=lambda item: int(item.id))[number]
    name, column = mapping.board_name, "Received?"
    board.sandbox.monday.act(
        act="status_set", board=name, item=str(item.id), column=column, label="Received"
    )


def begun(mapping: BoardMapping) -> bool:
    return BoardWatch.objects.filter(mapping=mapping).exclude(column_id="").exists()


def test_a_rule_begins_on_a_large_board_and_knows_all_its_labels(
    large: BoardMapping, board: Eyes
) -> None:
    rule(large, board)
    for number in (0, FEW - 1):
        receive(board, large, number)
    before = pages_read()
    until(board, lambda: begun(large), lambda: watch.look(large))

    assert [row.state for row in GoodsReceipt.objects.all()] == [ReceiptState.BEFORE] * 2
    assert pages_read() - before == PAGES


def test_labels_are_found_where_more_has_changed_than_a_minute_can_read(
    large: BoardMapping, board: Eyes
) -> None:
    rule(large, board)
    until(board, lambda: begun(large), lambda: watch.look(large))
    a_minute_passes(board)
    receive(board, large, 0)
    before = pages_read()
    until(board, GoodsReceipt.objects.exists, lambda: watch.look(large))
    until(board, lambda: not BoardReading.objects.exists(), lambda: watch.look(large))

    assert [row.state for row in GoodsReceipt.objects.all()] == [ReceiptState.WAITING]
    assert pages_read() - before <= PAGES + 1


def switch(mapping: BoardMapping, receive: dict[str, Any]) -> None:
    """Another version of the mapping goes live, with this rule."""
    mapping.receive, mapping.version = receive, mapping.version + 1
    mapping.save()
    watch.follow_rule(mapping)


def test_a_label_set_while_a_rule_was_off_asks_for_nothing_though_its_reading_was_cut_off(
    large: BoardMapping, board: Eyes
) -> None:
    kept = rule(large, board).receive
    watch.look(large)
    assert BoardReading.objects.exists()
    switch(large, {})
    a_minute_passes(board)
    receive(board, large, 0)
    switch(large, kept)
    until(board, lambda: begun(large), lambda: watch.look(large))
    a_minute_passes(board)
    watch.look(large)

    assert [row.state for row in GoodsReceipt.objects.all()] == [ReceiptState.BEFORE]


LIMIT = TryAgain(Explanation("rate_minute", "It was cut off.", "Wait."))
EXPIRED = TryAgain(Explanation("cursor_expired", "The cursor is unknown.", "Wait."))


def go_through(mapping: BoardMapping, purpose: str) -> None:
    with going_on(mapping, purpose):
        pass


def cut_off(mapping: BoardMapping, error: BaseException = LIMIT) -> None:
    with suppress(type(error)), going_on(mapping, "a test") as reading:
        reading.cursor, reading.seen = "next", {"1": "seen"}
        raise error


@pytest.mark.django_db
def test_a_reading_that_was_cut_off_goes_on_once(mapping: BoardMapping) -> None:
    cut_off(mapping)
    with going_on(mapping, "a test") as reading:
        assert (reading.cursor, reading.seen) == ("next", {"1": "seen"})
    with going_on(mapping, "a test") as reading:
        assert (reading.cursor, reading.seen) == ("", {})


@pytest.mark.django_db
def test_a_reading_goes_on_after_its_worker_came_to_its_end(mapping: BoardMapping) -> None:
    cut_off(mapping, TimeoutException("Task exceeded maximum timeout value (240 seconds)"))

    with going_on(mapping, "a test") as reading:
        assert (reading.cursor, reading.seen) == ("next", {"1": "seen"})


def break_down(mapping: BoardMapping) -> None:
    """The database refuses everything that comes after an error of our own."""
    with going_on(mapping, "a test") as reading:
        reading.cursor = "next"
        transaction.set_rollback(True)
        raise KeyError("of our own")


@pytest.mark.django_db
def test_what_interrupted_a_reading_is_told_though_nothing_can_be_kept(
    mapping: BoardMapping,
) -> None:
    with pytest.raises(KeyError, match="of our own"), transaction.atomic():
        break_down(mapping)

    assert not BoardReading.objects.exists()


def test_a_board_that_outlasts_its_worker_is_compared_by_those_after_it(
    large: BoardMapping, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Reading._pages

    def last_for_two(self: Reading, *given: Any) -> Iterator[Page]:
        for number, page in enumerate(pages(self, *given)):
            if number == 2:
                raise TimeoutException("Task exceeded maximum timeout value (240 seconds)")
            yield page

    def attempt() -> None:
        with suppress(TimeoutException):
            items.compare(large)

    board.sandbox.monday.limits.set(minute=100)
    AccountLimits.objects.update(minute_quota=100)
    monkeypatch.setattr(Reading, "_pages", last_for_two)
    until(board, lambda: is_compared(large), attempt)

    assert not BoardReading.objects.exists()


def test_two_workers_do_not_compare_one_board_at_once(large: BoardMapping) -> None:
    assert items.claim(large.pk)
    assert not items.claim(large.pk)
    BoardMapping.objects.update(items_due_at=F("items_due_at") - timedelta(minutes=6))
    assert items.claim(large.pk)


def test_a_task_claims_what_it_looks_at(
    large: BoardMapping, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    due: list[int] = []

    def look(mapping: BoardMapping) -> list[GoodsReceipt]:
        due.extend([*items.due(), *watch.due_boards(database_now())])
        return []

    rule(large, board)
    monkeypatch.setattr(watch, "look", look)
    monkeypatch.setattr(items, "compare", look)
    tasks.watch_board(large.pk)
    assert due == [large.pk]  # for its items
    BoardWatch.objects.update(not_before=None)
    tasks.compare_items(large.pk)
    assert due == [large.pk] * 2  # for its labels


def test_who_wants_a_board_compared_while_it_is_gets_another_look_from_its_first_page(
    large: BoardMapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Reading._pages

    def interrupted(self: Reading, *given: Any) -> Iterator[Page]:
        yield next(pages(self, *given))
        items.soon(large)
        raise LIMIT

    monkeypatch.setattr(Reading, "_pages", interrupted)
    items.compare(large)

    assert items.due() == [large.pk]
    assert not BoardReading.objects.exists()


def test_two_workers_do_not_search_one_board_for_labels_at_once(
    large: BoardMapping, board: Eyes
) -> None:
    rule(large, board)
    assert watch.claim(large)
    assert not watch.claim(large)
    assert watch.due_boards(database_now()) == []
    BoardWatch.objects.update(not_before=F("not_before") - timedelta(minutes=6))
    assert watch.due_boards(database_now()) == [large.pk]
    assert watch.claim(large)


def test_a_search_for_labels_that_is_through_is_made_again_a_minute_later(
    large: BoardMapping, board: Eyes
) -> None:
    rule(large, board)
    assert watch.claim(large)
    until(board, lambda: begun(large), lambda: watch.look(large))
    assert not watch.claim(large)
    BoardWatch.objects.update(looked_at=F("looked_at") - timedelta(minutes=2))
    assert watch.claim(large)


@pytest.mark.django_db
def test_a_reading_whose_cursor_monday_has_forgotten_begins_anew(mapping: BoardMapping) -> None:
    cut_off(mapping)
    cut_off(mapping, EXPIRED)

    with going_on(mapping, "a test") as reading:
        assert (reading.cursor, reading.seen) == ("", {})


@pytest.mark.django_db
def test_a_reading_that_is_an_hour_old_begins_anew(mapping: BoardMapping) -> None:
    cut_off(mapping)
    BoardReading.objects.update(began_at=database_now() - timedelta(minutes=59))

    with going_on(mapping, "a test") as reading:
        assert (reading.cursor, reading.seen) == ("", {})
        assert reading.began_at > database_now() - timedelta(minutes=1)


@pytest.mark.django_db
def test_a_reading_for_another_purpose_is_another(mapping: BoardMapping) -> None:
    cut_off(mapping)

    with going_on(mapping, "another") as reading:
        assert reading.cursor == ""


@pytest.mark.django_db
def test_of_two_new_readings_that_are_cut_off_at_once_the_first_is_kept(
    mapping: BoardMapping,
) -> None:
    with suppress(TryAgain), going_on(mapping, "a test") as slow:
        cut_off(mapping)
        slow.cursor = "elsewhere"
        raise LIMIT

    assert BoardReading.objects.get().cursor == "next"


@pytest.mark.django_db
@pytest.mark.parametrize("ends", [go_through, begin_anew])
def test_a_reading_that_is_cut_off_late_does_not_bring_back_what_is_over(
    mapping: BoardMapping, ends: Callable[[BoardMapping, str], None]
) -> None:
    cut_off(mapping)
    with suppress(TryAgain), going_on(mapping, "a test"):
        ends(mapping, "a test")
        raise LIMIT

    assert not BoardReading.objects.exists()

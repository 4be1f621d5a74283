"""Queries that are put together once and asked with other values each time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from connector.models import BoardLane
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from mappings.models import BoardMapping, FieldPairing


def test_each_call_asks_with_its_own_values(db: None) -> None:
    now = database_now()
    for board in ("7", "8"):
        BoardLane.objects.create(account="monday:1", board_id=board, served_at=now)
    served = Prepared(
        lambda: BoardLane.objects.filter(
            Q(not_before=None) | Q(not_before__lt=Given("now")),
            board_id=Given("board"),
            served_at__gte=Given("since"),
        ).values_list("board_id", flat=True)
    )

    assert served(board="7", since=now, now=now) == ["7"]
    assert served(board="8", since=now, now=now) == ["8"]
    assert served(board="8", since=now + timedelta(seconds=1), now=now) == []


def test_it_is_put_together_once(db: None) -> None:
    made = []

    def lanes() -> QuerySet[BoardLane]:
        made.append("once")
        return BoardLane.objects.filter(board_id=Given("board"))

    prepared = Prepared(lanes)
    for board in ("7", "8", "9"):
        prepared(board=board)

    assert made == ["once"]


def test_its_rows_are_what_the_query_itself_would_give(mapping: BoardMapping) -> None:
    rows = BoardMapping.objects.annotate(half=F("poll_minutes") * 2).select_related("monday")
    rows = rows.prefetch_related("pairings")
    (given,) = Prepared(lambda: rows.filter(pk=Given("pk")))(pk=mapping.pk)
    expected = rows.get(pk=mapping.pk)

    assert [f"{getattr(given, field.attname)}" for field in BoardMapping._meta.fields] == [
        f"{getattr(expected, field.attname)}" for field in BoardMapping._meta.fields
    ]
    assert given.half == 2
    assert given.monday.token == mapping.monday.token
    assert list(given.pairings.all()) == list(FieldPairing.objects.filter(mapping=mapping))


def test_a_row_that_was_given_is_asked_anew_the_next_time(db: None) -> None:
    lane = BoardLane.objects.create(account="monday:1", board_id="7")
    fence = Prepared(lambda: BoardLane.objects.values_list("fence", flat=True))
    before = fence.one()
    BoardLane.objects.filter(pk=lane.pk).update(fence=5)

    assert (before, fence.one()) == (0, 5)


def test_without_a_row_there_is_none(db: None) -> None:
    assert Prepared(lambda: BoardLane.objects.filter(pk=Given("pk"))).one(pk=1) is None


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_once_each_on_its_own_connection() -> None:
    boards = [str(number) for number in range(20)]
    for board in boards:
        BoardLane.objects.create(account="monday:1", board_id=board)
    prepared = Prepared(lambda: BoardLane.objects.filter(board_id=Given("board")))

    def ask(board: str) -> str:
        try:
            return prepared(board=board)[0].board_id
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(ask, boards)) == boards


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_on_the_connection_that_the_thread_has_now() -> None:
    """Another one would know nothing of the transaction, and hold none of its locks."""
    prepared = Prepared(lambda: BoardLane.objects.filter(board_id=Given("board")))
    prepared(board="7")
    before = connections["default"]
    connections["default"] = now = before.copy()
    try:
        with CaptureQueriesContext(now) as sent:
            prepared(board="7")
    finally:
        now.close()
        connections["default"] = before

    assert len(sent) == 1

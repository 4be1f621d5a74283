"""Old hints and calls are deleted, a slice at a time, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from connector import tasks
from connector.console.hearing import heard_of
from connector.models import ApiCall, FirstFound, Hint
from connector.models.clock import database_now
from connector.sync import forgetting, hints
from tenants.models import VismaConnection
from tests.world import Connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def visma(connections: Connections) -> VismaConnection:
    return connections.visma


def hear(visma: VismaConnection, name: str, *, received: int, handled: int | None) -> None:
    """A call of so many days ago, looked after so many days ago."""
    hints.keep(visma, b"{}", dedupe_id=name, verified=True, event="supplier_updated")
    now = database_now()
    at = None if handled is None else now - timedelta(days=handled)
    rows = Hint.objects.filter(dedupe_id=name)
    rows.update(received_at=now - timedelta(days=received), handled_at=at)


def kept() -> list[str]:
    return list(Hint.objects.order_by("pk").values_list("dedupe_id", flat=True))


def call(*, days: int) -> None:
    at = database_now() - timedelta(days=days)
    ApiCall.objects.create(account="monday:1", operation=f"{days}", started_at=at, expires_at=at)


def calls() -> list[str]:
    return list(ApiCall.objects.order_by("pk").values_list("operation", flat=True))


def test_the_tick_forgets_what_was_looked_after_long_ago_and_nothing_that_waits(
    visma: VismaConnection,
) -> None:
    hear(visma, "old", received=40, handled=31)
    hear(visma, "waits since long", received=40, handled=None)
    hear(visma, "looked after lately", received=40, handled=29)
    hear(visma, "new", received=0, handled=0)
    tasks.tick(beats=1)

    assert kept() == ["waits since long", "looked after lately", "new"]


def test_a_tick_forgets_one_slice_the_oldest_first(
    visma: VismaConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "SLICE", 2)
    for days in (31, 33, 32):
        hear(visma, f"{days} days", received=days, handled=days)

    assert (forgetting.forget_hints(), kept()) == (2, ["31 days"])
    assert (forgetting.forget_hints(), forgetting.forget_hints()) == (1, 0)


def test_looking_for_old_hints_reads_an_index_alone(visma: VismaConnection) -> None:
    for number in range(300):
        hear(visma, f"call {number}", received=0, handled=None if number % 3 else number // 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    old = Hint.objects.filter(handled_at__lt=database_now() - forgetting.KEPT)

    plan = old.order_by("handled_at").values_list("pk")[:2].explain()

    assert "hint_handled" in plan


def test_the_page_tells_of_the_last_thirty_days_whatever_is_still_stored(
    visma: VismaConnection,
) -> None:
    FirstFound.objects.create(
        connection=visma, entity="supplier", week=database_now().date(), by_webhook=2
    )
    hear(visma, "old", received=40, handled=40)
    before = heard_of(visma)
    hear(visma, "new", received=1, handled=1)
    with_both = heard_of(visma)
    forgetting.forget_hints()
    after = heard_of(visma)

    assert before is None
    assert with_both == after is not None
    assert after.calls == 1
    assert FirstFound.objects.get().by_webhook == 2


def test_the_tick_forgets_calls_of_a_quarter_ago_and_none_that_a_budget_counts() -> None:
    for days in (95, 91, 89, 0):
        call(days=days)
    tasks.tick(beats=1)

    assert calls() == ["89", "0"]


def test_calls_are_forgotten_a_slice_at_a_time_without_a_look_at_the_newer_ones(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(forgetting, "SLICE", 2)
    for days in (95, 94, 93, 1):
        call(days=days)

    assert [forgetting.forget_calls() for _ in range(2)] == [2, 1]
    with django_assert_num_queries(2):  # the clock and the oldest call
        assert forgetting.forget_calls() == 0
    assert calls() == ["1"]

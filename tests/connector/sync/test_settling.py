"""Storms of hints settle: one reading for all of them, none left out, nobody kept waiting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from connector import tasks
from connector.models import Found, Hint
from connector.sandbox.server import SandboxServer
from connector.sync import board_hints, follow, hints, intake, settling
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work
from tests.connector.test_tasks import queued

Told = Callable[..., None]


@pytest.fixture(autouse=True)
def slow_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours for seconds: however slow the machine is, it changes nothing."""
    monkeypatch.setattr(settling, "PAUSE", 0)
    monkeypatch.setattr(settling, "CALM", timedelta(hours=2))
    monkeypatch.setattr(settling, "PATIENCE", timedelta(hours=30))


@pytest.fixture
def read(small: None, mapping: BoardMapping, sandbox: SandboxServer, work: Work) -> BoardMapping:
    poll(mapping.visma, mapping.entity)
    work()
    sandbox.log.clear()
    return mapping


@pytest.fixture
def told(read: BoardMapping) -> Told:
    """Calls about invoices of the company, by their places in its list."""

    def keep(*places: int, times: int = 1, **facts: Any) -> None:
        keys = list(read.links.order_by("pk").values_list("record__key", flat=True))
        for place in times * places:
            said = {"entity": read.entity, "key": keys[place], "verified": True} | facts
            hints.keep(read.visma, b"{}", dedupe_id="", **said)

    return keep


def gone_by(hours: float) -> None:
    """What was said so far was said so many hours earlier."""
    Hint.objects.update(received_at=F("received_at") - timedelta(hours=hours))


def fetches(sandbox: SandboxServer) -> int:
    return sum("/supplierInvoice/" in entry.path for entry in sandbox.log.entries())


def waiting() -> int:
    return Hint.objects.filter(handled_at=None).count()


def test_a_change_or_two_are_looked_after_at_once(
    read: BoardMapping, sandbox: SandboxServer, told: Told
) -> None:
    told(0, 1, times=2)
    follow.follow(read.visma_id)

    assert (fetches(sandbox), waiting()) == (2, 0)


def test_a_storm_that_goes_on_is_one_reading_a_record(
    read: BoardMapping, sandbox: SandboxServer, told: Told
) -> None:
    for _ in range(10):
        told(0, 1, 2, times=2)
        follow.follow(read.visma_id)
        gone_by(1)
    during = (fetches(sandbox), waiting())
    gone_by(2)
    follow.follow(read.visma_id)

    assert during == (0, 60)
    assert (fetches(sandbox), waiting()) == (3, 0)


def test_hints_that_trickle_in_one_after_the_other_are_a_storm_too(
    read: BoardMapping, sandbox: SandboxServer, told: Told
) -> None:
    for step in range(30):
        told(step % 3)
        follow.follow(read.visma_id)
        gone_by(0.3)
    gone_by(2)
    follow.follow(read.visma_id)

    assert waiting() == 0
    assert fetches(sandbox) <= settling.STORM - 1 + 3  # the first ones were no storm yet


def test_a_storm_without_an_end_is_read_now_and_then(
    read: BoardMapping, sandbox: SandboxServer, told: Told
) -> None:
    for _ in range(45):
        told(0, 1, 2, times=2)
        follow.follow(read.visma_id)
        gone_by(1.5)

    assert fetches(sandbox) == 2 * 3  # in 67 hours


def test_one_reading_answers_more_hints_than_a_worker_takes_at_once(
    read: BoardMapping, sandbox: SandboxServer, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "AT_ONCE", 5)
    told(0, 1, times=20)
    gone_by(5)
    follow.follow(read.visma_id)

    assert (fetches(sandbox), waiting()) == (2, 0)


def test_a_hint_that_comes_while_its_record_is_read_has_it_read_again(
    read: BoardMapping, sandbox: SandboxServer, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = intake.take_in

    def stored_late(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(intake, "take_in", store)
        told(0)
        return store(*args, **kwargs)

    monkeypatch.setattr(intake, "take_in", stored_late)
    told(0)
    follow.follow(read.visma_id)

    assert (fetches(sandbox), waiting()) == (2, 0)


def test_our_own_changes_do_not_wait_for_a_storm(
    read: BoardMapping, sandbox: SandboxServer, told: Told
) -> None:
    told(0, times=10)
    told(1, event=hints.OWN)
    follow.follow(read.visma_id)

    assert (fetches(sandbox), waiting()) == (1, 10)


def test_a_storm_about_one_stream_keeps_no_other_waiting(read: BoardMapping, told: Told) -> None:
    told(0, times=10)
    told(0, entity="supplier", key="50010")
    follow.follow(read.visma_id)

    assert Hint.objects.get(entity="supplier").found == Found.UNWANTED


def test_a_worker_comes_back_for_a_storm_and_is_told_once(read: BoardMapping, told: Told) -> None:
    told(0, times=10)
    for _ in range(3):
        tasks.follow_hints("visma", read.visma_id)

    assert queued().count(("connector.tasks.follow_hints", ("visma", read.visma_id))) == 3


def test_items_of_a_board_settle_alike(read: BoardMapping, sandbox: SandboxServer) -> None:
    facts = {"event": "update_column_value", "board_id": read.board_id, "verified": True}
    for item in range(10):
        hints.keep(read.monday, b"{}", dedupe_id="", key=str(item), **facts)
    board_hints.follow(read.monday_id)
    during = waiting()
    gone_by(5)
    board_hints.follow(read.monday_id)

    assert (during, waiting()) == (10, 0)

"""The main process of the workers: whom it puts in the place of one that has ended."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import Event, get_context
from multiprocessing.process import BaseProcess
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django_q.conf import Conf

from connector.management.guarding import Guard

SOON = 2.0  # seconds
fork = get_context("fork")


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """It starts nobody, and notes whom it would start."""
    monkeypatch.setattr(Conf, "SYNC", True)  # the test keeps its connection to the database
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    guard = Guard(Event(), Event(), uuid4(), broker=mock.Mock(), start=False)
    guard.spawn_cluster = mock.Mock()
    guard.spawn_process = mock.Mock()
    yield guard
    for number, handler in handlers.items():
        signal.signal(number, handler)


def ended(work: Callable[[], Any]) -> BaseProcess:
    process = fork.Process(target=work, daemon=True)
    process.start()
    process.join(SOON)
    return process


def killed_with(lock: Any) -> BaseProcess:
    """A process that was killed while it held the lock."""
    holds = fork.Event()

    def hold() -> None:
        lock.acquire()
        holds.set()
        time.sleep(60)

    process = fork.Process(target=hold, daemon=True)
    process.start()
    assert holds.wait(SOON)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return process


def lock_of(event: Any) -> Any:
    return event._cond


def fail() -> None:
    os.close(2)  # its traceback is nobody's
    raise RuntimeError


def test_workers_can_be_stopped_after_one_was_killed_that_held_the_order_to_stop(
    guard: Guard,
) -> None:
    guard.pusher = killed_with(lock_of(guard.event_out))
    guard.monitor = ended(lambda: None)
    guard.reincarnate(guard.pusher)
    can_be_given = lock_of(guard.event_out).acquire(
        timeout=SOON
    )  # its repr would take the lock, too

    assert guard.spawn_cluster.called
    assert can_be_given


def test_the_order_to_stop_is_there_before_those_who_wait_for_it(guard: Guard) -> None:
    guard.monitor = ended(lambda: None)
    guard.pusher = killed_with(lock_of(guard.event_out))
    before = guard.event_out
    handed: list[Any] = []
    guard.spawn_cluster.side_effect = lambda: handed.append(guard.event_out)
    guard.reincarnate(guard.pusher)
    is_new = handed[0] is not before
    is_theirs = handed[0] is guard.event_out

    assert is_new
    assert is_theirs


def test_a_process_that_ended_by_an_error_is_replaced_alone(guard: Guard) -> None:
    guard.pusher = ended(fail)
    died_of = guard.pusher.exitcode
    guard.reincarnate(guard.pusher)

    assert died_of == 1
    assert guard.spawn_process.call_count == 1
    assert not guard.spawn_cluster.called

"""One time for the database, the sandbox and this thread, which a test can move on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

from django.db import connection

from connector.models import clock
from connector.sandbox.server import SandboxServer
from connector.sync import corrections, slices

LATER = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '+{seconds:.3f} seconds')",
    "postgresql": "SELECT clock_timestamp() + interval '{seconds:.3f} seconds'",
}
# A worker at rest looks four times a second whether there is something else to do. Where a rest
# takes no time nobody comes meanwhile, and once in a turn is as good.
LOOK = slices.TURN
_sleep, _monotonic = time.sleep, time.monotonic


class Clocks:
    """Every lease, window, back-off, slice and expiry reads one of these."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self.passed = 0.0
        self.thread = threading.get_ident()

    def advance(self, seconds: float) -> None:
        self.sandbox.clock.advance(seconds)
        self.follow()

    def follow(self) -> None:
        """Be as late as the sandbox is; workers in other processes move its clock too."""
        self.passed = self.sandbox.clock.offset
        clock.SQL[connection.vendor] = LATER[connection.vendor].format(seconds=self.passed)

    def sleep(self, seconds: float) -> None:
        """The product's naps take no real time; the sandbox's own threads sleep as they did."""
        if threading.get_ident() == self.thread:
            self.advance(seconds)
        else:
            _sleep(seconds)

    def monotonic(self) -> float:
        return _monotonic() + self.passed


@contextmanager
def one_clock(sandbox: SandboxServer) -> Iterator[Clocks]:
    clocks = Clocks(sandbox)
    with (
        mock.patch.dict(clock.SQL),
        mock.patch("time.sleep", clocks.sleep),
        mock.patch("time.monotonic", clocks.monotonic),
        mock.patch.object(slices, "LOOK", LOOK),
        mock.patch.object(corrections, "chance", return_value=0.5),  # a seed always plays the same
    ):
        yield clocks


class _Telling:
    """The connection of `connector.models.clock`, which asks it for nothing but the time.

    It tells the time of the host both are on, since every sixth statement of a schedule asked for
    it. To a worker that is a statement like any other, at which it may die or stall.
    """

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.said = datetime.now(UTC)

    @property
    def vendor(self) -> str:
        return connection.vendor

    @contextmanager
    def cursor(self) -> Iterator["_Telling"]:
        yield self

    def execute(self, sql: str) -> None:
        connection.validate_no_broken_transaction()
        asked: Any = self._tell
        for wrapper in reversed(connection.execute_wrappers):
            asked = partial(wrapper, asked)
        asked(sql, None, False, {"connection": connection})

    def _tell(self, *_: Any) -> None:
        now = datetime.now(UTC) + timedelta(seconds=self.clocks.passed)
        if self.vendor == "sqlite":  # which knows milliseconds only
            now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self.said = now

    def fetchone(self) -> tuple[datetime]:
        return (self.said,)


@contextmanager
def told_without_asking(clocks: Clocks) -> Iterator[None]:
    with mock.patch.object(clock, "connection", _Telling(clocks)):
        yield

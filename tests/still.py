"""Time that stands still: it passes only where the product sleeps, and by what a call takes.

With it a test of minutes comes out the same on every machine, however busy that is.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from django.db import connection

from connector.models import clock
from connector.monday.client import MondayClient
from connector.sandbox.server import SandboxServer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAID = {"sqlite": "SELECT '{:%Y-%m-%d %H:%M:%S.%f}'", "postgresql": "SELECT timestamptz '{}'"}
CALL = 0.8  # seconds; monday answers a request of 25 items in about as long
_sleep, _send = time.sleep, MondayClient._send


class StillClock:
    """The one time of the database, the sandbox and this thread."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.thread = threading.get_ident()
        self.meanwhile: Callable[[], None] = lambda: (
            None
        )  # while a call of the product is under way

    def time(self) -> float:
        return NOON.timestamp() + self.passed

    def monotonic(self) -> float:
        return self.passed

    def advance(self, seconds: float) -> None:
        self.passed += seconds
        now = datetime.fromtimestamp(self.time(), tz=UTC)
        clock.SQL[connection.vendor] = SAID[connection.vendor].format(now)

    def sleep(self, seconds: float) -> None:
        """The sandbox's own threads sleep as they did."""
        if threading.get_ident() == self.thread:
            self.advance(seconds)
        else:
            _sleep(seconds)

    def send(self, client: MondayClient, *arguments: Any) -> Any:
        self.advance(CALL / 2)
        self.meanwhile()
        reply = _send(client, *arguments)
        self.advance(CALL / 2)
        return reply


@contextmanager
def still(sandbox: SandboxServer) -> Iterator[StillClock]:
    found = StillClock()
    with (
        mock.patch.dict(clock.SQL),
        mock.patch("time.sleep", found.sleep),
        mock.patch("time.monotonic", found.monotonic),
        mock.patch.object(sandbox.clock, "time", found.time),
        mock.patch.object(MondayClient, "_send", lambda *args: found.send(*args)),
    ):
        found.advance(0)
        yield found

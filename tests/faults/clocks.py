"""One time for the database, the sandbox and this thread, which a test can move on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection

from connector.models import clock
from connector.sandbox.server import SandboxServer
from connector.sync import corrections, slices

LATER = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '+{seconds:.3f} seconds')",
    "postgresql": "SELECT clock_timestamp() + interval '{seconds:.3f} seconds'",
}
# A worker at rest looks four times a second whether there is something else to do; where a rest
# takes no time, those looks would be most of what a schedule does.
LOOK = 5.0
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

"""Waiting for another process to do something, with an end to patience."""

import time
from collections.abc import Callable

PATIENCE = 20.0


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)

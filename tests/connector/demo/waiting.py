"""Waiting for another process to do something, with an end to patience."""

import time
from collections.abc import Callable

PATIENCE = 20.0
PAUSE = 0.2  # a look at a whole board or company keeps the other process from what is waited for


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(PAUSE)

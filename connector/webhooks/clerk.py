"""Calls that come at the same moment are taken together, by one thread of each web process.

So a storm costs a few statements for many calls and one connection to the database, whatever the
number of threads that wait for their answers. A call is answered only after its hint is stored.
"""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from connector.webhooks.calls import Call

log = logging.getLogger(__name__)

AT_ONCE = 200
# While calls follow each other within BUSY, more may join for GATHERING; in seconds.
BUSY = 0.05
GATHERING = 0.01
# Nobody is told "kept" by a clerk that does not come back; whoever called sends it again.
PATIENCE = 30.0


class Clerk:
    """``put`` returns when the call's answer stands; ``take`` gets what came together."""

    def __init__(self, take: Callable[[list[Call]], None]) -> None:
        self._take = take
        self._waiting: SimpleQueue[Call] = SimpleQueue()
        self._hiring = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, call: Call) -> None:
        self._waiting.put(call)
        self._be_there()
        call.answered.wait(PATIENCE)

    def _be_there(self) -> None:
        """The thread starts with the first call: a process that has forked since has none."""
        if self._thread is None or not self._thread.is_alive():
            with self._hiring:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._work, daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        left_at = -BUSY
        while True:
            first = self._waiting.get()
            if time.monotonic() - left_at < BUSY:
                time.sleep(GATHERING)
            self._serve([first, *self._others()])
            left_at = time.monotonic()

    def _others(self) -> list[Call]:
        found: list[Call] = []
        try:
            while len(found) < AT_ONCE:
                found.append(self._waiting.get_nowait())
        except Empty:
            pass
        return found

    def _serve(self, calls: list[Call]) -> None:
        try:
            self._take(calls)
        except Exception:
            log.exception("Webhook calls could not be taken; whoever called sends them again")
        for call in calls:
            call.answered.set()

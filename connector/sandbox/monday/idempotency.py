"""The Idempotency-Key store: thirty minutes of answers, one execution for each key."""

import threading
from dataclasses import dataclass

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.wire import Response

LIFETIME = 1800  # seconds
LARGEST = 1_000_000  # bytes; longer answers are executed and not kept


@dataclass
class Kept:
    body_sha256: str
    since: float
    response: Response | None = None  # None while it runs


class KeyInUse(Exception):
    """The twin of this request is being executed right now."""


class IdempotencyStore:
    """``memory`` switches the store off, as monday does silently when its memory is full."""

    def __init__(self, clock: Clock, log: Log) -> None:
        self.clock = clock
        self.log = log
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Kept] = {}
        self.reset()

    def begin(self, owner: str, key: str, body_sha256: str) -> Response | None:
        """The kept answer, or None after marking the key as running."""
        with self._lock:
            found = self._kept.get((owner, key))
            if found is None or self.clock.time() - found.since >= LIFETIME:
                self._kept[owner, key] = Kept(body_sha256, self.clock.time())
                return None
            if found.body_sha256 != body_sha256:
                self.log.violation(f"idempotency key {key} came with two different bodies")
            if found.response is None:
                raise KeyInUse
            return found.response

    def finish(self, owner: str, key: str, response: Response, *, failed: bool) -> None:
        """Keep what was answered; 429 and 5xx never, as they were not executed."""
        keep = self.memory and response.status == 200 and len(response.body) <= LARGEST
        with self._lock:
            running = self._kept.get((owner, key))
            if running and keep and (self.keeps_errors or not failed):
                running.response = response
            else:
                self._kept.pop((owner, key), None)

    def abandon(self, owner: str, key: str) -> None:
        with self._lock:
            self._kept.pop((owner, key), None)

    def running(self) -> bool:
        """Whether any key is being executed at this moment."""
        with self._lock:
            return any(kept.response is None for kept in self._kept.values())

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()

    def reset(self) -> None:
        self.forget()
        self.memory = True
        self.keeps_errors = True  # not documented by monday; assumed for answers with HTTP 200

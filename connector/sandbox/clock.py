"""The sandbox's own time: it runs with the real clock and can be moved forward by a test."""

import time
from datetime import UTC, datetime


class Clock:
    """Windows, expiries and timestamps of both systems read this clock and no other."""

    def __init__(self) -> None:
        self.offset = 0.0

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.fromtimestamp(self.time(), tz=UTC)

    def advance(self, seconds: float) -> None:
        self.offset += seconds

    def move_to(self, moment: datetime) -> None:
        """Forward or back to an aware moment; time goes on running from there."""
        self.offset = moment.timestamp() - time.time()

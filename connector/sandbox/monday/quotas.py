"""What each plan allows, and a window that fills, resets and refuses."""

from dataclasses import dataclass

MINUTE = 60.0
HOUR = 3600.0


@dataclass(frozen=True)
class Quotas:
    """One account's allowances. Numbers from monday's rate limit page of 2026-09."""

    minute: int
    concurrency: int
    daily: int
    personal_complexity: int = 10_000_000  # reads and writes together, personal tokens
    app_reads: int = 5_000_000
    app_writes: int = 5_000_000
    query_complexity: int = 5_000_000  # of a single document
    create_board: int = 40  # mutations a minute, beside the general limit
    ingest_starts: int = 100  # an hour
    ingest_rows: int = 19_000  # an hour


TIERS = {
    "free": Quotas(1000, 40, 1000, 1_000_000, 1_000_000, 1_000_000),
    "basic": Quotas(1000, 40, 1000),
    "standard": Quotas(1000, 40, 1000),
    "pro": Quotas(2500, 100, 10_000),
    "enterprise": Quotas(5000, 250, 25_000),
}
REFUSED_SHARE = 0.1  # of a daily call, for a call a limit refused or that only asks complexity


@dataclass
class Window:
    """Opens with the first use, lasts ``length`` seconds, then starts empty."""

    length: float
    opened: float = float("-inf")
    used: float = 0.0

    def roll(self, now: float) -> None:
        if now - self.opened >= self.length:
            self.opened, self.used = float("-inf"), 0.0

    def add(self, amount: float, now: float) -> None:
        self.roll(now)
        if self.used == 0.0:
            self.opened = now
        self.used += amount

    def reset_in(self, now: float) -> int:
        """Whole seconds, rounded up; the full length while nothing was used."""
        left = self.length if self.opened == float("-inf") else self.opened + self.length - now
        return max(1, int(-(-left // 1)))


@dataclass(frozen=True)
class Refusal:
    """Which limit refused, in monday's words, and the seconds to wait."""

    code: str
    message: str
    wait: int
    in_milliseconds: bool = False  # ingest_items gives its hint as retryAfterMs

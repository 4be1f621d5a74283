"""What a call costs: the report a client gives of each call, and the ledger that takes it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Limits:
    """What the answer's headers said about the other side's limits; None = not said."""

    minute_quota: int | None = None
    minute_left: int | None = None
    concurrency_quota: int | None = None
    concurrency_left: int | None = None
    complexity_quota: int | None = None
    complexity_left: int | None = None
    reset_in: float | None = None  # seconds until the reported window resets
    window_quota: int | None = None  # Visma: calls per window of company and application
    window_left: int | None = None


@dataclass(frozen=True)
class CallReport:
    """One finished call, as the ledger wants it; status 0 = no answer."""

    status: int
    duration_ms: int
    request_id: str = ""
    cost: int | None = None
    limits: Limits = Limits()
    blocked_for: float | None = None
    throttle: str = ""  # code of the limit that refused


class Meter(Protocol):
    """The ledger of one account: asked before each call, told after it."""

    def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
        """Return a slot id, or raise Throttled. ``items``: what a page that is read may hold."""

    def record(self, slot: int, report: CallReport) -> None: ...


class Unmetered:
    """For connection checks and tools: nothing is counted."""

    def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
        return 0

    def record(self, slot: int, report: CallReport) -> None:
        return None

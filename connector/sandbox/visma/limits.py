"""Visma's limit: calls per hour of one client on one company, counted in fixed windows."""

from dataclasses import dataclass

from connector.sandbox.clock import Clock
from connector.sandbox.visma.quirks import Quirks

WINDOW = 3600  # seconds
POLICY = "4-fixed-window"


@dataclass(frozen=True)
class Standing:
    """Where a caller stands after a call; ``reset`` is seconds to the end of the window."""

    limit: int
    remaining: int
    reset: int
    refused: bool

    def headers(self) -> dict[str, str]:
        said = {
            "X_RateLimit_Limit": str(self.limit),
            "X_RateLimit_Remaining": str(self.remaining),
            "X_RateLimit_Reset": str(self.reset),
            "X_RateLimit_Policy": POLICY,
        }
        return said | ({"Retry_After": str(self.reset)} if self.refused else {})


class Window:
    """The count begins anew on each full hour of the sandbox's clock."""

    def __init__(self, clock: Clock, quirks: Quirks) -> None:
        self.clock = clock
        self.quirks = quirks
        self._spent: dict[tuple[str, int], int] = {}

    def take(self, client_id: str) -> Standing:
        hour, passed = divmod(int(self.clock.time()), WINDOW)
        limit = self.quirks.calls_per_hour
        spent = self._spent.get((client_id, hour), 0)
        refused = spent >= limit
        if not refused:
            self._spent = {key: n for key, n in self._spent.items() if key[1] == hour}
            self._spent[client_id, hour] = spent + 1
        left = max(limit - spent - 1, 0)
        return Standing(limit, left, WINDOW - passed, refused)

    def forget(self) -> None:
        self._spent.clear()

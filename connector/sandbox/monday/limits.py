"""monday's limits at work: who is let in, what is spent, and the headers that tell."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connector.sandbox.clock import Clock
from connector.sandbox.monday.quotas import (
    HOUR,
    MINUTE,
    REFUSED_SHARE,
    TIERS,
    Refusal,
    Window,
)


class Limits:
    """The buckets of one account and app. ``set`` changes quotas while calls are under way."""

    def __init__(self, clock: Clock, tier: str, *, enabled: bool = True) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._start = (tier, enabled)
        self.reset()

    def use_tier(self, tier: str) -> None:
        self.tier, self.quotas = tier, TIERS[tier]

    def set(self, **quotas: int) -> None:
        self.quotas = replace(self.quotas, **quotas)

    def reset(self) -> None:
        """As at the start: the first tier, its quotas, empty windows."""
        tier, self.enabled = self._start
        self.use_tier(tier)
        self.in_flight = 0
        self.windows = {name: Window(MINUTE) for name in ("minute", "create_board")}
        self.windows |= {name: Window(MINUTE) for name in ("personal", "reads", "writes")}
        self.windows |= {name: Window(HOUR) for name in ("ingest_starts", "ingest_rows")}
        self.day, self.calls_today = self.clock.now().date(), 0.0

    def enter(self) -> Refusal | None:
        """Count one request in, or say which limit refuses it. Every entry needs a ``leave``."""
        with self._lock:
            refusal = self._refusal() if self.enabled else None
            self.windows["minute"].add(1, self.clock.time())
            self.calls_today += REFUSED_SHARE if refusal else 1
            self.in_flight += 0 if refusal else 1
        return refusal

    def leave(self) -> None:
        with self._lock:
            self.in_flight = max(0, self.in_flight - 1)  # a reset may have come in between

    def ease(self) -> None:
        """A call counted whole turns out to weigh a tenth."""
        with self._lock:
            self.calls_today -= 1 - REFUSED_SHARE

    def spend(self, cost: int, *, bucket: str) -> Refusal | tuple[int, int]:
        """Take complexity points: the budget before and the seconds to its reset, or a refusal."""
        with self._lock:
            now = self.clock.time()
            window = self.windows[bucket]
            window.roll(now)
            left = int(self.complexity_quota(bucket) - window.used)
            if self.enabled and cost > self.quotas.query_complexity:
                words = f"Query has complexity of {cost}, which is higher than the max allowed"
                return Refusal("ComplexityException", words, window.reset_in(now))
            if self.enabled and cost > left:
                words = "Complexity budget exhausted"
                return Refusal("COMPLEXITY_BUDGET_EXHAUSTED", words, window.reset_in(now))
            window.add(cost, now)
            return left, window.reset_in(now)

    def take(self, name: str, amount: int) -> int:
        """Seconds to wait if ``amount`` more does not fit into this window, else 0 and taken."""
        with self._lock:
            now = self.clock.time()
            window = self.windows[name]
            window.roll(now)
            if self.enabled and window.used + amount > getattr(self.quotas, name):
                return window.reset_in(now)
            window.add(amount, now)
            return 0

    def headers(self, bucket: str) -> dict[str, str]:
        if not self.enabled:
            return {}
        with self._lock:
            return self._headers(bucket)

    def state(self) -> dict[str, Any]:
        with self._lock:
            used = {name: window.used for name, window in self.windows.items()}
        return {"tier": self.tier, "enabled": self.enabled, "used": used, "today": self.calls_today}

    def complexity_quota(self, bucket: str) -> int:
        names = {"personal": "personal_complexity", "reads": "app_reads", "writes": "app_writes"}
        return int(getattr(self.quotas, names[bucket]))

    def _refusal(self) -> Refusal | None:
        now = self.clock.time()
        self._new_day()
        minute = self.windows["minute"]
        minute.roll(now)
        if minute.used >= self.quotas.minute:
            words = "Minute rate limit exceeded"
            return Refusal("MINUTE_RATE_LIMIT_EXCEEDED", words, minute.reset_in(now))
        if self.calls_today >= self.quotas.daily:
            return Refusal("DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", self._to_midnight())
        if self.in_flight >= self.quotas.concurrency:
            # monday's own fixture gives 15 seconds.
            return Refusal("MAX_CONCURRENCY_EXCEEDED", "Too many concurrent requests", 15)
        return None

    def _new_day(self) -> None:
        today = self.clock.now().date()
        if today != self.day:
            self.day, self.calls_today = today, 0.0

    def _to_midnight(self) -> int:
        now = self.clock.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
        return int((midnight - now).total_seconds()) + 1

    def _headers(self, bucket: str) -> dict[str, str]:
        now, quotas = self.clock.time(), self.quotas
        minute, points = self.windows["minute"], self.windows[bucket]
        minute.roll(now)
        points.roll(now)
        whole = self.complexity_quota(bucket)
        left = max(0, quotas.minute - int(minute.used))
        waits = f";t={minute.reset_in(now)}" if not left else ""
        policy = (
            f'"minuteRate";q={quotas.minute};w=60, '
            f'"concurrency";q={quotas.concurrency};qu="concurrent-requests", '
            f'"complexityMinute";q={whole};w=60;qu="content-bytes"'
        )
        state = (
            f'"minuteRate";r={left}{waits}, '
            f'"concurrency";r={max(0, quotas.concurrency - self.in_flight)}, '
            f'"complexityMinute";r={max(0, whole - int(points.used))};t={points.reset_in(now)}'
        )
        return {"RateLimit-Policy": policy, "RateLimit": state}

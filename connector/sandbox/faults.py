"""Faults on order: which requests each rule meets, how often, and which actions follow."""

import random
import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

ACTIONS = {
    "reset_before", "execute_then_reset", "delay", "slow_drip", "truncate", "status", "partial",
    "field_limit", "html_502", "kill",
}  # fmt: skip
MATCHES = {"system", "operation", "method", "path", "board", "nth", "prob", "count"}

Action = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """What a fault can recognise a request by; ``boards`` are ids among its variables."""

    system: str
    operation: str
    method: str
    path: str
    boards: frozenset[str] = frozenset()
    port: int = 0  # the caller's side of the connection


@dataclass
class Rule:
    """``nth`` fires on that match only, ``prob`` by chance, ``count`` at most so many times."""

    number: int
    match: dict[str, Any]
    do: list[Action]
    met: int = 0
    fired: int = 0

    def fits(self, subject: Subject) -> bool:
        for name in ("system", "operation", "method", "path"):
            wanted = self.match.get(name)
            if wanted is not None and not fnmatchcase(getattr(subject, name), str(wanted)):
                return False
        board = self.match.get("board")
        return board is None or str(board) in subject.boards

    def fires(self, chance: float) -> bool:
        """Called once for each request that fits."""
        self.met += 1
        if self.fired >= self.match.get("count", float("inf")):
            return False
        if self.met != self.match.get("nth", self.met) or chance >= self.match.get("prob", 1):
            return False
        self.fired += 1
        return True


class Faults:
    """Rules in force. Chance comes from a seed, so a run can be repeated."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - not for secrecy
        self._rules: list[Rule] = []
        self._numbers = 0
        self._lock = threading.Lock()

    def add(self, *rules: dict[str, Any]) -> list[int]:
        """Each ``{"match": {...}, "do": [{"action": ...}]}``; returns the rules' numbers."""
        for rule in rules:
            _check(rule)
        with self._lock:
            added = [self._rule(rule) for rule in rules]
            self._rules += added
        return [rule.number for rule in added]

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def active(self) -> list[dict[str, Any]]:
        with self._lock:
            return [vars(rule) for rule in self._rules]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def choose(self, subject: Subject) -> list[Action]:
        """Actions of every rule that fits and fires, in the order the rules were added."""
        with self._lock:
            fitting = [rule for rule in self._rules if rule.fits(subject)]
            return [
                action
                for rule in fitting
                if rule.fires(self._random.random())
                for action in rule.do
            ]

    def _rule(self, rule: dict[str, Any]) -> Rule:
        self._numbers += 1
        return Rule(self._numbers, dict(rule.get("match") or {}), list(rule["do"]))


def _check(rule: dict[str, Any]) -> None:
    unknown = set(rule.get("match") or {}) - MATCHES
    if unknown:
        raise ValueError(f"a fault cannot match by {', '.join(sorted(unknown))}")
    if not rule.get("do"):
        raise ValueError("a fault needs a list of actions under 'do'")
    for action in rule["do"]:
        if action.get("action") not in ACTIONS:
            raise ValueError(f"unknown action: {action.get('action')}")

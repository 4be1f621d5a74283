"""Ground truth: every request the sandbox met and every effect it had, in order."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from connector.sandbox.clock import Clock
from connector.sandbox.wire import Request


@dataclass(slots=True)
class Effect:
    """One change of one thing; ``before`` and ``after`` hold only what changed."""

    kind: str
    alias: str
    target: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Entry:
    """One request, or one act of a person (system ``person``); no header is ever kept."""

    number: int
    at: str
    system: str
    method: str = ""
    path: str = ""
    body_sha256: str = ""
    operation: str = ""
    mutation: bool = False
    document: str = ""
    aliases: tuple[str, ...] = ()
    idempotency_key: str = ""
    replayed: bool = False
    request_id: str = ""
    status: int = 0
    refused_by: str = ""
    faults: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


class Log:
    """Systems call ``note`` and ``effect``; both land on the entry of the request being handled."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.counters: Counter[str] = Counter()
        self._entries: list[Entry] = []
        self._lock = threading.Lock()
        self._thread = threading.local()

    @contextmanager
    def request(self, system: str, request: Request) -> Iterator[Entry]:
        """Open the entry of one request; it is the current one of this thread until the end."""
        target = request.path + ("?" + "&".join(_flat(request.query)) if request.query else "")
        digest = hashlib.sha256(request.body).hexdigest() if request.body else ""
        entry = self._append(system, method=request.method, path=target, body_sha256=digest)
        self.count(f"{system}.calls")
        self._thread.entry = entry
        try:
            yield entry
        finally:
            self._thread.entry = None
            if entry.status:
                self.count(f"{system}.{entry.status}")

    @contextmanager
    def background(self, system: str, operation: str) -> Iterator[Entry]:
        """Work a system does by itself, such as an import, is one entry of its own."""
        entry = self._thread.entry = self._append(system, operation=operation)
        try:
            yield entry
        finally:
            self._thread.entry = None

    @contextmanager
    def alias(self, name: str) -> Iterator[None]:
        """Effects inside belong to this alias of the document being executed."""
        self._thread.alias = name
        try:
            yield
        finally:
            self._thread.alias = ""

    def note(self, **facts: Any) -> None:
        """Set fields of the current entry (``operation``, ``aliases`` …)."""
        for name, value in facts.items():
            setattr(self._current(), name, value)

    def violation(self, text: str) -> None:
        """Something no correct caller does, such as one idempotency key for two bodies."""
        self.count("violations")
        self._current().violations.append(text)

    def effect(
        self,
        kind: str,
        *,
        target: dict[str, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """``kind`` is a past tense such as ``item_created``; ``target`` names the thing by ids."""
        self.count(f"effects.{kind}")
        alias = getattr(self._thread, "alias", "")
        self._current().effects.append(Effect(kind, alias, target, before or {}, after or {}))

    def count(self, name: str, amount: int = 1) -> None:
        with self._lock:
            self.counters[name] += amount

    def entries(self, since: int = 0) -> list[Entry]:
        """Entries numbered above ``since``, oldest first."""
        with self._lock:
            return self._entries[since:]

    def effects(self, kind: str = "", since: int = 0) -> list[Effect]:
        found = [effect for entry in self.entries(since) for effect in entry.effects]
        return [effect for effect in found if not kind or effect.kind == kind]

    def violations(self) -> list[str]:
        return [text for entry in self.entries() for text in entry.violations]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.counters.clear()

    def _current(self) -> Entry:
        entry: Entry | None = getattr(self._thread, "entry", None)
        return entry or self._append("person")

    def _append(self, system: str, **facts: Any) -> Entry:
        with self._lock:
            number = len(self._entries) + 1
            entry = Entry(number, self.clock.now().isoformat(), system, **facts)
            self._entries.append(entry)
        return entry


def as_json(entry: Entry) -> dict[str, Any]:
    return asdict(entry)


def _flat(query: dict[str, list[str]]) -> list[str]:
    return [f"{name}={value}" for name, values in query.items() for value in values]

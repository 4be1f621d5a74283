"""One answer of monday, judged alias by alias."""

import re
from dataclasses import dataclass, field
from typing import Any

from connector.errors import ConnectorError
from connector.http import Limits, Reply

from .documents import Document
from .errors import Exchange, judge, unreadable
from .faults import ALIAS, Contents, Fault, UnreadableError, read_contents

NOTHING = Contents(None, (), "")
_LIMIT = re.compile(r'"?([A-Za-z]+)"?((?:\s*;\s*[a-z]+=(?:"[^"]*"|[\d.]+))*)')
_PART = re.compile(r"([a-z]+)=(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Answer:
    """``data`` is {} when there was none. ``errors`` concern single aliases, never all of it."""

    data: dict[str, Any] = field(repr=False)
    errors: tuple[Fault, ...]
    request_id: str
    replayed: bool  # monday answered from its store of idempotency keys
    cost: int | None  # complexity points, as charged
    limits: Limits
    exchange: Exchange = field(repr=False)

    def outcome(self, alias: str) -> dict[str, Any] | ConnectorError:
        """What happened to one alias of a mutation: its result with ``id``, or the verdict.

        An id is proof. Without one only an error that names the alias, or the whole request,
        says that it was not applied; silence says nothing.
        """
        result = self.data.get(alias)
        if isinstance(result, dict) and _is_id(result.get("id")):
            return {**result, "id": str(result["id"])}
        if result is not None:
            return self._unreadable(f"{alias} has no id")
        own = tuple(fault for fault in self.errors if fault.alias == alias)
        if any(fault.below_alias for fault in own):
            return self._unreadable(f"{alias} was applied or not: {own[0].message}")
        faults = own or tuple(fault for fault in self.errors if not fault.alias)
        if faults:
            return judge(faults, self.exchange)
        return self._unreadable(f"{alias} is neither in data nor in errors")

    def _unreadable(self, reason: str) -> ConnectorError:
        return unreadable(self.exchange, reason)


def read_answer(reply: Reply, document: Document) -> tuple[Answer, ConnectorError | None]:
    """The answer, and the verdict when it concerns the whole request."""
    try:
        contents = read_contents(reply.body)
    except UnreadableError as reason:
        answer = _answer(NOTHING, reply, document)
        return answer, unreadable(answer.exchange, f"{reason}. {reply.snippet()}")
    answer = _answer(contents, reply, document)
    return answer, _refusal(answer, contents)


def _refusal(answer: Answer, contents: Contents) -> ConnectorError | None:
    """A query is whole or worthless; a mutation is refused as a whole only if nothing was done."""
    exchange = answer.exchange
    if not exchange.document.mutation:
        if answer.errors:
            return judge(answer.errors, exchange)
        return unreadable(exchange, "no data") if contents.data is None else None
    applied = any(ALIAS.fullmatch(name) and value for name, value in answer.data.items())
    whole = tuple(fault for fault in answer.errors if not fault.alias)
    if whole and not applied:
        return judge(whole, exchange)
    if not applied and not answer.errors:
        return unreadable(exchange, "no item and no error")
    return None


def _answer(contents: Contents, reply: Reply, document: Document) -> Answer:
    data = contents.data or {}
    complexity = data.get("complexity")
    points = complexity if isinstance(complexity, dict) else {}
    request_id = contents.request_id or reply.headers.get("x-request-id", "")[:100]
    return Answer(
        data=data,
        errors=tuple(fault for fault in contents.faults if fault.path[:1] != ("complexity",)),
        request_id=request_id,
        replayed=reply.headers.get("Idempotency-Replayed", "").lower() == "true",
        cost=_count(points.get("query")),
        limits=_limits(reply, points),
        exchange=Exchange(document, reply, request_id),
    )


def _limits(reply: Reply, points: dict[str, Any]) -> Limits:
    """Headers first; the complexity block knows the points more exactly."""
    quotas = _parts(reply.headers.get("RateLimit-Policy", ""))
    left = _parts(reply.headers.get("RateLimit", ""))
    resets = [parts["t"] for parts in left.values() if "t" in parts]
    after = _count(points.get("after"))
    reset_in = _count(points.get("reset_in_x_seconds"))
    return Limits(
        minute_quota=_whole(quotas, "minuteRate", "q"),
        minute_left=_whole(left, "minuteRate", "r"),
        concurrency_quota=_whole(quotas, "concurrency", "q"),
        concurrency_left=_whole(left, "concurrency", "r"),
        complexity_quota=_whole(quotas, "complexityMinute", "q"),
        complexity_left=_whole(left, "complexityMinute", "r") if after is None else after,
        reset_in=max(resets, default=None) if reset_in is None else float(reset_in),
    )


def _parts(header: str) -> dict[str, dict[str, float]]:
    """``"minuteRate";r=4999, "concurrency";r=249`` as {"minuteRate": {"r": 4999.0}, …}."""
    return {
        name: {key: float(value) for key, value in _PART.findall(parts)}
        for name, parts in _LIMIT.findall(header)
    }


def _whole(parts: dict[str, dict[str, float]], limit: str, key: str) -> int | None:
    value = parts.get(limit, {}).get(key)
    return None if value is None else int(value)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_id(value: Any) -> bool:
    return bool(value) and isinstance(value, str | int) and not isinstance(value, bool)

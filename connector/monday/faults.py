"""The errors of one monday answer in one shape, whatever shape they came in.

Met in the wild: GraphQL errors with ``extensions``, errors that are plain strings, the shape from
before 2025 (``error_code``, ``error_message``), and a gateway's ``{"message": …}``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

ALIAS = re.compile(r"a\d+")


class UnreadableError(Exception):
    """The body is not an answer of monday: no JSON object, or one with neither data nor errors."""


@dataclass(frozen=True)
class Fault:
    """``code`` is monday's own word; ``facts`` is what it said beside the message."""

    message: str
    code: str = ""
    path: tuple[str | int, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """The alias this error belongs to; "" when it concerns the whole request."""
        first = self.path[0] if self.path else ""
        return first if isinstance(first, str) and ALIAS.fullmatch(first) else ""

    @property
    def below_alias(self) -> bool:
        """The alias itself ran; the error is in what was asked about its result."""
        return bool(self.alias) and len(self.path) > 1

    @property
    def status(self) -> int | None:
        said = self.facts.get("status_code")
        return said if isinstance(said, int) else None

    @property
    def retry_in(self) -> float | None:
        """Seconds monday asks to wait, from whichever of its fields has them."""
        waits = [_seconds(self.facts.get(name)) for name in ("retry_in_seconds", "retryInSeconds")]
        waits.append(_seconds(self.facts.get("reset_in_x_seconds")))
        in_text = re.search(r"reset in (\d+) second", self.message)
        waits.append(_seconds(in_text[1]) if in_text else None)
        milliseconds = _seconds(self.facts.get("retryAfterMs"))
        waits.append(None if milliseconds is None else milliseconds / 1000)
        return max((wait for wait in waits if wait is not None), default=None)


@dataclass(frozen=True)
class Contents:
    """``data`` is None when the answer has none (absent, null, or the empty list monday sends)."""

    data: dict[str, Any] | None
    faults: tuple[Fault, ...]
    request_id: str


def read_contents(body: bytes) -> Contents:
    """Strict: UTF-8 without a mark, no key twice, no NaN. UnreadableError for anything else."""
    found = _parsed(body)
    data = found.get("data")
    if data == []:
        data = None
    if data is not None and not isinstance(data, dict):
        raise UnreadableError("data is not an object")
    faults = _faults(found)
    if data is None and not faults:
        raise UnreadableError("neither data nor errors")
    extensions = found.get("extensions")
    told = extensions.get("request_id") if isinstance(extensions, dict) else None
    return Contents(data, faults, str(told or "")[:100])


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = _quickly(body) or _strictly(body)
    except (ValueError, RecursionError):
        raise UnreadableError("not JSON") from None
    if not isinstance(found, dict):
        raise UnreadableError("not an object")
    return found


def _quickly(body: bytes) -> Any:
    """What gives the same bytes when it is written again has lost nothing, so no key stood twice.

    monday writes without spaces and escapes, as this does, and a page of 500 items is read in a
    third of the time. None where the bytes differ.
    """
    try:
        found = msgspec.json.decode(body)
        return found if msgspec.json.encode(found) == body else None
    except (ValueError, RecursionError):
        return None


def _strictly(body: bytes) -> Any:
    return json.loads(
        body.decode("utf-8"), object_pairs_hook=_no_key_twice, parse_constant=_no_constant
    )


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _faults(found: dict[str, Any]) -> tuple[Fault, ...]:
    listed = found.get("errors")
    if isinstance(listed, dict | str):
        listed = [listed]
    if listed is not None and not isinstance(listed, list):
        raise UnreadableError("errors is not a list")
    faults = [_fault(each) for each in listed or []]
    old = _old_shape(found)
    if old is not None:
        faults = [old, *(each for each in faults if each.path or each.code)]
    return tuple(faults)


def _fault(error: Any) -> Fault:
    if isinstance(error, str):
        return Fault(error)
    if not isinstance(error, dict):
        raise UnreadableError("an error is neither an object nor a text")
    facts: dict[str, Any] = {}
    for part in (error, error.get("extensions")):
        if isinstance(part, dict):
            facts |= {k: v for k, v in part.items() if k not in ("extensions", "locations")}
    return Fault(_text(error.get("message")), _text(facts.get("code")), _path(error), _flat(facts))


def _old_shape(found: dict[str, Any]) -> Fault | None:
    code = _text(found.get("error_code") or found.get("code"))
    message = _text(found.get("error_message") or found.get("message") or found.get("error"))
    if not code and not message:
        return None
    facts = {k: v for k, v in found.items() if k not in ("data", "errors", "extensions")}
    return Fault(message, code, (), _flat(facts))


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    """``error_data`` and ``diagnostic_data`` hold the useful names; lift them up."""
    flat = dict(facts)
    for name in ("error_data", "diagnostic_data"):
        inner = flat.pop(name, None)
        if isinstance(inner, dict):
            flat |= inner
    return flat


def _path(error: dict[str, Any]) -> tuple[str | int, ...]:
    path = error.get("path")
    return tuple(p for p in path if isinstance(p, str | int)) if isinstance(path, list) else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: Any) -> float | None:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if 0 <= seconds < 10**9 else None

"""Which handler a method and a path lead to; segments compare without regard to case."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.company import Company
from connector.sandbox.wire import Request, Response

_ENCODED = re.compile(r"b64\(([A-Za-z0-9_-]+)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """One authorised call; ``path`` holds the values of the pattern's braces."""

    request: Request
    company: Company
    path: dict[str, str]

    def body(self) -> dict[str, Any]:
        """The JSON object sent; an empty body is an empty object."""
        try:
            found = self.request.json()
        except msgspec.DecodeError:
            raise refuse("The request is invalid. The body is not valid JSON.") from None
        if not isinstance(found or {}, dict):
            raise refuse("The request is invalid. An object was expected.")
        return found or {}


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: str  # "v1/supplierinvoice/{type}/{number}"
    handler: Handler

    def match(self, segments: list[str]) -> dict[str, str] | None:
        parts = self.pattern.split("/")
        if len(parts) != len(segments):
            return None
        found = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{"):
                found[part[1:-1]] = segment
            elif part != segment.lower():
                return None
        return found


def find(routes: list[Route], method: str, path: str) -> tuple[Route | None, dict[str, str], bool]:
    """The route, the values in its path, and whether the path exists for any method."""
    segments = [decoded(unquote(segment)) for segment in path.strip("/").split("/")]
    known = False
    for route in routes:
        values = route.match(segments)
        if values is not None and route.method == method:
            return route, values, True
        known = known or values is not None
    return None, {}, known


def decoded(segment: str) -> str:
    """Keys with signs that a URL reserves travel as ``b64(<base64url without padding>)``."""
    match = _ENCODED.fullmatch(segment)
    if not match:
        return segment
    try:
        return base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return segment

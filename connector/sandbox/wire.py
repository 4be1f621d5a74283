"""One HTTP request and one HTTP response as the sandbox's systems see them, free of sockets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """``headers`` are lower-case; ``orders`` is what a fault asks the system to do differently."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    orders: Mapping[str, Any] = field(default_factory=dict)

    def json(self) -> Any:
        return msgspec.json.decode(self.body) if self.body else None

    def form(self) -> dict[str, str]:
        fields = parse_qs(self.body.decode(), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    def argument(self, name: str, default: str = "") -> str:
        """The last value of a query parameter; names compare without regard to case."""
        for given, values in self.query.items():
            if given.lower() == name.lower():
                return values[-1]
        return default


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


class System(Protocol):
    """One simulated outside system; the server calls nothing else on it."""

    def handle(self, request: Request) -> Response: ...

    def page(self, request: Request) -> Response | None:
        """The answer for people, or None when the path is not one of this system's pages."""
        ...

    def dump(self) -> dict[str, Any]: ...

    def load(self, state: dict[str, Any]) -> None: ...


def request_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """``target`` is the request line's path with its query string."""
    parts = urlsplit(target)
    lower = {name.lower(): value for name, value in headers.items()}
    query = parse_qs(parts.query, keep_blank_values=True)
    return Request(method, parts.path, query, lower, body)


def json_response(payload: Any, status: int = 200, **headers: str) -> Response:
    """``headers`` are named with underscores: ``Retry_After="5"``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {"Content-Type": JSON, **named}, msgspec.json.encode(payload))


def html_response(markup: str, status: int = 200) -> Response:
    return Response(status, {"Content-Type": HTML}, markup.encode())


def redirect(location: str) -> Response:
    """After a form: 303, so that reloading the page does not act again."""
    return Response(303, {"Location": location}, b"")

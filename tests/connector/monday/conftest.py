"""A monday that answers as told, over real HTTP, and a client that speaks to it."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connector.http import CallReport, Unmetered
from connector.monday.client import MondayClient

TOKEN = "eyJhbGciOiJIUzI1NiJ9.monday-canary-token"


class Book(Unmetered):
    """A meter that remembers what it was told."""

    def __init__(self) -> None:
        self.reserved: list[tuple[str, bool, int]] = []
        self.reports: list[tuple[int, CallReport]] = []

    def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
        self.reserved.append((operation, mutation, cost))
        return len(self.reserved)

    def record(self, slot: int, report: CallReport) -> None:
        self.reports.append((slot, report))


class Monday:
    """Answers in the order given; the last answer repeats. Keeps the requests."""

    def __init__(self, server: HTTPServer) -> None:
        self.requests: list[Request] = []
        self.answers: list[Response] = []
        self.book = Book()
        server.expect_request("/v2").respond_with_handler(self._handle)
        self.client = MondayClient(
            api_url=server.url_for("/v2"),
            api_version="2026-10",
            token=lambda: TOKEN,
            meter=self.book,
            timeout=5,
        )

    def answers_with(
        self, body: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(Response(raw, status, headers, content_type="application/json"))

    def body(self, number: int = -1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.requests[number].get_data())
        return found

    def _handle(self, request: Request) -> Response:
        request.get_data()
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def monday(httpserver: HTTPServer) -> Monday:
    return Monday(httpserver)

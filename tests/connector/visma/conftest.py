"""A Visma that answers as told, over real HTTP, and a client that speaks to it."""

import json
import re
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connector.http import CallReport, Unmetered, make_session
from connector.visma.client import VismaClient

TOKEN = "visma-canary-token"
COMPANY = "4021"


class Book(Unmetered):
    """A meter that remembers what it was told."""

    def __init__(self) -> None:
        self.reserved: list[str] = []
        self.reports: list[CallReport] = []

    def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
        self.reserved.append(operation)
        return len(self.reserved)

    def record(self, slot: int, report: CallReport) -> None:
        self.reports.append(report)


class Tokens:
    """The stock of tokens of one company: the first is current, the others come by renewal."""

    def __init__(self, *stock: str) -> None:
        self.stock = list(stock)
        self.rejected: list[str] = []

    def current(self) -> str:
        return self.stock[0]

    def renew(self, rejected: str) -> str:
        self.rejected.append(rejected)
        return self.stock.pop(1) if len(self.stock) > 1 else self.stock[0]


class Visma:
    """Answers in the order given; the last answer repeats. Keeps the requests."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.requests: list[Request] = []
        self.answers: list[Response] = []
        self.book = Book()
        self.tokens = Tokens(TOKEN, "renewed-token")
        server.expect_request(re.compile("^/")).respond_with_handler(self._handle)
        self.client = VismaClient(
            api_url=server.url_for("/"),
            company_id=COMPANY,
            tokens=self.tokens,
            meter=self.book,
            session=make_session("ml-connector-test"),
        )

    def answers_with(
        self, body: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(Response(raw, status, headers, content_type="application/json"))

    @property
    def paths(self) -> list[str]:
        """Each request's path as it was on the wire, escapes and all."""
        return [request.environ["REQUEST_URI"].partition("?")[0] for request in self.requests]

    def _handle(self, request: Request) -> Response:
        request.get_data()
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def visma(httpserver: HTTPServer) -> Visma:
    return Visma(httpserver)

"""One GraphQL request read from its body, or the answer that says why it cannot be run."""

from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError

from connector.sandbox.monday import answers
from connector.sandbox.monday.call import Credential
from connector.sandbox.monday.documents import Document
from connector.sandbox.monday.problems import problem
from connector.sandbox.wire import Request, Response


class BadCallError(Exception):
    """The request cannot be executed at all; holds the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True)
class Asked:
    """A request read and judged executable."""

    id: str
    request: Request
    credential: Credential
    document: Document
    variables: dict[str, Any]

    @property
    def owner(self) -> str:
        """Idempotency keys are kept per user and app."""
        return f"{self.credential.person.id}:{self.credential.app}"

    @property
    def key(self) -> str:
        return self.request.headers.get("idempotency-key", "") if self.document.mutation else ""

    @property
    def bucket(self) -> str:
        if not self.credential.app:
            return "personal"
        return "writes" if self.document.mutation else "reads"


def body_of(request_id: str, request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise bad_call(request_id, 400, "Invalid JSON", "JsonParseException") from None
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise bad_call(request_id, 400, "Bad request: no query", "BAD_REQUEST")
    if not isinstance(body.get("variables") or {}, dict):
        words = "Variables must be an object, not a string"
        raise bad_call(request_id, 400, words, "BAD_REQUEST")
    return body


def bad_call(request_id: str, status: int, message: str, code: str) -> BadCallError:
    error = problem(message, code, status)
    if status == 200:
        return BadCallError(answer_of(request_id, None, [error]))
    return BadCallError(answers.failed(request_id, status, message, code))


def answer_of(request_id: str, data: Any, errors: list[GraphQLError]) -> Response:
    return answers.executed(ExecutionResult(data, errors), request_id)

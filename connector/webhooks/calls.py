"""A webhook call and its answer, as every part of the doors sees them."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """No answer says a word, but the challenge that a caller wants to hear back."""

    status: int
    body: bytes = b""

    @property
    def line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        if self.status == HTTPStatus.NO_CONTENT:
            return []
        kind = [("Content-Type", "application/json")] if self.body else []
        return [*kind, ("Content-Length", str(len(self.body)))]


KEPT = Answer(204)
REFUSED = Answer(401)
UNKNOWN = Answer(404)
# Whoever called sends it again.
NOT_KEPT = Answer(503)


@dataclass(eq=False)
class Call:
    """One call to the address ``path`` of a connection; header names are in lower case.

    ``hint`` is what has to be stored before ``answer`` may be given: the columns of its row.
    """

    system: str
    path: str
    headers: Mapping[str, str]
    raw: bytes
    answer: Answer = NOT_KEPT
    hint: dict[str, Any] | None = None
    answered: threading.Event = field(default_factory=threading.Event)

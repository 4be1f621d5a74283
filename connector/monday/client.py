"""Speaks with one monday account: sends a document once, judges the answer, reads boards."""

import json
import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from gql import Client, GraphQLRequest
from gql.client import SyncClientSession
from graphql import DocumentNode, parse

from connector.errors import AskAPerson, ConnectorError, Explanation, Throttled, TryAgain
from connector.http import (
    DEADLINE,
    CallReport,
    Meter,
    NotReachedError,
    Reply,
    WholeAnswerTransport,
    WireError,
)

from . import errors
from .answer import Answer, read_answer
from .documents import Document
from .reading import Reading

USER_AGENT = "ml-connector"
UNAUTHORIZED = 401


class MondayClient(Reading):
    """Raises only ConnectorErrors. Nothing is sent twice by itself."""

    def __init__(
        self,
        *,
        api_url: str,
        api_version: str,
        token: Callable[[], str],
        meter: Meter,
        timeout: float = DEADLINE,
        renewable: Callable[[str], bool] = lambda rejected: False,
    ) -> None:
        """``renewable``: whether another token can be had in place of one that was refused."""
        self.api_url = api_url
        self.api_version = api_version
        self.timeout = timeout
        self._token = token
        self._renewable = renewable
        self._meter = meter

    def execute(
        self,
        document: Document,
        *,
        slot: int | None = None,
        idempotency_key: str | None = None,
        began: float | None = None,
    ) -> Answer:
        """Raise what concerns the whole request; ``Answer.outcome`` judges each alias.

        ``slot``: reserved beforehand by the caller; otherwise the client reserves. ``began``: the
        monotonic time the timeout counts from; once it is over, nothing is sent any more.
        """
        token = self._token()
        headers = self._headers(token, idempotency_key)
        if slot is None:
            slot = self._meter.reserve(
                document.operation,
                mutation=document.mutation,
                cost=document.cost,
                items=document.page,
            )
        started = time.monotonic()
        lost = 0.0 if began is None else started - began
        try:
            reply = self._send(document, headers, token, self.timeout - lost)
        except WireError as error:
            self._meter.record(slot, CallReport(0, _milliseconds(started)))
            raise errors.unanswered(error, document) from None
        answer, refusal = read_answer(reply, document)
        self._meter.record(slot, _report(answer, refusal, _milliseconds(started)))
        if refusal is not None:
            raise self._mended(refusal, reply, token)
        return answer

    def _mended(self, refusal: ConnectorError, reply: Reply, token: str) -> ConnectorError:
        """A refused token that can be renewed is nobody's task: nothing was executed with it."""
        if reply.status == UNAUTHORIZED and self._renewable(token):
            return TryAgain(refusal.why)
        return refusal

    def _send(
        self, document: Document, headers: dict[str, str], token: str, seconds: float
    ) -> Reply:
        """The document's bytes, the same each time: keys sorted, the text as it is."""
        if seconds <= 0:
            raise NotReachedError("this worker was stopped for too long before it could send")
        body = {"query": document.text, "variables": document.variables}
        result = _session(self.api_url).execute(
            GraphQLRequest(_parsed(document.text), variable_values=document.variables),
            get_execution_result=True,
            timeout=seconds,
            extra_args={"body": json.dumps(body, sort_keys=True).encode(), "headers": headers},
        )
        return Reply.of((result.extensions or {})["answer"], token)

    def _headers(self, token: str, idempotency_key: str | None) -> dict[str, str]:
        if not (token and token.isascii() and token.isprintable() and " " not in token):
            raise AskAPerson(NO_TOKEN, "connection")
        headers = {
            "Authorization": token,
            "API-Version": self.api_version,
            "Content-Type": "application/json",
        }
        return headers | ({"Idempotency-Key": idempotency_key} if idempotency_key else {})


NO_TOKEN = Explanation(
    code="not_connected",
    happened="The text entered as monday.com token is no token.",
    remedy="In monday.com open your picture → Developers → My access tokens, copy the token, and "
    "connect again.",
)

_lock = threading.Lock()
_sessions: dict[tuple[int, str], SyncClientSession] = {}


def _session(api_url: str) -> SyncClientSession:
    """One open session per process and address.

    Opened here and not at import: a session made before a fork shares its socket with the parent.
    """
    key = (os.getpid(), api_url)
    with _lock:
        if key not in _sessions:
            for inherited in [each for each in _sessions if each[0] != key[0]]:
                del _sessions[inherited]
            client: Any = Client(transport=WholeAnswerTransport(api_url, USER_AGENT))
            _sessions[key] = client.connect_sync()
        return _sessions[key]


@lru_cache(maxsize=256)
def _parsed(text: str) -> DocumentNode:
    return parse(text, no_location=True)


def _report(answer: Answer, refusal: ConnectorError | None, duration_ms: int) -> CallReport:
    verdicts = [refusal, *(answer.outcome(fault.alias) for fault in answer.errors if fault.alias)]
    throttle = next((each for each in verdicts if isinstance(each, Throttled)), None)
    return CallReport(
        status=answer.exchange.reply.status,
        duration_ms=duration_ms,
        request_id=answer.request_id,
        cost=answer.cost,
        limits=answer.limits,
        blocked_for=throttle.after.total_seconds() if throttle and throttle.after else None,
        throttle=throttle.why.code if throttle else "",
    )


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

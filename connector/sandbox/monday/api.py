"""``POST /monday/v2``: the way of one GraphQL call through access, limits and execution."""

import itertools
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from graphql import ExecutionResult, execute_sync

from connector.sandbox.monday import answers
from connector.sandbox.monday.access import Access
from connector.sandbox.monday.asked import Asked, BadCallError, answer_of, bad_call, body_of
from connector.sandbox.monday.call import Call, Cost, Credential
from connector.sandbox.monday.costs import cost_of
from connector.sandbox.monday.documents import Document, Documents
from connector.sandbox.monday.idempotency import IdempotencyStore, KeyInUse
from connector.sandbox.monday.limits import Limits
from connector.sandbox.monday.quotas import Refusal
from connector.sandbox.monday.state import Account
from connector.sandbox.wire import Request, Response

CURRENT_VERSION = "2026-10"
_VERSION = re.compile(r"\d{4}-\d{2}|dev|default")
_ORIGIN = uuid.UUID("6f2d6c62-0f4e-4f3e-9d0a-2f6a5f1f7c11")  # request ids are derived from it


@dataclass(frozen=True)
class Desk:
    """What a call passes on its way, in this order."""

    account: Account
    access: Access
    limits: Limits
    documents: Documents
    idempotency: IdempotencyStore


class Api:
    """Executes calls. ``make_call`` gives the resolvers' context for a credential and a cost."""

    def __init__(self, desk: Desk, make_call: Callable[[Request, Credential, Cost], Call]) -> None:
        self.desk = desk
        self.make_call = make_call
        self._numbers = itertools.count(1)

    def handle(self, request: Request) -> Response:
        request_id = str(uuid.uuid5(_ORIGIN, str(next(self._numbers))))
        self.desk.account.log.note(request_id=request_id)
        credential = self.desk.access.who(request.headers.get("authorization", ""))
        if credential is None:
            return answers.failed(request_id, 401, "Not Authenticated", "UNAUTHORIZED")
        refusal = self.desk.limits.enter()
        if refusal:
            bucket = "writes" if credential.app else "personal"
            return self._finished(request, self._refused(request_id, refusal), bucket)
        try:
            return self._admitted(request_id, request, credential)
        finally:
            self.desk.limits.leave()

    def _admitted(self, request_id: str, request: Request, credential: Credential) -> Response:
        bucket = "reads" if credential.app else "personal"
        try:
            asked = self._read(request_id, request, credential)
            bucket = asked.bucket
            response = self._once(asked) if asked.key else self._paid(asked)
        except BadCallError as why:
            response = why.response
        return self._finished(request, response, bucket)

    def _read(self, request_id: str, request: Request, credential: Credential) -> Asked:
        """Body, version, document and variables, each refused in monday's way."""
        body = body_of(request_id, request)
        version = request.headers.get("api-version", CURRENT_VERSION)
        if not _VERSION.fullmatch(version):
            raise bad_call(
                request_id, 200, f"Invalid version: {version}", "InvalidVersionException"
            )
        document = self.desk.documents.read(body["query"], body.get("operationName") or "")
        note = self.desk.account.log.note
        note(document=document.text, operation=document.name, mutation=document.mutation)
        note(aliases=document.aliases)
        if document.errors:
            raise BadCallError(answer_of(request_id, None, list(document.errors)))
        if document.name == "complexity":
            self.desk.limits.ease()
        return Asked(request_id, request, credential, document, body.get("variables") or {})

    def _once(self, asked: Asked) -> Response:
        """Execute a mutation that carries an idempotency key, or give its kept answer."""
        store, log = self.desk.idempotency, self.desk.account.log
        log.note(idempotency_key=asked.key)
        try:
            digest = sha256(asked.request.body).hexdigest()
            kept = store.begin(asked.owner, asked.key, digest)
        except KeyInUse:
            words = "A request with this idempotency key is currently being processed"
            return answers.failed(asked.id, 409, words, "IDEMPOTENCY_CONFLICT", retry_after=1)
        if kept is not None:
            log.note(replayed=True)
            log.count("monday.replayed")
            return Response(
                kept.status, {**kept.headers, "Idempotency-Replayed": "true"}, kept.body
            )
        return self._first(asked)

    def _first(self, asked: Asked) -> Response:
        store = self.desk.idempotency
        try:
            response = self._paid(asked)
        except BaseException:
            store.abandon(asked.owner, asked.key)
            raise
        store.finish(asked.owner, asked.key, response, failed=b'"errors":' in response.body)
        return response

    def _paid(self, asked: Asked) -> Response:
        """Take what the call costs from the special windows and the complexity budget, then run."""
        time.sleep(asked.request.orders.get("pause", 0))
        refusal = self._special(asked.document)
        if refusal is None:
            cost = cost_of(asked.document, asked.variables)
            spent = self.desk.limits.spend(cost, bucket=asked.bucket)
            if not isinstance(spent, Refusal):
                return self._run(asked, Cost(spent[0], cost, spent[1]))
            refusal = spent
        self.desk.limits.ease()
        return self._refused(asked.id, refusal)

    def _special(self, document: Document) -> Refusal | None:
        boards, imports = document.count("create_board"), document.count("ingest_items")
        wait = self.desk.limits.take("create_board", boards) if boards else 0
        if wait:
            return Refusal("CALL_LIMIT_EXCEEDED", "Call limit exceeded for CreateBoard", wait)
        wait = self.desk.limits.take("ingest_starts", imports) if imports else 0
        if wait:
            return Refusal("RATE_LIMIT_EXCEEDED", "Rate limit exceeded", wait, True)
        return None

    def _run(self, asked: Asked, cost: Cost) -> Response:
        if asked.document.mutation:
            self.desk.account.log.count("monday.mutations")
        call = self.make_call(asked.request, asked.credential, cost)
        if asked.document.mutation:
            result = _execute(self.desk.documents, asked, call)
        else:
            with self.desk.account.lock:
                result = _execute(self.desk.documents, asked, call)
        hidden = asked.request.orders.get("hide", ())
        data = result.data and {k: v for k, v in result.data.items() if k not in hidden}
        return answer_of(asked.id, data, result.errors or [])

    def _refused(self, request_id: str, refusal: Refusal) -> Response:
        log = self.desk.account.log
        log.note(refused_by=refusal.code)
        log.count("monday.throttled")
        return answers.refused(request_id, refusal)

    def _finished(self, request: Request, response: Response, bucket: str) -> Response:
        version = request.headers.get("api-version", CURRENT_VERSION)
        shown = CURRENT_VERSION if version == "default" else version
        headers = {"API-Version": shown, **self.desk.limits.headers(bucket)}
        return Response(response.status, {**response.headers, **headers}, response.body)


def _execute(documents: Documents, asked: Asked, call: Call) -> ExecutionResult:
    node = asked.document.node
    assert node  # noqa: S101 - a document without a node has errors and was refused
    return execute_sync(documents.schema, node, None, call, asked.variables)

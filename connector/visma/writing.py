"""Changes in Visma, each with a verdict of its own: a lost answer is never taken for a failure.

Visma knows no idempotency key, so nothing here repeats a request by itself; only a refused token
is renewed once, because a 401 has changed nothing.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from connector.errors import (
    ConnectorError,
    Explanation,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import CallReport, NotReachedError, Reply, WireError

from . import errors
from .client import DEADLINE, SYSTEM, VismaClient, milliseconds, report
from .records import decode, filter_text
from .resources import RESOURCES
from .rows import Progress, Row, read_page, segment

_encoder = msgspec.json.Encoder(decimal_format="number")
RECEIPTS = "/v1/PurchaseReceipt"  # reads are v2, everything that writes stays on v1
# Seconds from the decision to make a receipt until its answer: an empty one is quick. Visma works
# four minutes on a call at most, so it is certain when a lost one will not appear any more.
MAKING = 60.0
# The code of an error of Visma's own that speaks in words: it tells some refusals like this.
REFUSED_OR_BROKEN = "refused_or_broken"


@dataclass(frozen=True)
class Result:
    """What an action answered. ``word``: Done, Queued, InProcess, Failed, or "" for no word."""

    word: str
    error: str = ""


class VismaWriter(VismaClient):
    """Reads as the client does, and writes. OutcomeUnknown: it may or may not have happened.

    ``began``: the monotonic time of the decision, from which the deadline counts; once it is over,
    nothing is sent any more.
    """

    def receipts_of(self, supplier: str, *, since: str) -> Iterator[Row]:
        """Receipts of one supplier changed from then on, in Visma's zone-less time."""
        resource = RESOURCES["purchase_receipt"]
        progress = Progress(resource)
        while not progress.ended:
            query = {
                "supplier": supplier,
                "pageNumber": str(progress.number),
                "pageSize": str(progress.size),
                resource.modified_field: filter_text(since),
                f"{resource.modified_field}Condition": ">=",
            }
            reply = self._get(resource.entity, resource.path, query)
            found = self._payload(reply, one_record=False)
            if not isinstance(found, list):
                raise errors.unreadable(SYSTEM, reply.snippet())
            page = read_page(resource, found, number=progress.number, since=None)
            progress.advance(page, found)
            yield from page.rows

    def create_receipt(self, body: Mapping[str, Any], *, began: float) -> str:
        """The new receipt's number."""
        reply = self._write("POST", RECEIPTS, body, ends=began + MAKING)
        number = reply.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        if not number:
            raise _unknown(errors.unreadable(SYSTEM, "no Location of the new receipt"))
        return number

    def update_receipt(self, number: str, etag: str, body: Mapping[str, Any]) -> None:
        self._write("PUT", f"{RECEIPTS}/{segment(number)}", body, etag)

    def act_on_receipt(
        self, number: str, action: str, body: Mapping[str, Any] | None = None, *, began: float
    ) -> Result:
        path = f"{RECEIPTS}/{segment(number)}/action/{action}"
        reply = self._write("POST", path, body, ends=began + DEADLINE)
        try:
            said = decode(reply.body)
        except (msgspec.DecodeError, RecursionError):
            return Result("")
        if not isinstance(said, dict):
            return Result("")
        return Result(str(said.get("actionResult") or ""), str(said.get("errorInfo") or "")[:500])

    def update_invoice(self, key: str, etag: str, body: Mapping[str, Any]) -> None:
        resource = RESOURCES["supplier_invoice"]
        path = resource.single_path.format(*map(segment, resource.path_parts(key)))
        self._write("PUT", path, body, etag)

    def _write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        etag: str = "",
        *,
        ends: float | None = None,
    ) -> Reply:
        token = self._tokens.current()
        reply = self._send(method, path, body, {"token": token, "etag": etag}, ends)
        if reply.status == 401:
            renewed = self._tokens.renew(token)
            reply = self._send(method, path, body, {"token": renewed, "etag": etag}, ends)
        if reply.status not in (200, 201, 204):
            raise _verdict(reply, self.company_id)
        return reply

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        said: Mapping[str, str],
        ends: float | None,
    ) -> Reply:
        slot = self._meter.reserve(_operation(path), mutation=True, cost=1)
        headers = {
            "Authorization": f"Bearer {said['token']}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "ipp-company-id": self.company_id,
        }
        if said["etag"]:
            headers["If-Match"] = f'"{said["etag"]}"'
        data = _encoder.encode(body) if body is not None else b""
        started = time.monotonic()
        left = DEADLINE if ends is None else ends - started
        try:
            if left <= 0:
                raise NotReachedError("this worker was stopped for too long before it could send")
            response = self._session.request(
                method, self.api_url + path, data=data, headers=headers, timeout=left
            )
        except WireError as error:
            self._meter.record(slot, CallReport(0, milliseconds(started)))
            raise _not_answered(error) from None
        reply = Reply.of(response, said["token"])
        self._meter.record(slot, report(reply, milliseconds(started)))
        return reply


def _operation(path: str) -> str:
    """``/v1/PurchaseReceipt/000210/action/release`` is a ``release``."""
    parts = path.strip("/").split("/")
    return parts[-1] if "action" in parts else parts[1]


def _verdict(reply: Reply, company_id: str) -> ConnectorError:
    error = errors.judge(reply, company_id=company_id, one_record=True)
    is_page = reply.body.lstrip().startswith(b"<")
    if reply.status == 404 and not is_page:
        return GiveUp(_missing(reply))
    if isinstance(error, TryAgain) and not isinstance(error, Throttled) and reply.status != 412:
        return _in_words(error) if errors.said(reply.body)[1] else _unknown(error)
    return error


def _not_answered(error: WireError) -> ConnectorError:
    verdict = errors.not_answered(SYSTEM, error)
    return verdict if isinstance(error, NotReachedError) else _unknown(verdict)


def _unknown(error: TryAgain) -> OutcomeUnknown:
    return OutcomeUnknown(error.why, error.after)


def _in_words(error: TryAgain) -> OutcomeUnknown:
    """It may be a refusal: only what the documents show afterwards can tell."""
    happened = "Visma ended the request with an error."
    why = replace(error.why, code=REFUSED_OR_BROKEN, happened=happened)
    return OutcomeUnknown(why, error.after)


def _missing(reply: Reply) -> Explanation:
    return Explanation(
        code="document_gone",
        happened="The document does not exist in Visma any more.",
        remedy="Look it up in Visma; set the label again once it is there.",
        detail=reply.snippet(),
        request_id=reply.headers.get("Ipp-Request-Id", "")[:100],
    )

"""Whole answers of the API: envelopes, transport errors and limit errors with their hints."""

from typing import Any

from graphql import ExecutionResult, GraphQLError

from connector.sandbox.monday.quotas import Refusal
from connector.sandbox.wire import Response, json_response


def executed(result: ExecutionResult, request_id: str) -> Response:
    return json_response(envelope(result.data, result.errors or [], request_id))


def envelope(data: Any, errors: list[GraphQLError], request_id: str) -> dict[str, Any]:
    """``data`` is left out when nothing at all could be answered, as seen with dead cursors."""
    body: dict[str, Any] = {} if data is None and errors else {"data": data}
    if errors:
        body["errors"] = [error.formatted for error in errors]
    return body | {"extensions": {"request_id": request_id}}


def failed(
    request_id: str, status: int, message: str, code: str, *, retry_after: int = 0
) -> Response:
    """The whole request failed before any field ran."""
    extensions: dict[str, Any] = {"code": code, "status_code": status}
    return _one_error(request_id, status, message, extensions, retry_after=retry_after)


def refused(request_id: str, refusal: Refusal) -> Response:
    """HTTP 429 with the wait in the header and in the body, as monday's own fixtures have it."""
    hint = (
        {"retryAfterMs": refusal.wait * 1000}
        if refusal.in_milliseconds
        else {"retry_in_seconds": refusal.wait}
    )
    extensions = {"code": refusal.code, "status_code": 429, **hint}
    return _one_error(request_id, 429, refusal.message, extensions, retry_after=refusal.wait)


def _one_error(
    request_id: str,
    status: int,
    message: str,
    extensions: dict[str, Any],
    *,
    retry_after: int,
) -> Response:
    error = {"message": message, "extensions": extensions}
    headers = {"Retry_After": str(retry_after)} if retry_after else {}
    body = {"errors": [error], "extensions": {"request_id": request_id}}
    return json_response(body, status, **headers)

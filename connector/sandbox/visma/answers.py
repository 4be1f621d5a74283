"""What leaves the API: rows, single records, and the shapes its errors come in."""

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import JSON, Response

_ENCODER = msgspec.json.Encoder(decimal_format="number")
# A field of a release that the published contract does not know yet.
NEW_FIELDS: Payload = {"peppolStatus": "NotSent", "sustainability": {"co2Kg": 12.5, "scope": 3}}


class ProblemError(Exception):
    """Ends the handling of a call with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def encode(payload: Any) -> bytes:
    """Decimals as JSON numbers with all their digits; a lone surrogate as its escape."""
    try:
        return _ENCODER.encode(payload)
    except UnicodeEncodeError:
        marked: dict[str, str] = {}
        body = _ENCODER.encode(_marked(payload, marked))
        for mark, escape in marked.items():
            body = body.replace(mark.encode(), escape.encode())
        return body


def rows(found: Sequence[Payload], *, total: int, cap: int, extra: Payload) -> Response:
    """A bare array, the metadata repeated on each row; an empty page says nothing at all.

    ``cap`` 0 is a list that is not paged and has no metadata.
    """
    metadata = {"metadata": {"totalCount": total, "maxPageSize": cap}} if cap else {}
    return answer([row | extra | metadata for row in found])


def record(payload: Payload, *, version: str) -> Response:
    return with_headers(answer(payload), ETag=f'"{version}"')


def etag(payload: Payload) -> str:
    return f'"{payload["timeStamp"]}"'


def answer(payload: Any, status: int = 200) -> Response:
    return Response(status, {"Content-Type": JSON}, encode(payload))


def empty(status: int, **headers: str) -> Response:
    return Response(status, headers, b"")


def with_headers(response: Response, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(response.status, response.headers | named, response.body)


def message(status: int, text: str) -> Response:
    """The usual error: one message with an id that Visma's support can look up."""
    return answer({"message": f"VismaId: {uuid.uuid4()}. {text}"}, status)


def ipp_exception(code: str, text: str) -> Response:
    """The gateway's error about the company or its licence."""
    return answer(
        {
            "ExceptionType": "IPPException",
            "ExceptionMessage": text,
            "ExceptionFaultCode": code,
            "ExceptionMessageID": f"{code}_{uuid.uuid4()}",
            "ExceptionDetails": "",
        },
        400,
    )


def refuse(text: str, status: int = 400) -> ProblemError:
    return ProblemError(message(status, text))


def not_found(text: str = "The requested resource was not found.") -> ProblemError:
    return refuse(text, 404)


def _marked(value: Any, marks: dict[str, str]) -> Any:
    """The same with every lone surrogate replaced by an ASCII mark."""
    if isinstance(value, dict):
        return {name: _marked(each, marks) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, marks) for each in value]
    return _mark(value, marks) if isinstance(value, str) else value


def _mark(text: str, marks: dict[str, str]) -> str:
    found = []
    for character in text:
        if "\ud800" <= character <= "\udfff":
            mark = f"<surrogate {ord(character):04x}>"
            marks[mark] = f"\\u{ord(character):04x}"
            character = mark
        found.append(character)
    return "".join(found)

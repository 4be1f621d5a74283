"""What every changing call has in common: wrapped values, If-Match, results of actions."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from connector.sandbox.visma import answers
from connector.sandbox.visma.answers import ProblemError, message, refuse
from connector.sandbox.visma.money import decimal_of
from connector.sandbox.visma.receiving import RefusedError
from connector.sandbox.visma.routes import Call
from connector.sandbox.visma.stamps import asked
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Response

Reader = Callable[[Any], Any]
# A call takes "value" objects for these; what an absent one means is: leave it as it is.
Fields = dict[str, tuple[str, Reader]]
OPERATIONS = ("Insert", "Update", "Delete")
LONGEST_CUSTOM = 100  # characters of customStr1..5


def text(given: Any) -> str | None:
    """``{"value": null}`` clears."""
    if given is not None and not isinstance(given, str):
        raise refuse(f"The request is invalid. '{given}' is not a text.")
    return given


def custom(given: Any) -> str | None:
    if len(given or "") > LONGEST_CUSTOM:
        raise refuse(f"The text is longer than {LONGEST_CUSTOM} characters.")
    return text(given)


def boolean(given: Any) -> bool:
    if not isinstance(given, bool):
        raise refuse(f"The request is invalid. '{given}' is not a boolean.")
    return given


def date(given: Any) -> str:
    try:
        return asked(str(given))[:10] + "T00:00:00"
    except ValueError as why:
        raise refuse(f"The request is invalid. {why}.") from None


def number(given: Any) -> Any:
    if isinstance(given, (str, bool)) or given is None:
        raise refuse(f"The request is invalid. '{given}' is not a number.")
    return decimal_of(given)


def value(body: Payload, name: str, default: Any = None) -> Any:
    """The inside of ``{"value": x}``; a bare scalar there is refused, as the real binding does."""
    if name not in body or body[name] is None:
        return default
    wrapped = body[name]
    if not isinstance(wrapped, dict) or "value" not in wrapped:
        raise refuse(f"The request is invalid. '{name}' expects an object with a value.")
    return wrapped["value"]


def write(target: Payload, body: Payload, fields: Fields) -> None:
    """Every given field of the table, read and put; unknown ones are ignored."""
    for name, (path, read) in fields.items():
        if body.get(name) is not None:
            target[path] = read(value(body, name))


def lines(body: Payload, name: str, number_name: str) -> Iterator[tuple[str, int | None, Payload]]:
    """(operation, line number, line); only an insert needs no number."""
    for line in body.get(name) or []:
        operation = line.get("operation")
        if operation not in OPERATIONS:
            raise refuse(f"The request is invalid. Operation '{operation}' of a line is unknown.")
        place = value(line, number_name)
        if operation != "Insert" and not isinstance(place, int):
            raise refuse(f"The request is invalid. A line needs its {number_name}.")
        yield operation, place, line


def line_numbered(found: list[Payload], name: str, place: int | None) -> Payload:
    for line in found:
        if line[name] == place:
            return line
    raise refuse(f"Line {place} cannot be found in the document.")


def draft(call: Call, entity: str, key: str) -> Payload:
    """A copy to change, after the version the caller knows was compared."""
    if call.company.tables[entity].get(key) is None:
        raise answers.not_found()
    found = call.company.draft(entity, key)
    known = call.request.headers.get("if-match", "").removeprefix("W/").strip('"')
    if known not in ("", "*", found["timeStamp"]):
        raise ProblemError(message(412, "The record has been changed by another user."))
    return found


def created(call: Call, payload: Payload, path: str) -> Response:
    """201 without a body; the last part of the address is the new key."""
    location = f"{call.company.quirks.location_host}{path}"
    return answers.empty(201, Location=location, ETag=answers.etag(payload))


def updated(payload: Payload) -> Response:
    return answers.empty(204, ETag=answers.etag(payload))


def action(call: Call, act: Callable[[], Payload]) -> Response:
    """Do it now, or say "Queued" and do it when its time has come; a refusal is a 200, too."""
    seconds = call.company.quirks.action_seconds
    if seconds:
        call.company.later(seconds, lambda: _quietly(act))
        return result("Queued")
    try:
        return answers.with_headers(result("Done"), ETag=answers.etag(act()))
    except RefusedError as why:
        return result("Failed", str(why))


def result(word: str, error: str | None = None) -> Response:
    return answers.answer({"actionId": str(uuid.uuid4()), "actionResult": word, "errorInfo": error})


def _quietly(act: Callable[[], Payload]) -> None:
    """A queued action that is refused leaves the document as it was and tells nobody."""
    try:
        act()
    except RefusedError:
        return

"""What a person types, read into what Visma keeps; ValueError in words when it cannot be."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from connector.sandbox.visma.stamps import asked, day
from connector.sandbox.visma.tables import Payload

Reader = Callable[[Any], Any]
Fields = Mapping[str, tuple[str, Reader]]


def text(given: Any) -> str:
    return str(given)


def day_text(given: Any) -> str:
    """A date field from a date, a datetime or text such as 2026-12-31."""
    if isinstance(given, date):
        return day(datetime(given.year, given.month, given.day))  # noqa: DTZ001 - zone-less
    return asked(str(given).strip())[:10] + "T00:00:00"


def one_of(*choices: str) -> Reader:
    def read(given: Any) -> str:
        if given not in choices:
            raise ValueError(f"'{given}' is none of {', '.join(choices)}")
        return str(given)

    return read


def write(payload: Payload, fields: Fields, changes: Mapping[str, Any]) -> None:
    """Put changes into a draft; a dotted field reaches into an object."""
    for name, given in changes.items():
        if name not in fields:
            raise ValueError(f"'{name}' cannot be changed here")
        path, read = fields[name]
        *parents, last = path.split(".")
        target = payload
        for parent in parents:
            target = target[parent]
        target[last] = read(given)

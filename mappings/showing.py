"""Values and cells as short plain text for people: what Visma has, what the board will show."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from mappings.catalog import Entity, Payload, ValueProblem, value
from mappings.columns import Column, landed

# Puts a value into words; a tenant's country may say it differently.
Say = Callable[[Any], str]
LIMIT = 160  # characters of one value on a page; the record itself has the rest


def plain(found: Any) -> str:
    """Any value as one line, with all its digits."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "Yes" if found else "No"
    if isinstance(found, Decimal):
        return format(found, "f")
    if isinstance(found, tuple | list):
        return _cut(", ".join(filter(None, map(plain, found))))
    if isinstance(found, datetime):
        return found.replace(microsecond=0).isoformat(" ")
    if isinstance(found, date | time):
        return found.isoformat()
    return _cut(" ".join(str(found).split()))


def told(payload: Payload, entity: Entity, path: str, say: Say = plain) -> str:
    """The field's value in words; empty where there is none or it cannot be read."""
    field = entity.field(path) if path else None
    try:
        return say(value(payload, field)) if field else ""
    except ValueProblem:
        return ""


def shown(column: Column, cell: Any, say: Say = plain) -> str:
    """What people will see in the cell; empty for a cleared one."""
    try:
        return say(landed(column, cell))
    except (KeyError, TypeError, ValueError):
        return plain(cell)


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else f"{text[: LIMIT - 1]}…"

"""Cells of texts, numbers, dates and ticks."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mappings.catalog import Value
from mappings.columns.cleaning import (
    LONG_TEXT_LIMIT,
    NAME_LIMIT,
    TEXT_LIMIT,
    clean,
    flat_line,
    one_line,
    shorten,
)
from mappings.columns.column import CellProblem, Column, settings_of

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[T ]|\Z)")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?\Z")
_YES = frozenset(("true", "yes", "ja", "kyllä", "1"))
_NO = frozenset(("false", "no", "nei", "nej", "ei", "0"))
_DIGITS = 100  # characters of a number; 1e400 is a mistake, not an amount
_LAST_WEEK = date.max - timedelta(days=6)
_STARS = 5  # highest rating unless the column says otherwise


def words(value: Any) -> str:
    """How a value reads as text: exact digits, days as 2026-07-14, Yes and No."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return digits(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, list | tuple):
        return ", ".join(map(words, value))
    return str(value)


def digits(number: Decimal) -> str:
    """Visma's own digits without exponent; every zero is plain 0, so that -0.00 never shows."""
    return format(number, "f") if number else "0"


def label_text(value: Value) -> str:
    return one_line(words(value))


def name(column: Column, value: Value) -> str:
    text = shorten(one_line(words(value)), NAME_LIMIT)
    if not text:
        raise CellProblem(
            "name_empty", "An item cannot be without a name.", "Choose another field for the name."
        )
    return text


def text(column: Column, value: Value) -> str | None:
    return shorten(flat_line(words(value)), TEXT_LIMIT) or None


def long_text(column: Column, value: Value) -> dict[str, str] | None:
    cleaned = shorten(clean(words(value)), LONG_TEXT_LIMIT)
    return {"text": cleaned} if cleaned else None


def number(column: Column, value: Value) -> str:
    if isinstance(value, bool | date):
        raise _unfit(column, value, "a number")
    if isinstance(value, int):
        value = Decimal(value)
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = Decimal(value.strip())
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _unfit(column, value, "a number", "Use the “number” transform if it is written "
                     "with spaces or a comma; otherwise correct it in Visma.")  # fmt: skip
    written = digits(value) if abs(value.adjusted()) <= _DIGITS else ""
    if not 0 < len(written) <= _DIGITS:
        raise _unfit(column, f"{value:.3E}", "a number monday can hold", "Correct it in Visma.")
    return written


def _day_of(column: Column, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise _unfit(column, value, "a date")
    try:
        return date.fromisoformat(found[0])
    except ValueError:
        raise _unfit(column, value, "a date") from None


def day(column: Column, value: Any) -> dict[str, str]:
    """The day alone: a time would be taken for UTC and could show as the day before."""
    return {"date": _day_of(column, value).isoformat()}


def timeline(column: Column, value: Any) -> dict[str, str]:
    first, last = value if isinstance(value, tuple) else (value, value)
    days = sorted((_day_of(column, first), _day_of(column, last)))
    return {"from": days[0].isoformat(), "to": days[1].isoformat()}


def week(column: Column, value: Any) -> dict[str, dict[str, str]]:
    inside = _day_of(column, value)
    start = inside - timedelta(days=inside.weekday())
    if start > _LAST_WEEK:
        raise _unfit(column, value, "a date in a whole week")
    end = start + timedelta(days=6)
    return {"week": {"startDate": start.isoformat(), "endDate": end.isoformat()}}


def hour(column: Column, value: Any) -> dict[str, int]:
    if isinstance(value, datetime | time):
        return {"hour": value.hour, "minute": value.minute}
    found = _CLOCK.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise _unfit(column, value, "a time of day")
    return {"hour": int(found[1]), "minute": int(found[2])}


def checkbox(column: Column, value: Value) -> dict[str, str] | None:
    known = words(value).strip().casefold()
    if known in _YES:
        return {"checked": "true"}
    if known in _NO:
        return None
    raise _unfit(column, value, "yes or no")


def rating(column: Column, value: Value) -> dict[str, int]:
    most = settings_of(column).get("limit", _STARS)
    text = words(value)
    if not re.fullmatch(r"[0-9]{1,2}", text) or int(text) > (most if isinstance(most, int) else 5):
        raise _unfit(column, value, f"a whole number from 0 to {most}")
    return {"rating": int(text)}


def _unfit(column: Column, value: Any, wanted: str, remedy: str = "") -> CellProblem:
    return CellProblem(
        "value_unfit",
        f"“{words(value)[:60]}” is not {wanted}, which column “{column.title}” needs.",
        remedy or "Correct the value in Visma, or pair the field with another column.",
    )

"""Reads one field of a Visma payload as a typed, exact, zone-free value."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache, reduce
from typing import Any, NoReturn

from mappings.catalog.kinds import VISMA_KEY, Field, Kind, Payload, Value
from mappings.problems import Refusal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?=[T ]|\Z)")
_LARGEST = 100  # digits before or behind the point; beyond is a mistake, not an amount

# Room for every number within those bounds: Python's own context would round at 28 digits.
EXACT = Context(prec=2 * _LARGEST + 50, rounding=ROUND_HALF_UP)
Reader = Callable[[Payload], Value]
_ANONYMOUS = Field("", "a number", Kind.AMOUNT)
_CLOCK = re.compile(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?")


class ValueProblem(Refusal):
    """Visma sent something that is not the kind of value the field promises."""


def value(payload: Payload, field: Field) -> Value:
    """The field's value, or None when Visma left it out or empty. Raises `ValueProblem`."""
    return reader(field)(payload)


@lru_cache(maxsize=2048)
def reader(field: Field) -> Reader:
    """A function from payload to value, with the path split once."""
    if field.compute is not None:
        return field.compute
    if field.path == VISMA_KEY:
        return lambda payload: None
    steps, read = tuple(field.path.split(".")), _READERS[field.kind]
    if len(steps) == 1:
        return _reader_of(steps[0], read, field)

    def read_field(payload: Payload) -> Value:
        raw = follow(payload, steps)
        return None if raw is None else read(raw, field)

    return read_field


def _reader_of(name: str, read: Callable[[Any, Field], Value], field: Field) -> Reader:
    """Most fields stand in the record itself, most of them bare."""

    def read_field(payload: Payload) -> Value:
        raw = payload.get(name)
        if isinstance(raw, dict):
            raw = follow(payload, (name,))
        return None if raw is None else read(raw, field)

    return read_field


def follow(payload: Payload, steps: tuple[str, ...]) -> Any:
    """Whatever lies at the end of the path, or None. Bare and ``{"value": x}`` forms alike."""
    node: Any = payload
    for step in steps:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list):
            node = _element(node, step)
        else:
            return None
    if isinstance(node, dict) and len(node) == 1 and "value" in node:
        return node["value"]
    return node


def _element(elements: list[Any], step: str) -> Any:
    if step.isascii() and step.isdigit():
        position = int(step)
        return elements[position] if position < len(elements) else None
    named = (each for each in elements if isinstance(each, dict) and each.get("id") == step)
    return next(named, {}).get("value")


def _unreadable(raw: Any, field: Field, wanted: str) -> ValueProblem:
    shown = _shown(raw)
    return ValueProblem(
        "value_unreadable",
        f"Visma sent “{shown}” for {field.label}, which is not {wanted}.",
        "Open the record in Visma, correct the value and save it; it is read again by itself.",
        "visma_admin",
    )


def _shown(raw: Any) -> str:
    try:
        return str(raw)[:60]
    except ValueError:  # Python prints no number of more than 4,300 digits
        return "a very long number"


def _text(raw: Any, field: Field) -> str | None:
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float | Decimal):
        return format(_decimal(raw, field), "f")
    raise _unreadable(raw, field, "a text")


def _decimal(raw: Any, field: Field) -> Decimal:
    number = _number(raw)
    if number is None or not number.is_finite() or not _sized(number):
        raise _unreadable(raw, field, "a number")
    return number


def _number(raw: Any) -> Decimal | None:
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, float):
        return Decimal(repr(raw))  # the shortest text that is this float: what the sender wrote
    if isinstance(raw, str) and len(raw) <= 2 * _LARGEST and _NUMBER.match(raw.strip()):
        return Decimal(raw.strip())
    return None


def _sized(number: Decimal) -> bool:
    magnitude = number.adjusted()
    if -50 <= magnitude <= 50 and len(str(number)) <= 50:
        return True  # spared: a tuple of the digits takes four times as long
    exponent = number.as_tuple().exponent
    return number.adjusted() <= _LARGEST and isinstance(exponent, int) and exponent >= -_LARGEST


def add_up(numbers: Iterable[Decimal]) -> Decimal:
    return reduce(EXACT.add, numbers, Decimal(0))


def number_or_none(raw: Any) -> Decimal | None:
    """The exact number, or None for whatever is not one; for computed fields, which never fail."""
    try:
        return None if raw is None else _decimal(raw, _ANONYMOUS)
    except ValueProblem:
        return None


def _integer(raw: Any, field: Field) -> int:
    number = _decimal(raw, field)
    if number != number.to_integral_value():
        raise _unreadable(raw, field, "a whole number")
    return int(number)


def _boolean(raw: Any, field: Field) -> bool:
    if isinstance(raw, bool):
        return raw
    known = {"true": True, "1": True, "false": False, "0": False}.get(str(raw).strip().lower())
    if known is None:
        raise _unreadable(raw, field, "yes or no")
    return known


def _day(raw: Any, field: Field) -> date | None:
    """The calendar day as Visma printed it: no zone is known, so none is applied."""
    if raw == "":
        return None
    try:
        return _calendar_day(raw[:11]) if isinstance(raw, str) else _no_day()
    except ValueError:
        raise _unreadable(raw, field, "a date") from None


@lru_cache(maxsize=4096)  # many records share few days
def _calendar_day(text: str) -> date | None:
    """ValueError where the text does not begin with a day."""
    found = _DAY.match(text)
    if found is None:
        return _no_day()
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    return date(year, month, day) if year > 1 else None  # .NET's "no date" is 0001-01-01


def _no_day() -> NoReturn:
    raise ValueError("no day")


def _moment(raw: Any, field: Field) -> datetime | None:
    day = _day(raw, field)
    if day is None:
        return None
    found = _CLOCK.match(raw, 10)
    if found is None:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001  Visma's clock has no zone
    fraction = int((found[4] or "0").ljust(6, "0")[:6])
    clock = (int(found[1]), int(found[2]), int(found[3] or 0), fraction)
    try:
        return datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001  same reason
    except ValueError:
        raise _unreadable(raw, field, "a date and time") from None


_READERS: dict[Kind, Callable[[Any, Field], Value]] = {
    **dict.fromkeys(Kind, _text),
    **dict.fromkeys((Kind.AMOUNT, Kind.QUANTITY, Kind.RATE), _decimal),
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
}

"""What a board shows in one cell, back as a Python value that compares with what was sent."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from mappings.columns.column import Column, labels_of

Read = Mapping[str, Any]


def decode(column: Column, cell: Read) -> Any:
    """None where the cell is empty. Typed fields are preferred, then ``text``, then ``value``.

    numbers → Decimal · date → date, or datetime once a person set a time · status → label text ·
    dropdown → tuple of texts · checkbox → bool · timeline and week → (first, last) day ·
    people, tags → tuple of ids in order · board_relation → by size · the rest → text.
    """
    return _READERS.get(column.type, _text)(column, cell)


def _raw(cell: Read) -> Mapping[str, Any]:
    """The JSON text under ``value``; its extra keys (changed_at, post_id) are not ours."""
    value = cell.get("value")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _given(cell: Read, *names: str) -> Any:
    """The first of these that is there, among the typed fields and then inside ``value``."""
    for name in names:
        if cell.get(name) not in (None, ""):
            return cell[name]
    value = cell.get("value")
    if isinstance(value, str) and not any(name in value for name in names):
        return None  # spared: reading JSON costs more than all the rest
    raw = _raw(cell)
    return next((raw[name] for name in names if raw.get(name) not in (None, "")), None)


def _text(column: Column, cell: Read) -> str | None:
    text = cell.get("text")
    return str(text) if text not in (None, "") else None


def _number(column: Column, cell: Read) -> Decimal | None:
    text = cell.get("text")
    raw = text if text not in (None, "") else cell.get("number")
    if raw in (None, ""):
        raw = _plain(cell)
    try:
        return None if raw in (None, "") else Decimal(str(raw).replace(",", ""))
    except InvalidOperation:
        return None


def _plain(cell: Read) -> Any:
    """``value`` where it is the JSON text of one plain thing, as numbers and texts are."""
    value = cell.get("value")
    if not isinstance(value, str) or not value:
        return value if isinstance(value, int | float) else None
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, str | int | float) else None


def day_of(raw: Any) -> date | None:
    try:
        return date.fromisoformat(str(raw)[:10]) if raw else None
    except ValueError:
        return None


def _date(column: Column, cell: Read) -> date | None:
    day = day_of(_given(cell, "date") or cell.get("text"))
    clock = _given(cell, "time")
    if day is None or not clock:
        return day
    try:
        return datetime.combine(day, time.fromisoformat(str(clock)))
    except ValueError:
        return day


def _span(column: Column, cell: Read) -> tuple[date | None, date | None] | None:
    first = day_of(_given(cell, "from", "start_date", "startDate") or _week(cell, "startDate"))
    last = day_of(_given(cell, "to", "end_date", "endDate") or _week(cell, "endDate"))
    return (first, last) if first or last else None


def _week(cell: Read, name: str) -> Any:
    inner = _raw(cell).get("week")
    return inner.get(name) if isinstance(inner, Mapping) else None


def _status(column: Column, cell: Read) -> str | None:
    text = cell.get("label") or cell.get("text")
    if text:
        return str(text)
    index = _raw(cell).get("index")
    return next((label.text for label in labels_of(column) if label.id == index), None) or None


def _dropdown(column: Column, cell: Read) -> tuple[str, ...]:
    values = cell.get("values")
    if isinstance(values, list):
        return tuple(str(each["label"]) for each in values)
    ids = _raw(cell).get("ids")
    if isinstance(ids, list):
        by_id = {label.id: label.text for label in labels_of(column)}
        return tuple(by_id[each] for each in ids if each in by_id)
    return tuple(filter(None, (part.strip() for part in (cell.get("text") or "").split(","))))


def _checked(column: Column, cell: Read) -> bool:
    checked = cell.get("checked", _raw(cell).get("checked"))
    return str(checked).lower() == "true" or (checked is None and cell.get("text") == "v")


def _country(column: Column, cell: Read) -> str | None:
    inner = cell.get("country")
    code = inner.get("code") if isinstance(inner, Mapping) else _given(cell, "countryCode")
    return str(code) if code else None


def _hour(column: Column, cell: Read) -> time | None:
    hour, minute = _given(cell, "hour"), _given(cell, "minute")
    return None if hour is None else time(int(hour), int(minute or 0))


def _ids(*names: str) -> Callable[[Column, Read], tuple[int, ...]]:
    def read(column: Column, cell: Read) -> tuple[int, ...]:
        found = _given(cell, *names) or []
        raw = (each.get("id", each.get("linkedPulseId")) if isinstance(each, Mapping) else each
               for each in found)  # fmt: skip
        return tuple(int(each) for each in raw if each is not None)

    return read


def _linked(column: Column, cell: Read) -> tuple[int, ...]:
    """monday promises no order of linked items."""
    return tuple(sorted(_ids("linked_item_ids", "linkedPulseIds")(column, cell)))


def _field(*names: str) -> Callable[[Column, Read], str | None]:
    def read(column: Column, cell: Read) -> str | None:
        found = _given(cell, *names)
        return str(found) if found else None

    return read


def _phone(column: Column, cell: Read) -> str | None:
    found = _given(cell, "phone") or cell.get("text")
    return str(found) if found else None


def _rating(column: Column, cell: Read) -> int | None:
    found = _given(cell, "rating") or cell.get("text")
    return int(found) if found else None


_READERS: dict[str, Callable[[Column, Read], Any]] = {
    "numbers": _number,
    "date": _date,
    "timeline": _span,
    "week": _span,
    "status": _status,
    "dropdown": _dropdown,
    "checkbox": _checked,
    "link": _field("url"),
    "email": _field("email"),
    "phone": _phone,
    "country": _country,
    "hour": _hour,
    "rating": _rating,
    "people": _ids("persons_and_teams", "personsAndTeams"),
    "tags": _ids("tag_ids"),
    "board_relation": _linked,
}

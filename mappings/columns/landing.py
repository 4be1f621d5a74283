"""What a cell shows once it is on the board, to compare with what is read back."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from mappings.columns.column import Column, labels_of
from mappings.columns.decode import Read, day_of, decode


def shows(column: Column, read: Read, cell: Any) -> bool:
    """Whether a board that reads so shows the cell made by `encode`.

    What both mean is compared. Where they say it in the same words, that is not worked out.
    """
    same = _SAME.get(column.type)
    if same is not None and cell is not None and same(read, cell):
        return True
    return bool(decode(column, read) == landed(column, cell))


def landed(column: Column, cell: Any) -> Any:
    """What `decode` gives once the cell made by `encode` is on the board: both compare equal."""
    if cell is None or cell == {}:
        return False if column.type == "checkbox" else () if column.type in _MANY else None
    read = _LANDED.get(column.type)
    return read(column, cell) if read else cell


def _landed_status(column: Column, cell: Any) -> str | None:
    if "label" in cell:
        return str(cell["label"])
    return next((each.text for each in labels_of(column) if each.id == cell.get("index")), None)


def _landed_dropdown(column: Column, cell: Any) -> tuple[str, ...]:
    if "labels" in cell:
        return tuple(cell["labels"])
    by_id = {label.id: label.text for label in labels_of(column)}
    return tuple(by_id[each] for each in cell["ids"])


def _landed_week(column: Column, cell: Any) -> tuple[date | None, date | None]:
    return day_of(cell["week"]["startDate"]), day_of(cell["week"]["endDate"])


def _same_day(read: Read, cell: Any) -> bool:
    """monday told the time too, and there is none."""
    return read.get("date") == cell["date"] and read.get("time", 0) in (None, "")


_SAME: dict[str, Callable[[Read, Any], bool]] = {
    "text": lambda read, cell: read.get("text") == cell,
    "numbers": lambda read, cell: read.get("text") == cell,
    "long_text": lambda read, cell: read.get("text") == cell["text"],
    "date": _same_day,
    "status": lambda read, cell: read.get("label") == cell.get("label", 0),
}

_MANY = frozenset(("dropdown", "people", "tags", "board_relation"))

_LANDED: dict[str, Callable[[Column, Any], Any]] = {
    "numbers": lambda column, cell: Decimal(cell),
    "long_text": lambda column, cell: cell["text"],
    "date": lambda column, cell: day_of(cell["date"]),
    "timeline": lambda column, cell: (day_of(cell["from"]), day_of(cell["to"])),
    "week": _landed_week,
    "status": _landed_status,
    "dropdown": _landed_dropdown,
    "checkbox": lambda column, cell: True,
    "link": lambda column, cell: cell["url"],
    "email": lambda column, cell: cell["email"],
    "phone": lambda column, cell: cell["phone"],
    "country": lambda column, cell: cell["countryCode"],
    "hour": lambda column, cell: time(cell["hour"], cell["minute"]),
    "rating": lambda column, cell: cell["rating"],
    "people": lambda column, cell: tuple(each["id"] for each in cell["personsAndTeams"]),
    "tags": lambda column, cell: tuple(cell["tag_ids"]),
    "board_relation": lambda column, cell: tuple(sorted(cell["item_ids"])),
}

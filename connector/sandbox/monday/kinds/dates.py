"""Date, timeline, week and hour; every date and time is UTC."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")
_WEEK = timedelta(days=6)  # a week is named by its first and its last day


def day(value: Any) -> str:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise refuse()
    try:
        date.fromisoformat(value)
    except ValueError:
        raise refuse() from None
    return value


def hour_of_day(value: Any) -> str:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise refuse()
    try:
        return time.fromisoformat(value).isoformat()
    except ValueError:
        raise refuse() from None


class Date(Kind):
    type, prefix, internal, graphql = "date", "date", "date", "DateValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if isinstance(value, str):
            return self._from_text(value)
        if value == {}:
            return None
        given = only_keys(value, {"date"}, frozenset({"time", "icon"}))
        if not given["date"]:
            return None
        moment = given.get("time")
        return {"date": day(given["date"]), "time": hour_of_day(moment) if moment else None}

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return f"{cell['date']} {cell['time'][:5]}" if cell["time"] else str(cell["date"])

    def raw(self, cell: Any) -> str | None:
        return super().raw({"date": cell["date"], "icon": None, "time": cell["time"]})

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        """Empty parts read as ``""``, which has broken many a parser."""
        if not cell:
            return {"date": "", "time": "", "icon": ""}
        return {"date": cell["date"], "time": (cell["time"] or "")[:5], "icon": ""}

    def _from_text(self, value: str) -> Any:
        if not value:
            return None
        first, _, rest = value.partition(" ")
        return {"date": day(first), "time": hour_of_day(rest) if rest else None}


class Timeline(Kind):
    type, prefix, internal, graphql = "timeline", "timerange", "timerange", "TimelineValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if value == {}:
            return None
        given = only_keys(value, {"from", "to"})
        start, end = day(given["from"]), day(given["to"])
        if start > end:
            raise refuse()
        return {"from": start, "to": end}

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return f"{cell['from']} - {cell['to']}"

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"from": cell["from"] if cell else None, "to": cell["to"] if cell else None}


class Week(Kind):
    type, prefix, internal, graphql = "week", "week", "week", "WeekValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if value == {}:
            return None
        span = only_keys(only_keys(value, {"week"})["week"], {"startDate", "endDate"})
        start, end = day(span["startDate"]), day(span["endDate"])
        if date.fromisoformat(end) - date.fromisoformat(start) != _WEEK:
            raise refuse()
        return {"startDate": start, "endDate": end}

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return f"{cell['startDate']} - {cell['endDate']}"

    def raw(self, cell: Any) -> str | None:
        return super().raw({"week": cell})

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        filled = cell or {}
        return {"start_date": filled.get("startDate"), "end_date": filled.get("endDate")}


class Hour(Kind):
    type, prefix, internal, graphql = "hour", "hour", "hour", "HourValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if value == {}:
            return None
        given = only_keys(value, {"hour", "minute"})
        hour, minute = given["hour"], given["minute"]
        if not (isinstance(hour, int) and isinstance(minute, int)):
            raise refuse()
        if not (0 <= hour < 24 and 0 <= minute < 60):
            raise refuse()
        return {"hour": hour, "minute": minute}

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return datetime(2000, 1, 1, cell["hour"], cell["minute"]).strftime("%I:%M %p")  # noqa: DTZ001

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"hour": cell["hour"] if cell else None, "minute": cell["minute"] if cell else None}

"""Numbers and ratings."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column

_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_HIGHEST_RATING = 5  # stars of a new rating column


class Numbers(Kind):
    type, prefix, internal, graphql = "numbers", "numeric", "numeric", "NumbersValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """The trap: an empty string stores 0 here, and only ``null`` clears."""
        if not isinstance(value, str):
            raise refuse()
        if value == "":
            return "0"
        if not _PLAIN.fullmatch(value):
            raise refuse()
        return format(Decimal(value), "f")

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        """Without trailing zeros: a caller has to compare as numbers, not as text."""
        return _short(cell)

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        unit = column.settings.get("unit", {})
        shown = {"symbol": unit.get("symbol") or "", "direction": unit.get("direction") or "right"}
        return {"number": None if cell is None else float(cell), **shown}

    def sort_key(self, cell: Any, column: "Column", account: "Account") -> Any:
        return Decimal(cell)


class Rating(Kind):
    type, prefix, internal, graphql = "rating", "rating", "rating", "RatingValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        given = only_keys(value, {"rating"})["rating"] if isinstance(value, dict) else value
        if isinstance(given, str) and given.isdigit():
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, int):
            raise refuse()
        if not 0 <= given <= _HIGHEST_RATING:
            raise refuse()
        return {"rating": given} if given else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell["rating"])

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"rating": cell["rating"] if cell else None}


def _short(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits

"""Text, long text and the item's name."""

import json
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse
from connector.sandbox.monday.problems import RefusedError

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column

LONGEST = 2000  # long text by monday's page; for text no number is published, so the same


def checked(value: Any) -> str:
    """Strings only: monday checks types strictly since 2022-10 and a bare number is refused."""
    if not isinstance(value, str):
        raise refuse()
    if len(value) > LONGEST:
        raise RefusedError(
            f"invalid value: text is longer than {LONGEST} characters", "textTooLong"
        )
    return value


class Text(Kind):
    type, prefix, internal, graphql = "text", "text", "text", "TextValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        return checked(value) or None


class LongText(Kind):
    type, prefix, internal, graphql = "long_text", "long_text", "long-text", "LongTextValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if isinstance(value, str):
            return checked(value) or None
        return checked(only_keys(value, {"text"})["text"]) or None

    def raw(self, cell: Any) -> str | None:
        return json.dumps({"text": cell}, ensure_ascii=False)


class Name(Kind):
    """The item's name stands among the columns; its value lives on the item, not in a cell."""

    type, prefix, internal, graphql = "name", "name", "name", "TextValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        return checked(value)

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell)

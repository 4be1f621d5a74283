"""What every column type can do: take a written value, store it, and be read back."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.problems import SEE_DOCUMENTATION, RefusedError

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column


@dataclass
class Pen:
    """What a write may look at. New labels are staged and become real if the whole write does."""

    account: "Account"
    create_labels: bool = False
    staged: dict[str, dict[str, Any]] = field(default_factory=dict)

    def settings(self, column: "Column") -> dict[str, Any]:
        return self.staged.get(column.id, column.settings)


class Kind(ABC):
    """One column type. A stored cell is JSON-able; ``None`` from a write clears the cell."""

    type = ""
    prefix = ""  # of generated column ids
    internal = ""  # the name monday uses in error_data and webhooks
    graphql = "UnsupportedValue"
    writable = True
    empty_text: str | None = ""

    @abstractmethod
    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """``value`` is what stood in column_values for this column, decoded from JSON."""

    def simple(self, text: str, column: "Column", pen: Pen) -> Any:
        """The plain-text form of ``change_simple_column_value``; ``""`` clears."""
        return self.write(text, column, pen) if text else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell)

    def raw(self, cell: Any) -> str | None:
        """The ``value`` field: a JSON string."""
        return json.dumps(cell, ensure_ascii=False)

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        """The typed fields of this kind's GraphQL type; called with ``None`` for an empty cell."""
        return {}

    def sort_key(self, cell: Any, column: "Column", account: "Account") -> Any:
        return self.text(cell, column, account) or ""


class ReadOnly(Kind):
    """Columns monday computes itself, or that the API does not write."""

    writable = False

    def __init__(self, type_: str, prefix: str, graphql: str = "UnsupportedValue") -> None:
        self.type, self.prefix, self.graphql = type_, prefix, graphql
        self.internal = prefix

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        words = f"column type {self.internal} is not supported for changing the column value"
        raise RefusedError(words, "unsupportedColumnType")

    def simple(self, text: str, column: "Column", pen: Pen) -> Any:
        return self.write(text, column, pen)


def refuse() -> RefusedError:
    return RefusedError(SEE_DOCUMENTATION)


def only_keys(
    value: Any, required: set[str], optional: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """A JSON object with exactly these keys; monday names the bad or missing key."""
    if not isinstance(value, dict):
        raise refuse()
    missing = required - value.keys()
    unknown = value.keys() - required - optional
    if missing:
        raise RefusedError(
            f"invalid value: missing key {', '.join(sorted(missing))}. {SEE_DOCUMENTATION}"
        )
    if unknown:
        raise RefusedError(
            f"invalid value: unknown key {', '.join(sorted(unknown))}. {SEE_DOCUMENTATION}"
        )
    return value

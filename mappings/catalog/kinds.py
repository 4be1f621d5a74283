"""What the catalogue is made of: kinds of value, fields, lines and entities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

Value = str | Decimal | int | bool | date | datetime | None
Payload = dict[str, Any]

VISMA_KEY = "visma_key"  # the one field that render fills, not the payload
COMPANY_CURRENCY = "company"  # a unit that is no path: the company's own currency


class Kind(StrEnum):
    """What a value means, which decides the columns it fits and the transforms it takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    RATE = "rate"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    COUNTRY = "country"


@dataclass(frozen=True)
class Field:
    """One thing a record can tell.

    ``path`` is Visma's own (``supplier.name``), or a snake_case name when ``compute`` makes the
    value from the paths in ``reads``. ``unit`` is the path of the field that holds the currency,
    the unit of measure or, for phone numbers, the country; or `COMPANY_CURRENCY`.
    ``choices`` are the values known today: Visma may send others, and they pass as they are.
    """

    path: str
    label: str
    kind: Kind
    help: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    compute: Callable[[Payload], Value] | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lines:
    """The lines inside a record: ``invoiceLines.0.poNumber`` is the first line's PO number."""

    path: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Entity:
    """A kind of Visma record on offer.

    ``number`` to ``branch`` are paths of fields for showing and filtering a record; "" where the
    entity has no such thing. ``number_of_party`` is the supplier's or customer's number.
    """

    name: str
    label: str
    plural: str
    fields: tuple[Field, ...]
    number: str
    item_name: str
    help: str = ""
    party: str = ""
    number_of_party: str = ""
    amount: str = ""
    currency: str = ""
    status: str = ""
    date: str = ""
    document_type: str = ""
    branch: str = ""
    lines: Lines | None = None
    attributes: bool = False  # Visma's own free attributes, reached as attributes.<id>

    @cached_property
    def by_path(self) -> Mapping[str, Field]:
        return {field.path: field for field in self.fields}

    def field(self, path: str) -> Field | None:
        """The field of that path; lines and attributes are reached by index and id."""
        return self.by_path.get(path) or self._line_field(path) or self._attribute(path)

    def _line_field(self, path: str) -> Field | None:
        if self.lines is None or not path.startswith(self.lines.path + "."):
            return None
        position, _, rest = path[len(self.lines.path) + 1 :].partition(".")
        known = next((field for field in self.lines.fields if field.path == rest), None)
        if known is None or not (position.isascii() and position.isdigit()):
            return None
        label = f"{self.lines.label} {int(position) + 1}: {known.label}"
        return Field(path, label, known.kind, known.help, known.unit, known.choices)

    def _attribute(self, path: str) -> Field | None:
        name = path.removeprefix("attributes.")
        if not self.attributes or name == path or not name:
            return None
        return Field(path, f"Attribute {name}", Kind.TEXT, "An attribute of your own in Visma.")

"""A Python value as the JSON that monday takes for one column."""

from collections.abc import Callable
from functools import partial
from typing import Any

from mappings.catalog import Value
from mappings.columns import contact, ids, plain
from mappings.columns.column import CellProblem, Column
from mappings.columns.labels import dropdown_encoder, status_encoder

Cell = Any  # JSON-able: what stands under the column's id in column_values
Encoder = Callable[[Any, str], Cell]  # (value, country of the record) -> cell
_Maker = Callable[[Column, bool], Encoder]


def encode(column: Column, value: Any, *, create_labels: bool = False, country: str = "") -> Cell:
    """The cell for one value; None clears it. Raises `CellProblem`.

    ``country`` (ISO code) is where a phone number without a country belongs.
    """
    return encoder(column, create_labels=create_labels)(value, country)


def encoder(column: Column, *, create_labels: bool = False) -> Encoder:
    """`encode` for many values: the column's settings are read once."""
    maker = _MAKERS.get(column.type)
    if maker is None:
        raise CellProblem(
            "column_read_only",
            f"monday fills column “{column.title}” ({column.type}) by itself.",
            "Pair the field with a column people can type into.",
        )
    write = maker(column, create_labels)
    empty: Cell = {} if column.type == "week" else None  # a week takes no null

    def encode_cell(value: Any, country: str = "") -> Cell:
        if value:
            return write(value, country)
        return empty if value is None or value in ("", ()) else write(value, country)

    return encode_cell


def _by_value(write: Callable[[Column, Any], Cell]) -> _Maker:
    def make(column: Column, create_labels: bool) -> Encoder:
        return lambda value, country: write(column, value)

    return make


def _status(column: Column, create_labels: bool) -> Encoder:
    find = status_encoder(column, create_labels)

    def write(value: Value, country: str) -> Cell:
        text = plain.label_text(value)
        return find(text) if text else None

    return write


def _dropdown(column: Column, create_labels: bool) -> Encoder:
    find = dropdown_encoder(column, create_labels)

    def write(value: Any, country: str) -> Cell:
        many = value if isinstance(value, list | tuple) else [value]
        texts = list(dict.fromkeys(filter(None, map(plain.label_text, many))))
        return find(texts) if texts else None

    return write


def _phone(column: Column, create_labels: bool) -> Encoder:
    return partial(contact.phone, column)


_MAKERS: dict[str, _Maker] = {
    "name": _by_value(plain.name),
    "text": _by_value(plain.text),
    "long_text": _by_value(plain.long_text),
    "numbers": _by_value(plain.number),
    "date": _by_value(plain.day),
    "timeline": _by_value(plain.timeline),
    "week": _by_value(plain.week),
    "hour": _by_value(plain.hour),
    "checkbox": _by_value(plain.checkbox),
    "rating": _by_value(plain.rating),
    "status": _status,
    "dropdown": _dropdown,
    "link": _by_value(contact.link),
    "email": _by_value(contact.email),
    "phone": _phone,
    "country": _by_value(contact.country),
    "people": _by_value(ids.people),
    "tags": _by_value(ids.tags),
    "board_relation": _by_value(ids.relation),
}

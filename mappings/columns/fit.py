"""Which kind of value fits which type of column, how well, and why."""

from dataclasses import dataclass

from mappings.catalog import Kind
from mappings.columns.column import Column


@dataclass(frozen=True)
class Fit:
    """``strength`` 0 to 100; ``ok`` False means the pair cannot work whatever the value."""

    ok: bool
    strength: int
    reason: str


_WORDS = (Kind.TEXT, Kind.CODE, Kind.LONG_TEXT)
_NUMBERS = (Kind.AMOUNT, Kind.QUANTITY, Kind.RATE, Kind.INTEGER)

_SAME = "the column is made for this kind of value"
_AS_TEXT = "it arrives as text, so the board cannot add it up or sort it by size"
_PLAIN = "plain text"
_ZEROS = "works only while every value is a plain number without leading zeros"
_LABELS = "each value becomes a label"
_TIME = "the day arrives, the time of day does not"
_ADDRESS = "works only while every value is such an address"
_IDS = "works only where a “map” transform gives monday's own ids"

_FITS: dict[str, dict[Kind, tuple[int, str]]] = {
    "name": {
        **dict.fromkeys(Kind, (30, _PLAIN)),
        **dict.fromkeys(_WORDS, (90, _PLAIN)),
        Kind.CHOICE: (50, _PLAIN),
    },
    "text": {
        **dict.fromkeys(Kind, (70, _PLAIN)),
        **dict.fromkeys(_WORDS, (100, _SAME)),
        **dict.fromkeys(_NUMBERS, (45, _AS_TEXT)),
        Kind.LONG_TEXT: (70, "long texts are cut"),
        Kind.DATE: (40, "it arrives as text such as 2026-07-14"),
        Kind.DATETIME: (40, "it arrives as text such as 2026-07-14 08:11:02"),
        Kind.BOOLEAN: (40, "it arrives as Yes or No"),
    },
    "long_text": {
        **dict.fromkeys(Kind, (30, _PLAIN)),
        Kind.LONG_TEXT: (100, _SAME),
        Kind.TEXT: (90, _PLAIN),
        Kind.CODE: (40, _PLAIN),
    },
    "numbers": {
        **dict.fromkeys(_NUMBERS, (100, _SAME)),
        Kind.CODE: (35, _ZEROS),
        Kind.TEXT: (10, _ZEROS),
        Kind.CHOICE: (5, "works only where a “map” transform gives numbers"),
    },
    "date": {Kind.DATE: (100, _SAME), Kind.DATETIME: (85, _TIME)},
    "status": {
        Kind.CHOICE: (100, _LABELS),
        Kind.BOOLEAN: (60, "Yes and No become labels"),
        Kind.CODE: (40, _LABELS),
        Kind.TEXT: (30, _LABELS),
        Kind.COUNTRY: (40, _LABELS),
        Kind.INTEGER: (10, _LABELS),
    },
    "dropdown": {
        Kind.CHOICE: (95, _LABELS),
        Kind.CODE: (75, _LABELS),
        Kind.TEXT: (70, _LABELS),
        Kind.COUNTRY: (75, _LABELS),
        Kind.BOOLEAN: (50, "Yes and No become labels"),
        Kind.INTEGER: (30, _LABELS),
    },
    "checkbox": {Kind.BOOLEAN: (100, _SAME)},
    "link": {Kind.URL: (100, _SAME), Kind.TEXT: (10, _ADDRESS), Kind.CODE: (5, _ADDRESS)},
    "email": {Kind.EMAIL: (100, _SAME), Kind.TEXT: (10, _ADDRESS)},
    "phone": {Kind.PHONE: (100, _SAME), Kind.TEXT: (10, "works only for phone numbers")},
    "country": {Kind.COUNTRY: (100, _SAME), Kind.CODE: (10, "works only for country codes")},
    "people": {Kind.TEXT: (5, _IDS), Kind.CODE: (5, _IDS), Kind.CHOICE: (5, _IDS)},
    "timeline": {Kind.DATE: (25, "a single day, from and to alike")},
    "board_relation": {
        Kind.CODE: (20, "needs a link to another mapping"),
        Kind.TEXT: (10, "needs a link to another mapping"),
    },
    "hour": {Kind.DATETIME: (40, "the time of day arrives, the day does not")},
    "week": {Kind.DATE: (40, "the week of that day"), Kind.DATETIME: (35, "the week of that day")},
    "rating": {Kind.INTEGER: (30, "numbers from 0 to 5"), Kind.CHOICE: (5, _IDS)},
    "tags": {Kind.CHOICE: (5, _IDS), Kind.INTEGER: (5, _IDS)},
}

WRITABLE = frozenset(_FITS)


def fits(kind: Kind, column: Column) -> Fit:
    by_kind = _FITS.get(column.type)
    if by_kind is None:
        return Fit(False, 0, f"monday fills “{column.title}” by itself; nothing can be written")
    found = by_kind.get(kind)
    if found is None:
        return Fit(False, 0, f"a {column.type} column cannot hold {WORDS[kind]}")
    return Fit(True, *found)


WORDS = {
    Kind.TEXT: "a text",
    Kind.LONG_TEXT: "a long text",
    Kind.CODE: "a number or code of a document",
    Kind.AMOUNT: "an amount",
    Kind.QUANTITY: "a quantity",
    Kind.RATE: "a rate",
    Kind.INTEGER: "a whole number",
    Kind.DATE: "a date",
    Kind.DATETIME: "a date with a time",
    Kind.BOOLEAN: "yes or no",
    Kind.CHOICE: "a status or type",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
    Kind.URL: "a web address",
    Kind.COUNTRY: "a country",
}

"""Fields that are made from several others, shared by the entities."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mappings.catalog.kinds import Field, Kind, Payload, Value
from mappings.catalog.values import add_up, follow, number_or_none

KEY_FIELD = Field(
    "visma_key",
    "Visma key",
    Kind.CODE,
    "Company, kind of record and number in one text. It is what tells records apart on the board.",
)


def lines_of(payload: Payload, path: str) -> list[dict[str, Any]]:
    lines = payload.get(path)
    return [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []


def all_of(path: str, name: str, field: Field) -> Field:
    """The different values of one line field, in line order, comma between."""
    steps = tuple(name.split("."))

    def collect(payload: Payload) -> str | None:
        found = (follow(line, steps) for line in lines_of(payload, path))
        return ", ".join(dict.fromkeys(str(each).strip() for each in found if each)) or None

    return _made(field, collect, (path, name), field.help or "Every one the lines name.")


def first_of(path: str, name: str, field: Field) -> Field:
    """The first line's value that is not empty."""
    steps = tuple(name.split("."))

    def find(payload: Payload) -> str | None:
        found = (follow(line, steps) for line in lines_of(payload, path))
        return next((str(each).strip() for each in found if each), None)

    return _made(field, find, (path, name), field.help or "From the first line that has one.")


def sum_of(path: str, name: str, field: Field) -> Field:
    """The exact sum of one line field; empty when no line has it."""

    def total(payload: Payload) -> Decimal | None:
        found = [number_or_none(line.get(name)) for line in lines_of(payload, path)]
        numbers = [each for each in found if each is not None]
        return add_up(numbers) if numbers else None

    return _made(field, total, (path, name), field.help)


def count_of(path: str) -> Field:
    return Field(
        "line_count",
        "Number of lines",
        Kind.INTEGER,
        compute=lambda payload: len(lines_of(payload, path)),
        reads=(path,),
    )


def summary_of(
    path: str, *, quantity: str, texts: Sequence[str], amount: str, unit: str = "uom"
) -> Field:
    """One row of text per document line: ``2 STK MACBL661 Chair, blue: 1200.50``."""
    words = [tuple(each.split(".")) for each in texts]

    def one_row(line: dict[str, Any]) -> str:
        # An item may be described by its own number, which is said once.
        told = dict.fromkeys(str(each).strip() for w in words if (each := follow(line, w)))
        found = [digits(line.get(quantity)), line.get(unit), *told]
        text = " ".join(str(each).strip() for each in found if each)
        total = digits(line.get(amount))
        return f"{text}: {total}" if text and total else text or total

    help = "Quantity, item, text and amount, a row for each line. In the currency of the document."
    return rows_of(path, one_row, (quantity, unit, *texts, amount), help)


def rows_of(
    path: str, one_row: Callable[[dict[str, Any]], str], reads: Sequence[str], help: str
) -> Field:
    """One row of text per line, in the lines' own order."""

    def describe(payload: Payload) -> str | None:
        return "\n".join(filter(None, map(one_row, lines_of(payload, path)))) or None

    return Field(
        "lines_summary",
        "Lines",
        Kind.LONG_TEXT,
        help,
        compute=describe,
        reads=tuple(f"{path}.0.{name}" for name in reads),
    )


def _made(
    field: Field, compute: Callable[[Payload], Value], read: tuple[str, str], help: str
) -> Field:
    return replace(field, compute=compute, reads=(f"{read[0]}.0.{read[1]}",), help=help)


def digits(raw: Any) -> str:
    """A quantity or an amount without the zeros that only pad it."""
    number = number_or_none(raw)
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

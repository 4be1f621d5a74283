"""A mapping as a CSV table: uploaded with every error placed, downloaded safe for spreadsheets."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mappings.catalog import Entity, Field
from mappings.columns import Column, fits
from mappings.problems import Refusal
from mappings.render import Pair
from mappings.suggest.titles import flat
from mappings.transforms import kind_after

HEADINGS = ("field", "column", "transform")
_INFO = ("field label", "column title")  # for people; ignored on the way in
_LONGEST = 2_000_000  # characters; a board has a few hundred columns at most

# A cell that starts with one of these is a formula to a spreadsheet; full-width forms count too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True)
class TableError:
    """``row`` counts as a spreadsheet does, the headings being row 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, column “{self.column}”: {self.message}"


@dataclass(frozen=True)
class TableMatch:
    """Use ``pairs`` only when there are no ``errors``."""

    pairs: tuple[Pair, ...]
    errors: tuple[TableError, ...] = ()


class _Broken(Exception):
    def __init__(self, row: int) -> None:
        super().__init__("From here on this is no table: a cell is too long.")
        self.row = row


class _RowError(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def match_by_table(csv_text: str, entity: Entity, columns: Sequence[Column]) -> TableMatch:
    """Reads ``field,column,transform``; comma, semicolon or tab between; every error is named.

    A field is given by path or label, a column by id or title.
    """
    if len(csv_text) > _LONGEST:
        return TableMatch((), (TableError(1, "field", "The file is too large for a mapping."),))
    try:
        rows = _rows(csv_text)
    except _Broken as broken:
        return TableMatch((), (TableError(broken.row, "field", str(broken)),))
    missing = [name for name in HEADINGS[:2] if not rows or name not in rows[0][1]]
    if missing:
        words = f"The first row must name the columns {', '.join(HEADINGS)}."
        return TableMatch((), tuple(TableError(1, name, words) for name in missing))
    return _read(rows, entity, columns)


def _read(
    rows: list[tuple[int, dict[str, str]]], entity: Entity, columns: Sequence[Column]
) -> TableMatch:
    pairs: dict[str, Pair] = {}
    errors: list[TableError] = []
    for number, row in rows[1:]:
        try:
            pair = _pair(row, entity, columns)
            _refuse_twice(pair, pairs)
            pairs[pair.column_id] = pair
        except _RowError as error:
            errors.append(TableError(number, error.column, error.message))
    if not pairs and not errors:
        errors.append(TableError(2, "field", "The table holds no pair."))
    return TableMatch(tuple(pairs.values()), tuple(errors))


def _rows(csv_text: str) -> list[tuple[int, dict[str, str]]]:
    """Row numbers and cells by heading; the first entry is the heading row itself."""
    text = csv_text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    headings: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            headings = headings or [cell.strip().casefold() for cell in cells]
            values = {name: _plain(cell) for name, cell in zip(headings, cells, strict=False)}
            if any(values.values()):
                rows.append((number, values))
    except csv.Error:
        raise _Broken(number + 1) from None
    return rows


def _pair(row: Mapping[str, str], entity: Entity, columns: Sequence[Column]) -> Pair:
    field = _field(row.get("field", ""), entity)
    column = _column(row.get("column", ""), columns)
    transform = row.get("transform", "")
    try:
        fit = fits(kind_after(transform, field.kind), column)
    except Refusal as refusal:
        raise _RowError("transform", f"{refusal.message} {refusal.remedy}") from None
    if not fit.ok:
        raise _RowError("column", f"{field.label} cannot go into “{column.title}”: {fit.reason}.")
    return Pair(field.path, column.id, transform)


def _field(given: str, entity: Entity) -> Field:
    if not given:
        raise _RowError("field", "A field is missing.")
    named = [each for each in entity.fields if flat(each.label) == flat(given)]
    found = entity.field(given) or next(iter(named), None)
    if found is None:
        raise _RowError("field", f"{entity.plural} have no field “{given}”.")
    return found


def _column(given: str, columns: Sequence[Column]) -> Column:
    if not given:
        raise _RowError("column", "A column is missing.")
    by_id = [each for each in columns if each.id == given]
    found = by_id or [each for each in columns if each.title.strip() == given]
    if not found:
        raise _RowError("column", f"The board has no column “{given}”.")
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        raise _RowError("column", f"Several columns are called “{given}”; give the id: {ids}.")
    return found[0]


def _refuse_twice(pair: Pair, pairs: Mapping[str, Pair]) -> None:
    taken = pairs.get(pair.column_id)
    if taken is not None:
        raise _RowError("column", f"This column is already filled from {taken.field}.")


def table_csv(pairs: Sequence[Pair], entity: Entity, columns: Mapping[str, Column]) -> str:
    """The same table for download; what a spreadsheet would take for a formula is defused."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow((*HEADINGS, *_INFO))
    for pair in pairs:
        field, column = entity.field(pair.field), columns.get(pair.column_id)
        labels = (field.label if field else "", column.title if column else "")
        writer.writerow(map(_defused, (pair.field, pair.column_id, pair.transform, *labels)))
    return out.getvalue()


def _defused(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    """A cell as it was before `_defused`; outer spaces belong to nobody."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text

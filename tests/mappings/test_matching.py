"""Pairs by name, by position and by table, and the table for download."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.catalog import ENTITIES
from mappings.columns import Column
from mappings.matching import match_by_name, match_by_position
from mappings.render import Pair
from mappings.table import match_by_table, table_csv

INVOICE = ENTITIES["supplier_invoice"]
COLUMNS = [
    Column("name", "Name", "name"),
    Column("c1", "due-date", "date"),
    Column("c2", "Supplier name", "text"),
    Column("c3", "Balance", "numbers"),
    Column("c4", "Whatever", "text"),
    Column("c5", "Formula", "formula"),
    Column("c6", "Whatever", "text"),
]
BY_ID = {each.id: each for each in COLUMNS}


def fields(*paths: str) -> list[object]:
    return [INVOICE.by_path[path] for path in paths]


def test_columns_called_like_a_field_are_matched_by_name_only() -> None:
    match = match_by_name(INVOICE, COLUMNS)

    assert match.pairs == (
        Pair("dueDate", "c1"),
        Pair("supplier.name", "c2"),
        Pair("balance", "c3"),
    )
    assert match.notes == ("No field is called “Whatever”.",) * 2


def test_a_name_of_the_wrong_type_is_noted_not_paired() -> None:
    match = match_by_name(INVOICE, [Column("c", "Due date", "checkbox")])

    assert match.pairs == ()
    assert "cannot go into “Due date”" in match.notes[0]


def test_by_position_the_first_field_takes_the_first_column_that_can_be_filled() -> None:
    chosen = [INVOICE.by_path[path] for path in ("dueDate", "supplier.name", "balance")]

    match = match_by_position(chosen, COLUMNS[:4])

    assert [pair.column_id for pair in match.pairs] == ["c1", "c2", "c3"]
    assert match.notes == ()


def test_by_position_a_misfit_is_reported_and_moves_nobody() -> None:
    chosen = [INVOICE.by_path[path] for path in ("status", "supplier.name", "balance", "date")]

    match = match_by_position(chosen, COLUMNS[:4])

    assert [pair.column_id for pair in match.pairs] == ["c2", "c3"]
    assert match.notes == (
        "Status cannot go into “due-date”: a date column cannot hold a status or type.",
        "No column is left for Invoice date.",
    )


def test_by_position_columns_left_over_are_reported() -> None:
    match = match_by_position([INVOICE.by_path["dueDate"]], COLUMNS[:3])

    assert match.notes == ("No field is left for “Supplier name”.",)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_a_nordic_spreadsheet_puts_between(mark: str) -> None:
    rows = [["Field", "Column", "Transform"], ["dueDate", "c1", ""], ["Balance", "c3", "negate"]]
    text = "\ufeff" + "\r\n".join(mark.join(row) for row in rows)

    match = match_by_table(text, INVOICE, COLUMNS)

    assert match.errors == ()
    assert match.pairs == (Pair("dueDate", "c1"), Pair("balance", "c3", "negate"))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("column\nc1", "Row 1, column “field”: The first row must name the columns"),
        ("field\ndueDate", "Row 1, column “column”: The first row must name the columns"),
        ("field,column\n", "Row 2, column “field”: The table holds no pair."),
        ("field,column\n,c1", "Row 2, column “field”: A field is missing."),
        ("field,column\ndueDate,", "Row 2, column “column”: A column is missing."),
        ("field,column\nnope,c1", "Row 2, column “field”: Supplier invoices have no field “nope”."),
        ("field,column\ndueDate,nope", "Row 2, column “column”: The board has no column “nope”."),
        ("field,column\nnote,Whatever", "Row 2, column “column”: Several columns are called"),
        ("field,column\ndueDate,c3", "Row 2, column “column”: Due date cannot go into"),
        ("field,column\ndueDate,c5", "Row 2, column “column”: Due date cannot go into"),
        ("field,column,transform\ndueDate,c1,zap", "Row 2, column “transform”: There is no"),
        ("field,column\nnote,c2\ndate,c1\ndueDate,c1", "Row 4, column “column”: This column is"),
        ("field,column\n\n\nnope,c1", "Row 4, column “field”: Supplier invoices have no field"),
    ],
)
def test_every_error_of_a_table_names_its_row_and_column(text: str, error: str) -> None:
    errors = [str(each) for each in match_by_table(text, INVOICE, COLUMNS).errors]

    assert len(errors) == 1
    assert errors[0].startswith(error)


def test_a_table_that_breaks_off_is_refused_not_read_in_part() -> None:
    match = match_by_table(f"field,column\nnote,c2\n{'x' * 200_000},c1", INVOICE, COLUMNS)

    assert [str(each) for each in match.errors] == [
        "Row 3, column “field”: From here on this is no table: a cell is too long."
    ]


def test_an_empty_file_and_a_huge_one_are_refused() -> None:
    assert match_by_table("", INVOICE, COLUMNS).errors
    assert match_by_table("x" * 3_000_000, INVOICE, COLUMNS).errors


def test_every_wrong_row_is_named_not_only_the_first() -> None:
    text = "field,column\nnope,c1\ndueDate,nope\nnote,c4"

    match = match_by_table(text, INVOICE, COLUMNS)

    assert [each.row for each in match.errors] == [2, 3]
    assert match.pairs == (Pair("note", "c4"),)


def test_a_table_comes_back_as_it_went_out() -> None:
    pairs = (
        Pair("dueDate", "c1", "add_days:-3"),
        Pair("supplier.name", "c2", "map:a=b;c=d"),
        Pair("note", "c4", "prefix:=cmd"),
    )

    text = table_csv(pairs, INVOICE, BY_ID)

    assert match_by_table(text, INVOICE, COLUMNS).pairs == pairs


@pytest.mark.parametrize("title", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "＝1", " =1"])
def test_no_cell_of_a_downloaded_table_is_a_formula(title: str) -> None:
    columns = {"c1": Column("c1", title, "date")}

    text = table_csv([Pair("dueDate", "c1")], INVOICE, columns)

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ")[:1] in set("=+-@\t\r＝＋－＠") - {""}]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_tables(text: str) -> None:
    match = match_by_table(f"field,column\n{text}", INVOICE, COLUMNS)

    assert all(error.row >= 1 and error.message for error in match.errors)

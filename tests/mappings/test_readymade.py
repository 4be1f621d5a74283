"""Ready-made boards: every column can hold its field, and means it to the suggestions as well."""

import pytest

from mappings import catalog
from mappings.catalog import ENTITIES
from mappings.columns import Column, fits
from mappings.models import FieldPairing
from mappings.readymade import KEY_TITLE, READY, READY_LINES, ReadyBoard, ReadyColumn
from mappings.suggest import suggest
from mappings.transforms import parse

BOARDS = {**READY, **READY_LINES}
EVERY = [(name, column) for name, board in BOARDS.items() for column in board.columns]


@pytest.mark.parametrize(("entity", "column"), EVERY, ids=lambda each: getattr(each, "title", each))
def test_a_column_can_hold_what_its_field_becomes(entity: str, column: ReadyColumn) -> None:
    field = catalog.entity(entity).by_path[column.field]

    kind = parse(column.transform).kind_after(field.kind)

    assert fits(kind, Column("x", column.title, column.type)).ok


@pytest.mark.parametrize("entity", READY)
def test_the_suggestions_read_its_titles_as_they_are_meant(entity: str) -> None:
    """Where Visma has a thing twice, the board shows the document's own currency, and all."""
    twins = {
        "amount": ("amount_in_currency", "amountInCurrency"),
        "balance": ("balanceInCurrency",),
        "po_number": ("po_numbers",),
    }
    columns = READY[entity].columns
    asked = [Column(str(n), c.title, c.type) for n, c in enumerate(columns)]

    found = [each.chosen.field if each.chosen else "" for each in suggest(ENTITIES[entity], asked)]

    meant = [column.field for column in columns]
    agree = [a in (m, "") or m in twins.get(a, ()) for a, m in zip(found, meant, strict=True)]
    assert all(agree), [
        (c.title, f) for c, f, a in zip(columns, found, agree, strict=True) if not a
    ]
    assert found.count("") <= len(columns) // 4


@pytest.mark.parametrize("entity", READY)
def test_titles_are_told_apart_and_the_key_is_last(entity: str) -> None:
    titles = [column.title for column in READY[entity].columns]

    assert len(set(titles)) == len(titles)
    assert titles[-1] == KEY_TITLE


@pytest.mark.parametrize(("entity", "column"), EVERY, ids=lambda each: getattr(each, "title", each))
def test_labels_are_within_what_monday_allows(entity: str, column: ReadyColumn) -> None:
    assert len(column.labels) <= 37
    assert all(0 < len(label) <= 30 for label in column.labels)


@pytest.mark.parametrize("board", BOARDS.values(), ids=lambda board: board.entity)
def test_what_fills_a_column_fits_where_it_is_stored(board: ReadyBoard) -> None:
    for column in board.columns:
        FieldPairing(field=column.field, column_id="x", transform=column.transform).clean_fields(
            exclude=["mapping"]
        )

"""A board is lost for good: a new mapping takes the place of the old one on another board."""

from typing import Any

import pytest

from connector.sandbox.monday import board_acts
from mappings.models import BoardMapping
from tenants.services import connection_needs_person
from tests.connector.wizard.conftest import Setup, content_of

COLUMNS = {"Visma key": "text", "Invoice no": "text", "Due date": "date", "Amount": "text"}


@pytest.fixture
def other(connected: Setup) -> Any:
    """A board with some columns of the same name; one of them is of another type."""
    account = connected.sandbox.monday.account
    board = board_acts.board_create(account, "AP 2027")
    for title, type_ in COLUMNS.items():
        board_acts.column_add(account, board, title, type_=type_)
    return board


def take_over(connected: Setup, old: BoardMapping, other: Any) -> BoardMapping:
    connected.post("boards", old.entity, board=str(other.id), instead=str(old.pk))
    return BoardMapping.objects.get(board_id=str(other.id))


def test_fields_go_to_columns_of_the_same_name_and_type(
    connected: Setup, mapping: BoardMapping, other: Any
) -> None:
    mapping.filter, mapping.on_gone = {"date_from": "2026-01-01"}, "create"
    mapping.save()
    content = content_of(take_over(connected, mapping, other))

    assert [pair.field for pair in content.pairs] == ["referenceNumber", "dueDate"]
    assert {pair.column_id for pair in content.pairs} <= set(other.columns)
    assert content.key_column == other.column_titled("Visma key").id
    assert content.group_id == next(iter(other.groups))
    assert (content.filter, content.on_gone) == ({"date_from": "2026-01-01"}, "create")


def test_the_old_mapping_is_paused_when_the_new_one_goes_live(
    connected: Setup, mapping: BoardMapping, other: Any
) -> None:
    made = take_over(connected, mapping, other)
    connected.post("check", made.pk)
    mapping.refresh_from_db()
    before = mapping.active
    page = connected.post("live", made.pk)

    mapping.refresh_from_db()
    made.refresh_from_db()
    assert (before, mapping.active, made.active) == (True, False, True)
    assert "AP invoices is paused" in page.content.decode()


def test_a_mapping_of_another_workspace_cannot_be_taken_over(
    connected: Setup, mapping: BoardMapping, other: Any, foreign_tenant: Any
) -> None:
    BoardMapping.objects.filter(pk=mapping.pk).update(tenant=foreign_tenant)

    page = connected.get("boards", mapping.entity, instead=str(mapping.pk))

    assert page.status_code == 404


def test_an_account_that_needs_a_person_is_mended_first(
    connected: Setup, mapping: BoardMapping, other: Any
) -> None:
    connection_needs_person(mapping.monday, happened="Refused.", remedy="Renew it.")

    page = connected.get("boards", mapping.entity, monday=str(mapping.monday_id))

    assert (page.status_code, page["Location"]) == (302, "/t/nordlys/setup/")

"""The boards a new account starts with: fit for Visma's records, and awkward on purpose."""

import re

import pytest

from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.visma.resources import INVOICE_STATUSES, ORDER_STATUSES
from tests.sandbox.caller import Caller


def labels(monday: Caller, board: str) -> set[str]:
    column = monday.board(board).column_titled("Status")
    return {label["label"] for label in column.settings["labels"]}


def test_the_boards_have_a_label_for_every_status_visma_knows(monday: Caller) -> None:
    assert set(INVOICE_STATUSES) <= labels(monday, "AP invoices")
    assert set(ORDER_STATUSES) <= labels(monday, "Purchase orders")


@pytest.mark.parametrize("name", ["AP invoices", "Purchase orders", "Suppliers"])
def test_column_ids_say_their_type_and_nothing_of_their_title(monday: Caller, name: str) -> None:
    columns = [column for column in monday.board(name).columns.values() if column.type != "name"]

    assert len(columns) > 10
    for column in columns:
        assert re.fullmatch(kind_of(column.type).prefix + r"_mk[a-z0-9]{6}", column.id)


def test_one_board_is_empty_one_archived_and_one_has_no_text(monday: Caller) -> None:
    boards = {board.name: board for board in monday.server.monday.account.boards.values()}

    assert list(boards["New board"].columns) == ["name"]
    assert boards["AP invoices 2024"].state == "archived"
    assert "text" not in {column.type for column in boards["Payment calendar"].columns.values()}


def test_the_supplier_card_of_an_invoice_leads_to_the_suppliers(monday: Caller) -> None:
    settings = monday.board("AP invoices").column_titled("Supplier card").settings

    assert settings["boardIds"] == [monday.board("Suppliers").id]

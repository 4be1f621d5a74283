"""The pages people use: boards as tables, changes by form, and the front page."""

import html
import re
from typing import Any

import pytest
import requests

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller


class Visitor:
    """A person with a browser and no script: reads pages, sends forms."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server

    def see(self, path: str, status: int = 200) -> str:
        answer = requests.get(self.server.url + path, timeout=10)
        assert answer.status_code == status, answer.text
        return html.unescape(answer.text)

    def send(self, path: str, **fields: str) -> str:
        """The page one lands on."""
        return html.unescape(requests.post(self.server.url + path, data=fields, timeout=10).text)


@pytest.fixture
def visitor(server: SandboxServer) -> Visitor:
    return Visitor(server)


def board_path(monday: Caller, name: str = "AP invoices") -> str:
    return f"/boards/{monday.board(name).id}/"


def act(visitor: Visitor, monday: Caller, **fields: str) -> str:
    path = board_path(monday)
    return visitor.send(path, back=path, **fields)


def test_the_list_names_every_board_and_its_state(visitor: Visitor) -> None:
    page = visitor.see("/boards/")

    for name in ("AP invoices", "Purchase orders", "Suppliers", "New board", "Payment calendar"):
        assert name in page
    assert re.search(r"AP invoices 2024.*?archived", page, re.DOTALL)


def test_a_board_shows_its_items_with_coloured_labels(visitor: Visitor, monday: Caller) -> None:
    monday.made("300101 Ørland", Status={"label": "Open"}, Amount="1250.5000")

    page = visitor.see(board_path(monday))

    assert "300101 Ørland" in page
    assert "1250.5" in page
    assert re.search(r'class="label" style="--shade: #68a1bd[^>]*>Open<', page)


def test_what_people_type_is_shown_and_never_run(visitor: Visitor, monday: Caller) -> None:
    monday.made("<script>alert(1)</script>")

    raw = requests.get(visitor.server.url + board_path(monday), timeout=5).text

    assert "<script>" not in raw
    assert "&lt;script&gt;" in raw


def test_a_status_is_changed_by_two_clicks(visitor: Visitor, monday: Caller) -> None:
    item_id, column = monday.made(Status={"label": "Open"}), monday.column("Status")

    chooser = visitor.see(f"{board_path(monday)}?cell={item_id}.{column}")
    act(visitor, monday, act="status_set", item=item_id, column=column, label="Closed")

    assert 'name="label" value="Closed"' in chooser
    assert monday.cell(item_id, "Status")["label"] == "Closed"


@pytest.mark.parametrize(
    ("title", "typed", "text"),
    [
        ("Amount", "99.50", "99.5"),
        ("Due date", "2026-12-24", "2026-12-24"),
        ("Supplier", "Ørland", "Ørland"),
        ("Currency", "EUR", "EUR"),
        ("Paid", '{"checked": "true"}', "v"),
    ],
)
def test_a_cell_is_edited(
    visitor: Visitor, monday: Caller, title: str, typed: str, text: str
) -> None:
    item_id = monday.made()

    column = monday.column(title)
    act(visitor, monday, act="cell_edit", item=item_id, column=column, value=typed)

    assert monday.cell(item_id, title)["text"] == text


def test_a_value_the_column_cannot_hold_is_explained(visitor: Visitor, monday: Caller) -> None:
    item_id = monday.made()

    page = act(
        visitor, monday, act="cell_edit", item=item_id, column=monday.column("Amount"), value="much"
    )

    assert 'role="alert">invalid value' in page


def test_columns_and_labels_are_changed_from_the_column_panel(
    visitor: Visitor, monday: Caller
) -> None:
    column = monday.column("Status")

    act(visitor, monday, act="label_remove", column=column, label="Open")
    panel = visitor.see(f"{board_path(monday)}?column={column}")
    removed = monday.create(Status={"label": "Open"}).reason
    act(visitor, monday, act="label_restore", column=column, label="Open")
    act(visitor, monday, act="column_rename", column=column, title="Visma status")

    assert "Put back" in panel
    assert removed == "missingLabel"
    assert monday.board().columns[column].title == "Visma status"
    assert monday.create(Visma_status={"label": "Open"}).errors == []


def test_items_are_archived_restored_duplicated_and_deleted(
    visitor: Visitor, monday: Caller
) -> None:
    item_id = monday.made("One", Visma_key="K1")

    act(visitor, monday, act="item_archive", item=item_id)
    archived = visitor.see(board_path(monday) + "?state=archived")
    act(visitor, monday, act="item_restore", item=item_id)
    act(visitor, monday, act="item_duplicate", item=item_id)
    act(visitor, monday, act="item_delete", item=item_id)

    key = monday.column("Visma key")
    left = [item for item in monday.board().items.values() if item.state == "active"]
    assert "Restore" in archived
    assert [(item.name, item.cells[key]) for item in left] == [("One (copy)", "K1")]


def test_a_board_is_archived_and_restored(visitor: Visitor, monday: Caller) -> None:
    path = board_path(monday)
    board = monday.board()
    visitor.send(path, back=path, act="board_archive")
    archived = board.state
    visitor.send(path, back=path, act="board_restore")

    assert (archived, board.state) == ("archived", "active")


def test_a_big_board_comes_in_pages_and_can_be_searched(visitor: Visitor, monday: Caller) -> None:
    for number in range(55):
        monday.made(f"Invoice {number:03}", Visma_key=f"K{number:03}")

    first, second = visitor.see(board_path(monday)), visitor.see(board_path(monday) + "?page=2")
    found = visitor.see(board_path(monday) + "?find=k007")

    assert "Invoice 054" in first
    assert "Invoice 000" not in first
    assert "Invoice 000" in second
    assert re.findall(r"Invoice \d{3}", found)[0] == "Invoice 007"


@pytest.mark.parametrize("path", ["/boards/1/", "/boards/x/", "/elsewhere", "/boards/1/2"])
def test_a_page_that_is_not_there_says_so(visitor: Visitor, path: str) -> None:
    assert "Nothing is here" in visitor.see(path, status=404)


def test_the_front_page_shows_what_to_paste(visitor: Visitor) -> None:
    page = visitor.see("/")

    shown: list[Any] = [
        world.VISMA_CLIENT_ID, world.VISMA_CLIENT_SECRET, world.VISMA_COMPANY_TENANT_ID,
        world.VISMA_COMPANY_ID, world.MONDAY_TOKEN, world.MONDAY_VIEWER_TOKEN,
    ]  # fmt: skip
    assert [value for value in shown if value not in page] == []


def test_a_fault_button_makes_the_next_call_fail_and_can_be_taken_back(
    visitor: Visitor, monday: Caller
) -> None:
    page = visitor.send("/", button="half_batch")
    visitor.send("/", button="clear")

    assert "partial on" in page
    assert visitor.server.faults.active() == []


def test_the_token_is_revoked_and_allowed_by_a_button(visitor: Visitor, monday: Caller) -> None:
    visitor.send("/", button="revoke")
    revoked = monday.ask("{me{id}}").status
    visitor.send("/", button="allow")

    assert (revoked, monday.ask("{me{id}}").status) == (401, 200)

"""Subitems: on a hidden board of their own, under an item, and with it to the end."""

from typing import Any

import pytest

from connector.sandbox.monday.state import Board
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Answer, Caller

CREATE = (
    "mutation($p:ID!,$n:String!,$c:JSON){a0:create_subitem(parent_item_id:$p,item_name:$n,"
    "column_values:$c){id name board{id name type} parent_item{id}}}"
)


def add(monday: Caller, parent: object, name: str = "Line 1", cells: str | None = None) -> Answer:
    return monday.ask(CREATE, {"p": str(parent), "n": name, "c": cells})


def hidden(server: SandboxServer, monday: Caller) -> Board:
    number = monday.board().subitems_board_id()
    assert number is not None
    return server.monday.account.boards[number]


def test_the_first_subitem_brings_the_board_and_the_column_that_leads_to_it(
    server: SandboxServer, monday: Caller
) -> None:
    parent = monday.made("Invoice")

    made = add(monday, parent).data["a0"]

    column = next(c for c in monday.board().columns.values() if c.type == "subtasks")
    assert made["board"]["type"] == "sub_items_board"
    assert made["board"]["name"] == f"Subitems of {monday.board().name}"
    assert column.settings["boardIds"] == [int(made["board"]["id"])]
    assert made["parent_item"]["id"] == parent
    assert hidden(server, monday).parent_id == monday.board().id


def test_the_column_of_subitems_can_be_made_before_and_only_once(
    server: SandboxServer, monday: Caller
) -> None:
    text = (
        'mutation($b:ID!){create_column(board_id:$b,title:"Lines",column_type:subtasks)'
        "{id settings}}"
    )
    made = monday.ask(text, {"b": monday.board().id}).data["create_column"]
    again = monday.ask(text, {"b": monday.board().id})

    assert made["settings"]["boardIds"] == [hidden(server, monday).id]
    assert again.error == "InvalidArgumentException"


def test_subitems_have_columns_of_their_own_board(server: SandboxServer, monday: Caller) -> None:
    parent = monday.made("Invoice")
    add(monday, parent)
    date = hidden(server, monday).column_titled("Date").id

    good = add(monday, parent, "Line 2", f'{{"{date}": {{"date": "2026-11-20"}}}}')
    of_the_parent = monday.board().column_titled("Amount").id if has_amount(monday) else "nope"
    bad = add(monday, parent, "Line 3", f'{{"{of_the_parent}": "1"}}')

    assert good.errors == []
    assert bad.errors


def has_amount(monday: Caller) -> bool:
    return any(column.title == "Amount" for column in monday.board().columns.values())


@pytest.mark.parametrize(
    ("act", "state"), [("archive_item", "archived"), ("delete_item", "deleted")]
)
def test_what_is_put_away_takes_its_subitems_along(
    server: SandboxServer, monday: Caller, act: str, state: str
) -> None:
    parent = monday.made("Invoice")
    child = int(add(monday, parent).data["a0"]["id"])

    monday.ask(f"mutation{{{act}(item_id:{parent}){{id}}}}", {})
    late = add(monday, parent, "Too late")

    assert hidden(server, monday).items[child].state == state
    assert late.errors


@pytest.mark.parametrize(
    "text",
    [
        'mutation($b:ID!){create_item(board_id:$b,item_name:"x"){id}}',
        'mutation($b:ID!){create_webhook(board_id:$b,url:"http://127.0.0.1:1/",event:create_item)'
        "{id}}",
    ],
)
def test_a_board_of_subitems_takes_no_items_and_no_webhooks(
    server: SandboxServer, monday: Caller, text: str
) -> None:
    add(monday, monday.made("Invoice"))

    refused = monday.ask(text, {"b": hidden(server, monday).id})

    assert refused.error == "InvalidArgumentException"


def test_subitems_are_kept_in_the_state_file(server: SandboxServer, monday: Caller) -> None:
    parent = monday.made("Invoice")
    child = int(add(monday, parent).data["a0"]["id"])
    account: Any = server.monday.account

    account.load(account.dump())

    assert account.item(child).parent_id == int(parent)
    assert hidden(server, monday).parent_id == monday.board().id

"""Mutations on items, alone and in batches, with the errors people run into."""

from typing import Any

import pytest

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller, create_batch


def do(monday: Caller, field: str, **variables: Any) -> Any:
    """A mutation whose arguments are JSON-like: ``do(monday, 'archive_item(item_id:1){id}')``."""
    return monday.ask(f"mutation{{{field}}}", variables)


def test_the_aliases_of_a_batch_succeed_and_fail_alone(monday: Caller) -> None:
    names = {"n0": "First", "n1": "", "n2": "Third"}

    answer = monday.ask(create_batch(3), {"b": monday.board().id, **names})

    assert answer.data["a0"]["id"]
    assert answer.data["a1"] is None
    assert answer.data["a2"]["id"]
    assert [error["path"] for error in answer.errors] == [["a1"]]
    assert [item.name for item in monday.board().items.values()] == ["First", "Third"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "InvalidArgumentException"), ("   ", "InvalidArgumentException"), ("x" * 255, ""),
     ("x" * 256, "ItemNameTooLongException")],
)  # fmt: skip
def test_an_item_name_has_1_to_255_characters(monday: Caller, name: str, code: str) -> None:
    assert monday.create(name).error == code


def test_an_item_is_renamed_through_its_column_values(monday: Caller) -> None:
    item_id = monday.made("Before")

    monday.change(item_id, name="After")

    assert monday.read(item_id)["name"] == "After"


def test_a_full_board_takes_no_more_items(server: SandboxServer, monday: Caller) -> None:
    server.monday.act(act="board_limit", board="AP invoices", items="2")
    first = monday.made("One")
    monday.made("Two")

    refused = monday.create("Three")
    do(monday, f"archive_item(item_id:{first}){{id}}")
    after = monday.create("Three")

    assert refused.error == "ItemsLimitationException"
    assert after.errors == []


@pytest.mark.parametrize("act", ["item_archive", "item_delete"])
def test_an_item_that_people_put_away_cannot_be_written(
    server: SandboxServer, monday: Caller, act: str
) -> None:
    item_id = monday.made()
    server.monday.act(act=act, board="AP invoices", item=item_id)

    assert monday.change(item_id, Supplier="x").error == "ResourceNotFoundException"


def test_an_archived_board_is_gone_for_writes_and_reads(
    server: SandboxServer, monday: Caller
) -> None:
    item_id, board = monday.made(), monday.board().id
    server.monday.act(act="board_archive", board="AP invoices")

    create = do(monday, f'create_item(board_id:{board},item_name:"x"){{id}}')
    change = do(
        monday,
        f"change_multiple_column_values(board_id:{board},item_id:{item_id},"
        'column_values:"{}"){id}',
    )
    read = monday.ask("query($b:[ID!]){boards(ids:$b){id}}", {"b": [board]})

    assert create.error == change.error == "InvalidBoardIdException"
    assert read.data["boards"] == []


def test_an_item_moves_to_another_group_and_not_to_one_that_is_missing(monday: Caller) -> None:
    item_id = monday.made()
    group = list(monday.board().groups)[1]

    moved = do(monday, f'move_item_to_group(item_id:{item_id},group_id:"{group}"){{group{{id}}}}')
    missing = do(monday, f'move_item_to_group(item_id:{item_id},group_id:"none"){{id}}')

    assert moved.data["move_item_to_group"] == {"group": {"id": group}}
    assert missing.error == "ResourceNotFoundException"


def test_an_update_is_a_comment_on_the_item(monday: Caller) -> None:
    item_id = monday.made()

    do(monday, f'create_update(item_id:{item_id},body:"Receipt 000210 released"){{id}}')

    found = monday.ask("query($i:[ID!]){items(ids:$i){updates{body}}}", {"i": [item_id]})
    assert found.data["items"][0]["updates"] == [{"body": "Receipt 000210 released"}]


def test_an_argument_the_sandbox_would_ignore_is_refused(monday: Caller) -> None:
    board = monday.board().id

    answer = do(monday, f'create_item(board_id:{board},item_name:"x",relative_to:1){{id}}')

    assert answer.error == "GRAPHQL_VALIDATION_FAILED"

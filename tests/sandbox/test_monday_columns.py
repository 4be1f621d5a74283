"""Mutations on boards, columns and labels, with the errors people run into."""

import json
from typing import Any

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller


def do(monday: Caller, field: str, **variables: Any) -> Any:
    """A mutation whose arguments are JSON-like: ``do(monday, 'archive_item(item_id:1){id}')``."""
    return monday.ask(f"mutation{{{field}}}", variables)


def columns(monday: Caller, board: str = "AP invoices") -> dict[str, Any]:
    text = "query($b:[ID!]){boards(ids:$b){columns{id title type settings revision}}}"
    answer = monday.ask(text, {"b": [monday.board(board).id]})
    return {column["title"]: column for column in answer.data["boards"][0]["columns"]}


def test_a_board_is_made_empty_or_with_samples(monday: Caller) -> None:
    empty = do(monday, 'create_board(board_name:"E",board_kind:private,empty:true){id items_count}')
    full = do(monday, 'create_board(board_name:"F",board_kind:private){id items_count}')

    assert empty.data["create_board"]["items_count"] == 0
    assert full.data["create_board"]["items_count"] == 2


def test_a_new_column_gets_an_id_that_says_nothing_of_its_title(monday: Caller) -> None:
    board = monday.board().id

    made = do(
        monday, f'create_column(board_id:{board},title:"Amount due",column_type:numbers){{id}}'
    )

    column_id = made.data["create_column"]["id"]
    assert column_id.startswith("numeric_mk")
    assert "amount" not in column_id


def test_a_column_id_of_ones_own_is_never_given_twice(monday: Caller) -> None:
    board = monday.board().id
    field = f'create_column(board_id:{board},title:"Key",column_type:text,id:"visma_key"){{id}}'
    first = do(monday, field)
    do(monday, f'delete_column(board_id:{board},column_id:"visma_key"){{id}}')

    second = do(monday, field)

    assert first.data["create_column"] == {"id": "visma_key"}
    assert second.error == "InvalidArgumentException"


def test_a_deleted_column_takes_its_values_along(monday: Caller) -> None:
    item_id, column = monday.made(Supplier="Ørland"), monday.column("Supplier")

    do(monday, f'delete_column(board_id:{monday.board().id},column_id:"{column}"){{id}}')

    assert column not in [value["id"] for value in monday.read(item_id)["column_values"]]
    assert "Supplier" not in columns(monday)


def test_a_column_is_placed_after_the_one_that_was_named(monday: Caller) -> None:
    board, first = monday.board().id, monday.column("Visma key")

    do(
        monday,
        f'create_column(board_id:{board},title:"Second",column_type:text,after_column_id:"{first}")'
        "{id}",
    )

    assert list(columns(monday))[:3] == ["Name", "Visma key", "Second"]


def test_a_retyped_column_keeps_its_id_and_loses_its_values(
    server: SandboxServer, monday: Caller
) -> None:
    item_id, column = monday.made(Amount="12.5"), monday.column("Amount")

    server.monday.act(act="column_retype", board="AP invoices", column="Amount", type="text")

    cell = monday.cell(item_id, "Amount")
    assert (cell["id"], cell["type"], cell["value"]) == (column, "text", None)


def test_renaming_a_column_keeps_its_id(monday: Caller) -> None:
    before = monday.column("Supplier")

    do(
        monday,
        f'change_column_title(board_id:{monday.board().id},column_id:"{before}",title:"Vendor"){{id}}',
    )

    assert columns(monday)["Vendor"]["id"] == before


def test_a_status_column_is_made_with_labels_whose_ids_are_colours(monday: Caller) -> None:
    labels = (
        '{label:"Open",color:working_orange,index:0},{label:"Received",color:done_green,index:1}'
    )

    do(
        monday,
        f'create_status_column(board_id:{monday.board().id},title:"Goods",'
        f"defaults:{{labels:[{labels}]}}){{id}}",
    )

    made = columns(monday)["Goods"]["settings"]["labels"]
    assert [(label["label"], label["id"], label["index"]) for label in made] == [
        ("Open", 0, 0),
        ("Received", 1, 1),
    ]


def test_a_label_update_needs_the_current_revision(monday: Caller) -> None:
    column = columns(monday)["Currency"]
    labels = [*column["settings"]["labels"], {"label": "CHF"}]
    text = (
        "mutation($b:ID!,$i:String!,$r:String!,$s:UpdateDropdownColumnSettingsInput)"
        "{update_dropdown_column(board_id:$b,id:$i,revision:$r,settings:$s){settings}}"
    )
    variables = {
        "b": monday.board().id, "i": column["id"], "r": column["revision"], "s": {"labels": labels},
    }  # fmt: skip

    first = monday.ask(text, variables)
    second = monday.ask(text, variables)

    made = first.data["update_dropdown_column"]["settings"]["labels"]
    assert made[-1] == {"id": 7, "label": "CHF", "is_deactivated": False}
    assert second.error == "ColumnRevisionMismatchException"


def test_a_dropdown_update_cannot_drop_two_labels_at_once(monday: Caller) -> None:
    column = columns(monday)["Currency"]
    settings = {"labels": column["settings"]["labels"][2:]}
    text = (
        "mutation($b:ID!,$i:String!,$r:String!,$s:UpdateDropdownColumnSettingsInput)"
        "{update_dropdown_column(board_id:$b,id:$i,revision:$r,settings:$s){id}}"
    )

    answer = monday.ask(
        text,
        {"b": monday.board().id, "i": column["id"], "r": column["revision"], "s": settings},
    )

    assert answer.error == "InvalidArgumentException"


def test_column_defaults_come_as_an_object_or_as_text(monday: Caller) -> None:
    board, linked = monday.board().id, monday.board("Suppliers").id
    settings = {"boardIds": [linked], "allowMultipleItems": True}
    text = (
        'mutation($b:ID!,$d:JSON){create_column(board_id:$b,title:"Link",'
        "column_type:board_relation,defaults:$d){settings}}"
    )

    as_object = monday.ask(text, {"b": board, "d": settings})
    as_text = monday.ask(text, {"b": board, "d": json.dumps(settings)})

    assert as_object.data["create_column"]["settings"] == settings
    assert as_text.data["create_column"]["settings"] == settings

"""Rules of column values that have tripped connectors: zeros, labels, links, whole rejection."""

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller


def test_an_empty_number_becomes_zero_and_is_not_cleared(monday: Caller) -> None:
    item_id = monday.made(Amount="12.5")

    monday.change(item_id, Amount="")

    assert monday.cell(item_id, "Amount")["number"] == 0


def test_an_empty_number_in_the_simple_mutation_does_clear(monday: Caller) -> None:
    item_id = monday.made(Amount="12.5")

    monday.ask(
        "mutation($b:ID!,$i:ID,$c:String!){change_simple_column_value(board_id:$b,item_id:$i,"
        'column_id:$c,value:""){id}}',
        {"b": monday.board().id, "i": item_id, "c": monday.column("Amount")},
    )

    assert monday.cell(item_id, "Amount")["number"] is None


def test_a_label_that_does_not_exist_is_refused_with_the_known_ones(monday: Caller) -> None:
    answer = monday.create(Status={"label": "Paid twice"})

    assert (answer.error, answer.reason) == ("ColumnValueException", "missingLabel")
    assert "Balanced" in answer.errors[0]["message"]


def test_a_missing_label_is_added_when_the_call_says_so(monday: Caller) -> None:
    answer = monday.create_with_labels(Status={"label": "Paid twice"}, Currency={"labels": ["CHF"]})

    item_id = answer.data["create_item"]["id"]
    assert monday.cell(item_id, "Status")["label"] == "Paid twice"
    assert monday.cell(item_id, "Currency")["text"] == "CHF"


def test_a_refused_write_adds_no_label(monday: Caller) -> None:
    before = monday.board().column_titled("Status").revision

    monday.create_with_labels(Status={"label": "Paid twice"}, Amount="twelve")

    assert monday.board().column_titled("Status").revision == before


def test_a_column_holds_at_most_forty_labels(monday: Caller) -> None:
    for number in range(31):
        monday.create_with_labels(Status={"label": f"Label {number}"})

    answer = monday.create_with_labels(Status={"label": "One more"})

    assert answer.reason == "labelsLimitExceeded"


def test_the_index_of_a_status_is_the_label_id_not_its_position(monday: Caller) -> None:
    open_label = next(
        label
        for label in monday.board().column_titled("Status").settings["labels"]
        if label["label"] == "Open"
    )

    item_id = monday.made(Status={"index": open_label["id"]})

    assert open_label["id"] != open_label["index"]
    assert monday.cell(item_id, "Status")["label"] == "Open"


def test_a_removed_label_cannot_be_written_but_still_shows(
    server: SandboxServer, monday: Caller
) -> None:
    item_id = monday.made(Status={"label": "Open"})
    server.monday.act(act="label_remove", board="AP invoices", column="Status", label="Open")

    answer = monday.create(Status={"label": "Open"})

    assert answer.reason == "missingLabel"
    assert monday.cell(item_id, "Status")["label"] == "Open"


def test_one_bad_column_rejects_the_whole_call(monday: Caller) -> None:
    item_id = monday.made(Supplier="Before", Amount="1")

    answer = monday.change(item_id, Supplier="After", Amount="many")

    assert answer.error == "ColumnValueException"
    assert monday.cell(item_id, "Supplier")["text"] == "Before"


def test_a_column_that_is_not_on_the_board_is_named(monday: Caller) -> None:
    answer = monday.ask(
        'mutation($b:ID!,$c:JSON){create_item(board_id:$b,item_name:"x",column_values:$c){id}}',
        {"b": monday.board().id, "c": '{"text_gone": "x"}'},
    )

    extensions = answer.errors[0]["extensions"]
    assert answer.errors[0]["message"] == "This column ID doesn't exist for the board"
    assert extensions["diagnostic_data"] == {"column_id": "text_gone"}


def test_only_active_items_of_connected_boards_can_be_linked(
    server: SandboxServer, monday: Caller
) -> None:
    supplier = monday.made("Ørland Stål AS", "Suppliers")
    stranger = monday.made("Not a supplier")

    linked = monday.made(Supplier_card={"item_ids": [int(supplier)]})
    refused = monday.create(Supplier_card={"item_ids": [int(stranger)]})
    server.monday.act(act="item_archive", board="Suppliers", item=supplier)
    inactive = monday.create(Supplier_card={"item_ids": [int(supplier)]})

    value = monday.cell(linked, "Supplier card")
    assert (value["text"], value["value"]) == (None, None)
    assert refused.reason == "itemsNotInConnectedBoards"
    assert inactive.reason == "inactiveItems"


def test_column_values_must_be_a_json_string(monday: Caller) -> None:
    answer = monday.ask(
        'mutation($b:ID!,$c:JSON){create_item(board_id:$b,item_name:"x",column_values:$c){id}}',
        {"b": monday.board().id, "c": {"a": 1}},
    )

    assert answer.error == "InvalidArgumentException"

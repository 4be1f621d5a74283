"""Reading boards: cursors and their end, order, look-up by key, and an index that lags."""

from typing import Any

import pytest

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Answer, Caller

PAGE = (
    "query($b:[ID!],$l:Int!,$q:ItemsQuery){boards(ids:$b){items_page(limit:$l,query_params:$q)"
    "{cursor items{id name}}}}"
)
NEXT = "query($c:String!,$l:Int!){next_items_page(cursor:$c,limit:$l){cursor items{id name}}}"
BY_VALUES = (
    "query($b:ID!,$c:String!,$k:[String]!){items_page_by_column_values(board_id:$b,"
    "columns:[{column_id:$c,column_values:$k}]){items{id name}}}"
)


@pytest.fixture
def seven(monday: Caller) -> list[str]:
    return [monday.made(f"Invoice {n}", Visma_key=f"K{n}", Amount=str(n)) for n in range(7)]


def first(monday: Caller, limit: int, query: Any = None) -> Any:
    variables = {"b": [monday.board().id], "l": limit, "q": query}
    return monday.ask(PAGE, variables).data["boards"][0]["items_page"]


def find(monday: Caller, title: str, *values: str) -> list[str]:
    variables = {"b": monday.board().id, "c": monday.column(title), "k": list(values)}
    found = monday.ask(BY_VALUES, variables).data["items_page_by_column_values"]["items"]
    return [item["id"] for item in found]


def test_pages_together_hold_every_item_once(monday: Caller, seven: list[str]) -> None:
    page = first(monday, 3)
    seen = [item["id"] for item in page["items"]]
    while page["cursor"]:
        page = monday.ask(NEXT, {"c": page["cursor"], "l": 3}).data["next_items_page"]
        seen += [item["id"] for item in page["items"]]

    assert sorted(seen) == sorted(seven)
    assert len(seen) == 7


def test_the_order_changes_from_read_to_read_unless_one_is_asked_for(
    monday: Caller, seven: list[str]
) -> None:
    by_amount = {"order_by": [{"column_id": monday.column("Amount"), "direction": "desc"}]}

    unordered = {tuple(item["id"] for item in first(monday, 10)["items"]) for _ in range(5)}
    ordered = {
        tuple(item["id"] for item in first(monday, 10, by_amount)["items"]) for _ in range(5)
    }

    assert len(unordered) > 1
    assert ordered == {tuple(reversed(seven))}


def test_a_cursor_ends_an_hour_after_the_first_page_with_no_data_at_all(
    server: SandboxServer, monday: Caller, seven: list[str]
) -> None:
    page = first(monday, 2)
    server.clock.advance(3000)
    second = monday.ask(NEXT, {"c": page["cursor"], "l": 2})
    server.clock.advance(700)

    third = monday.ask(NEXT, {"c": second.data["next_items_page"]["cursor"], "l": 2})

    assert third.status == 200
    assert third.error == "CursorExpiredError"
    assert "data" not in third.body


def test_archived_and_deleted_items_are_not_on_any_page(
    server: SandboxServer, monday: Caller, seven: list[str]
) -> None:
    server.monday.act(act="item_archive", board="AP invoices", item=seven[0])
    server.monday.act(act="item_delete", board="AP invoices", item=seven[1])

    ids = {item["id"] for item in first(monday, 10)["items"]}
    states = monday.ask("query($i:[ID!]){items(ids:$i){state}}", {"i": seven[:2]})
    active = monday.ask(
        "query($i:[ID!]){items(ids:$i,exclude_nonactive:true){id}}", {"i": seven[:3]}
    )

    assert ids == set(seven[2:])
    assert [item["state"] for item in states.data["items"]] == ["archived", "deleted"]
    assert [item["id"] for item in active.data["items"]] == [seven[2]]


def test_a_key_is_found_whole_and_without_regard_to_case(monday: Caller, seven: list[str]) -> None:
    assert sorted(find(monday, "Visma key", "k1", "K3", "K")) == [seven[1], seven[3]]


def test_columns_of_computed_types_cannot_be_searched(monday: Caller) -> None:
    variables = {"b": monday.board().id, "c": monday.column("Last updated"), "k": ["x"]}

    assert monday.ask(BY_VALUES, variables).error == "InvalidArgumentException"


def test_a_lagging_index_shows_the_past(server: SandboxServer, monday: Caller) -> None:
    old = monday.made("Old", Visma_key="K1")
    server.monday.account.index_lag = 90
    new = monday.made("New", Visma_key="K2")
    monday.change(old, Visma_key="K9")

    early = (find(monday, "Visma key", "K1", "K2"), find(monday, "Visma key", "K9"))
    by_id = monday.cell(old, "Visma key")["text"]
    server.clock.advance(91)
    late = (find(monday, "Visma key", "K1", "K2"), find(monday, "Visma key", "K9"))

    assert early == ([old], [])
    assert by_id == "K9"
    assert late == ([new], [old])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"column_id": "Amount", "operator": "greater_than", "compare_value": [4]}, [5, 6]),
        ({"column_id": "Amount", "operator": "between", "compare_value": [2, 3]}, [2, 3]),
        ({"column_id": "Visma key", "operator": "any_of", "compare_value": ["K0"]}, [0]),
        ({"column_id": "name", "operator": "ends_with", "compare_value": "5"}, [5]),
        ({"column_id": "Supplier", "operator": "is_not_empty", "compare_value": []}, []),
    ],
)
def test_rules_narrow_a_page(
    monday: Caller, seven: list[str], rule: dict[str, Any], expected: list[int]
) -> None:
    title = rule["column_id"]
    column = title if title == "name" else monday.column(title)
    found = first(monday, 10, {"rules": [rule | {"column_id": column}]})

    assert sorted(item["id"] for item in found["items"]) == [seven[n] for n in expected]


def test_a_cursor_and_a_query_exclude_each_other(monday: Caller, seven: list[str]) -> None:
    cursor = first(monday, 2)["cursor"]
    text = "query($b:[ID!],$c:String){boards(ids:$b)"
    text += "{items_page(cursor:$c,query_params:{ids:[1]}){cursor}}}"

    answer: Answer = monday.ask(text, {"b": [monday.board().id], "c": cursor})

    assert answer.error == "InvalidArgumentException"


def test_a_page_holds_at_most_five_hundred_items(monday: Caller) -> None:
    answer = monday.ask(PAGE, {"b": [monday.board().id], "l": 501, "q": None})

    assert answer.error == "InvalidArgumentException"


def test_a_name_lists_boards_by_state_and_never_the_archived_ones(monday: Caller) -> None:
    names = [b["name"] for b in monday.ask("{boards(limit:50){name state}}").data["boards"]]
    every = [b["name"] for b in monday.ask("{boards(state:all){name}}").data["boards"]]

    assert "AP invoices" in names
    assert set(every) - set(names) == {"AP invoices 2024"}

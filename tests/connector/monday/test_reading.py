"""Boards and items as plain records."""

from typing import Any

import pytest

from connector.errors import AskAPerson, OutcomeUnknown, Throttled, TryAgain
from connector.monday.boards import Board, Item

from .cases import error
from .conftest import Monday

BOARD: dict[str, Any] = {
    "id": 7001,
    "name": "AP invoices",
    "state": "active",
    "url": "https://nordlys.monday.com/boards/7001",
    "items_count": 3,
    "items_limit": 10000,
    "permissions": "everyone",
    "columns": [
        {"id": "name", "title": "Name", "type": "name", "settings": None, "archived": False},
        {
            "id": "status",
            "title": "Status",
            "type": "status",
            "settings": {"labels": [{"id": 1, "label": "Open", "index": 0}]},
            "archived": False,
        },
        {"id": "old", "title": "Old", "type": "text", "settings": {}, "archived": True},
    ],
    "groups": [
        {"id": "topics", "title": "Open", "archived": False, "deleted": False},
        {"id": "g2", "title": "Gone", "archived": False, "deleted": True},
    ],
}


def item(number: int, key: str = "", **more: Any) -> dict[str, Any]:
    cell = {"id": "key", "type": "text", "text": key or f"k{number}", "value": None}
    return {
        "id": str(number),
        "name": f"INV-{number}",
        "state": "active",
        "updated_at": "2026-11-22T10:00:00Z",
        "group": {"id": "topics"},
        "column_values": [cell],
    } | more


def page(items: list[dict[str, Any]], cursor: str | None = None) -> dict[str, Any]:
    return {"cursor": cursor, "items": items}


def first(found: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"boards": [{"items_page": found}]}}


def test_me_tells_the_account(monday: Monday) -> None:
    account = {"id": "77001", "name": "Nordlys", "slug": "nordlys", "tier": "pro"}
    monday.answers_with({"data": {"me": {"id": "1", "name": "Ingrid Berg", "account": account}}})

    assert monday.client.me()["account"] == account


def test_a_board_comes_with_its_living_columns_and_groups(monday: Monday) -> None:
    monday.answers_with({"data": {"boards": [BOARD]}})

    board = monday.client.board("7001")

    assert isinstance(board, Board)
    assert (board.id, board.items_limit) == ("7001", 10000)
    assert [column["id"] for column in board.columns] == ["name", "status"]
    assert board.columns[0]["settings"] == {}
    assert board.groups == ({"id": "topics", "title": "Open"},)


@pytest.mark.parametrize(
    ("boards", "words"),
    [
        ([], "does not exist"),
        ([BOARD | {"state": "archived"}], "“AP invoices” is archived"),
        ([BOARD | {"state": "deleted"}], "“AP invoices” is deleted"),
    ],
)
def test_a_board_that_is_gone_needs_a_person(
    monday: Monday, boards: list[dict[str, Any]], words: str
) -> None:
    monday.answers_with({"data": {"boards": boards}})

    with pytest.raises(AskAPerson) as caught:
        monday.client.board("7001")

    assert (caught.value.reach, caught.value.why.code) == ("board", "board_gone")
    assert words in caught.value.why.happened


@pytest.mark.parametrize("data", [{}, {"boards": None}, {"boards": [{"state": "active"}]}])
def test_a_board_that_is_not_whole_is_read_again(monday: Monday, data: dict[str, Any]) -> None:
    monday.answers_with({"data": data})

    with pytest.raises(TryAgain) as caught:
        monday.client.board("7001")

    assert caught.value.why.code == "unreadable_answer"


def test_boards_are_boards_only(monday: Monday) -> None:
    found = [
        {"id": "1", "name": "AP Invoices", "type": "board"},
        {"id": "2", "name": "Subitems of AP Invoices", "type": "sub_items_board"},
    ]
    monday.answers_with({"data": {"boards": found}})

    assert [board["id"] for board in monday.client.boards()] == ["1"]
    assert len(monday.requests) == 1


def test_a_search_reads_on_until_there_are_no_more_boards(monday: Monday) -> None:
    monday.answers_with({"data": {"boards": [{"id": "1", "name": "Holidays"}]}})
    monday.answers_with({"data": {"boards": [{"id": "2", "name": "AP Invoices"}]}})
    monday.answers_with({"data": {"boards": []}})

    assert [board["id"] for board in monday.client.boards(search=" invoices ")] == ["2"]
    assert [monday.body(n)["variables"]["page"] for n in range(3)] == [1, 2, 3]


def test_a_search_does_not_eat_the_calls_of_the_day(monday: Monday) -> None:
    monday.answers_with({"data": {"boards": [{"id": "1", "name": "Holidays"}]}})

    assert monday.client.boards(search="invoices") == []
    assert len(monday.requests) == 10


def test_items_are_read_page_by_page(monday: Monday) -> None:
    monday.answers_with(first(page([item(1), item(2)], "c1")))
    monday.answers_with({"data": {"next_items_page": page([item(3)])}})

    items = list(monday.client.items("7001", ["key"]))

    assert [each.id for each in items] == ["1", "2", "3"]
    assert items[0] == Item(
        "1", "INV-1", "active", "topics", "2026-11-22T10:00:00Z", items[0].cells
    )
    assert items[0].text("key") == "k1"
    assert monday.body()["variables"]["cursor"] == "c1"


def test_reading_starts_over_when_the_cursor_has_expired(monday: Monday) -> None:
    monday.answers_with(first(page([item(1), item(2)], "c1")))
    monday.answers_with({"errors": [error("The cursor has expired", "CursorExpiredError")]})
    monday.answers_with(first(page([item(2), item(3)])))

    items = list(monday.client.items("7001", ["key"]))

    assert [each.id for each in items] == ["1", "2", "3"]


def test_a_cursor_that_always_expires_ends_the_reading(monday: Monday) -> None:
    for _ in range(10):
        monday.answers_with(first(page([item(1)], "c1")))
        monday.answers_with({"errors": [error("The cursor has expired")]})

    with pytest.raises(TryAgain) as caught:
        list(monday.client.items("7001", ["key"]))

    assert caught.value.why.code == "cursor_expired"
    assert len(monday.requests) == 8


def test_a_throttle_in_the_middle_is_not_the_end_of_the_board(monday: Monday) -> None:
    monday.answers_with(first(page([item(1)], "c1")))
    monday.answers_with({"errors": [error("x", "MINUTE_RATE_LIMIT_EXCEEDED")]}, 429)

    with pytest.raises(Throttled):
        list(monday.client.items("7001", ["key"]))


def test_reading_a_board_that_is_gone_needs_a_person(monday: Monday) -> None:
    monday.answers_with({"data": {"boards": []}})

    with pytest.raises(AskAPerson):
        list(monday.client.items("7001", ["key"]))


def test_keys_are_compared_exactly_though_monday_ignores_case(monday: Monday) -> None:
    found = page([item(1, "4021:supplier:Ab"), item(2, "4021:supplier:AB")])
    monday.answers_with({"data": {"items_page_by_column_values": found}})

    items = monday.client.items_by_key("7001", "key", ["4021:supplier:AB"])

    assert [each.id for each in items] == ["2"]


def test_keys_are_looked_up_a_hundred_at_a_time_and_to_the_last_page(monday: Monday) -> None:
    keys = [f"k{number}" for number in range(150)]
    by_value = "items_page_by_column_values"
    monday.answers_with({"data": {by_value: page([item(1)], "c1")}})
    monday.answers_with({"data": {"next_items_page": page([item(2)])}})
    monday.answers_with({"data": {by_value: page([item(149)])}})

    items = monday.client.items_by_key("7001", "key", keys)

    assert [each.id for each in items] == ["1", "2", "149"]
    sent = [monday.body(0), monday.body(2)]
    assert [len(body["variables"]["by"][0]["column_values"]) for body in sent] == [100, 50]


def test_no_keys_cost_no_call(monday: Monday) -> None:
    assert monday.client.items_by_key("7001", "key", []) == []
    assert monday.requests == []


def test_a_name_can_be_the_key(monday: Monday) -> None:
    found = page([item(1), item(2)])
    monday.answers_with({"data": {"items_page_by_column_values": found}})

    assert [each.id for each in monday.client.items_by_key("7001", "name", ["INV-2"])] == ["2"]


def test_items_by_id_say_that_they_are_archived(monday: Monday) -> None:
    monday.answers_with({"data": {"items": [item(1, state="archived"), item(2)]}})

    items = monday.client.items_by_id(["1", "2"], ["key"])

    assert [each.state for each in items] == ["archived", "active"]


def test_a_new_column_is_told(monday: Monday) -> None:
    column = {"id": "text_mk1", "title": "Visma key", "type": "text", "settings": None}
    monday.answers_with({"data": {"a0": column}})

    assert monday.client.create_column("7001", "Visma key", "text") == column | {"settings": {}}


def test_a_new_board_is_told(monday: Monday) -> None:
    board = {"id": "7009", "name": "AP", "url": "https://x.monday.com/boards/7009"}
    monday.answers_with({"data": {"a0": board}})

    assert monday.client.create_board("AP") == board
    assert monday.body()["variables"] == {"name": "AP", "kind": "private", "workspace": None}


def test_a_column_that_may_or_may_not_exist_is_unknown(monday: Monday) -> None:
    monday.answers_with({"data": {"a0": None}})

    with pytest.raises(OutcomeUnknown):
        monday.client.create_column("7001", "Visma key", "text")


def test_a_column_refused_by_the_board_is_refused(monday: Monday) -> None:
    refused = error("User unauthorized to perform action", "UserUnauthorizedException")
    monday.answers_with({"data": {"a0": None}, "errors": [refused | {"path": ["a0"]}]})

    with pytest.raises(AskAPerson):
        monday.client.create_column("7001", "Visma key", "text")

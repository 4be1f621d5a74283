"""Root mutation fields on items; each succeeds or fails alone."""

from typing import Any

from connector.sandbox.monday import item_acts, problems, subitems
from connector.sandbox.monday.call import Info, board_to_write, item_on, item_to_write
from connector.sandbox.monday.state import Item, Update
from connector.sandbox.monday.writing import draft, simple_draft


def create_item(_root: Any, info: Info, board_id: str, item_name: str, **rest: Any) -> Item:
    call = info.context
    board = board_to_write(call, board_id)
    if board.parent_id is not None:
        raise problems.bad_argument("Items on a subitems board are made by create_subitem")
    creates = bool(rest.get("create_labels_if_missing"))
    written = draft(call.account, board, rest.get("column_values"), create_labels=creates)
    group_id = rest.get("group_id") or ""
    who = call.person.id
    return item_acts.item_create(
        call.account, board, item_name, group_id=group_id, draft=written, by=who
    )


def create_subitem(
    _root: Any, info: Info, parent_item_id: str, item_name: str, **rest: Any
) -> Item:
    call = info.context
    board, parent = item_to_write(call, parent_item_id)
    hidden = subitems.subitems_board(call.account, board)
    creates = bool(rest.get("create_labels_if_missing"))
    written = draft(call.account, hidden, rest.get("column_values"), create_labels=creates)
    who = call.person.id
    return subitems.subitem_create(call.account, hidden, parent, item_name, draft=written, by=who)


def change_multiple_column_values(
    _root: Any, info: Info, board_id: str, column_values: Any, **rest: Any
) -> Item:
    call = info.context
    board = board_to_write(call, board_id)
    item = item_on(board, rest.get("item_id"))
    creates = bool(rest.get("create_labels_if_missing"))
    written = draft(call.account, board, column_values, create_labels=creates)
    return item_acts.item_change(call.account, board, item, written, by=call.person.id)


def change_simple_column_value(
    _root: Any, info: Info, board_id: str, column_id: str, **rest: Any
) -> Item:
    call = info.context
    board = board_to_write(call, board_id)
    item = item_on(board, rest.get("item_id"))
    creates = bool(rest.get("create_labels_if_missing"))
    text = rest.get("value") or ""
    written = simple_draft(call.account, board, column_id, text, create_labels=creates)
    return item_acts.item_change(call.account, board, item, written, by=call.person.id)


def archive_item(_root: Any, info: Info, item_id: str | None = None) -> Item:
    call = info.context
    board, item = item_to_write(call, item_id)
    return subitems.family_set_state(call.account, board, item, "archived", by=call.person.id)


def delete_item(_root: Any, info: Info, item_id: str | None = None) -> Item:
    call = info.context
    board, item = item_to_write(call, item_id)
    return subitems.family_set_state(call.account, board, item, "deleted", by=call.person.id)


def move_item_to_group(_root: Any, info: Info, group_id: str, item_id: str | None = None) -> Item:
    call = info.context
    board, item = item_to_write(call, item_id)
    return item_acts.item_move(call.account, board, item, group_id, by=call.person.id)


def create_update(
    _root: Any, info: Info, body: str, item_id: str | None = None, parent_id: str | None = None
) -> Update:
    if parent_id is not None:
        raise problems.bad_argument("Replies are not part of the sandbox")
    call = info.context
    _, item = item_to_write(call, item_id)
    return item_acts.item_comment(call.account, item, body, by=call.person.id)

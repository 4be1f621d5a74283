"""Root mutation fields on boards, columns, groups, webhooks and imports."""

import json
from typing import Any

from graphql import GraphQLError

from connector.sandbox.monday import board_acts, column_settings, problems, subitems
from connector.sandbox.monday.call import Call, Info, board_to_write, number_of
from connector.sandbox.monday.item_acts import group_of
from connector.sandbox.monday.state import Board, Column, Group, Webhook
from connector.sandbox.monday.writing import column_of


def create_board(_root: Any, info: Info, board_name: str, board_kind: str, **rest: Any) -> Board:
    call = info.context
    if call.person.viewer:
        raise problems.not_allowed()
    place = number_of(rest["workspace_id"]) if rest.get("workspace_id") else None
    board = board_acts.board_create(call.account, board_name, kind=board_kind, workspace_id=place)
    board.description = rest.get("description") or ""
    if not rest.get("empty"):
        board_acts.board_fill_with_samples(call.account, board, by=call.person.id)
    return board


def archive_board(_root: Any, info: Info, board_id: str) -> Board:
    call = info.context
    return board_acts.board_set_state(call.account, board_to_write(call, board_id), "archived")


def create_column(_root: Any, info: Info, column_type: str, **rest: Any) -> Column:
    defaults = rest.get("defaults")
    settings = json.loads(defaults) if isinstance(defaults, str) else defaults
    if column_type == "subtasks":
        board = board_to_write(info.context, rest["board_id"])
        return subitems.subitems_column_add(info.context.account, board, rest["title"])
    return _add(info.context, column_type, rest, settings)


def create_status_column(_root: Any, info: Info, **rest: Any) -> Column:
    given = rest.get("defaults")
    settings = column_settings.status_settings(given["labels"]) if given else None
    return _add(info.context, "status", rest, settings)


def create_dropdown_column(_root: Any, info: Info, **rest: Any) -> Column:
    given = rest.get("defaults")
    settings = column_settings.dropdown_settings(given) if given else None
    return _add(info.context, "dropdown", rest, settings)


def update_status_column(_root: Any, info: Info, **rest: Any) -> Column:
    return _update(info.context, rest, column_settings.status_replaced)


def update_dropdown_column(_root: Any, info: Info, **rest: Any) -> Column:
    return _update(info.context, rest, column_settings.dropdown_replaced)


def change_column_title(
    _root: Any, info: Info, board_id: str, column_id: str, title: str
) -> Column:
    call = info.context
    board = board_to_write(call, board_id)
    return board_acts.column_rename(call.account, board, column_of(board, column_id), title)


def delete_column(_root: Any, info: Info, board_id: str, column_id: str) -> Column:
    call = info.context
    board = board_to_write(call, board_id)
    return board_acts.column_delete(call.account, board, column_of(board, column_id))


def create_group(_root: Any, info: Info, board_id: str, group_name: str, **rest: Any) -> Group:
    call = info.context
    group = board_acts.group_create(call.account, board_to_write(call, board_id), group_name)
    group.color = rest.get("group_color") or group.color
    return group


def update_group(_root: Any, info: Info, board_id: str, group_id: str, **rest: Any) -> Group:
    group = group_of(board_to_write(info.context, board_id), group_id)
    setattr(group, rest["group_attribute"], rest["new_value"])
    return group


def create_webhook(
    _root: Any, info: Info, board_id: str, url: str, event: str, config: Any = None
) -> Webhook:
    call = info.context
    try:
        board = board_to_write(call, board_id)
    except GraphQLError as why:
        if "board does not exist" not in why.message:
            raise
        raise problems.bad_argument("Board not found", board_id=number_of(board_id)) from why
    if board.parent_id is not None:
        raise problems.bad_argument("Creating webhook on subitems board isn't allowed")
    app = bool(call.credential.app)
    return call.hooks.create(board, url, event, str(config or ""), app=app)


def delete_webhook(_root: Any, info: Info, id: str) -> Webhook:
    call = info.context
    hook = call.account.webhooks.get(number_of(id))
    if hook:
        board_to_write(call, hook.board_id)
    return call.hooks.delete(number_of(id))


def ingest_items(
    _root: Any, info: Info, board_id: str, group_id: str, on_match: dict[str, Any] | None = None
) -> dict[str, str]:
    call = info.context
    board = board_to_write(call, board_id)
    group_of(board, group_id)
    return call.bulk.start(board, group_id, on_match, by=call.person.id)


def _add(call: Call, type_: str, rest: dict[str, Any], settings: dict[str, Any] | None) -> Column:
    board = board_to_write(call, rest["board_id"])
    neighbour = column_of(board, rest["after_column_id"]) if rest.get("after_column_id") else None
    column = board_acts.column_add(
        call.account,
        board,
        rest["title"],
        type_=type_,
        column_id=rest.get("id") or "",
        settings=settings,
        description=rest.get("description") or "",
    )
    if neighbour:
        board_acts.column_place_after(board, column, neighbour)
    return column


def _update(call: Call, rest: dict[str, Any], replaced: column_settings.Replace) -> Column:
    board = board_to_write(call, rest["board_id"])
    column = column_of(board, rest["id"])
    if rest["revision"] != str(column.revision):
        words = "The column was changed by someone else. Read it again and repeat."
        raise problems.problem(words, "ColumnRevisionMismatchException", 409)
    if rest.get("settings"):
        settings = replaced(column.settings, rest["settings"])
        board_acts.settings_replace(call.account, board, column, settings)
    if rest.get("description") is not None:
        column.description = rest["description"]
    if rest.get("title"):
        board_acts.column_rename(call.account, board, column, rest["title"])
    return column

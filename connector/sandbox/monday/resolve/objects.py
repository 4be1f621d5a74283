"""Fields of boards, columns, groups, items and people that are not plain attributes."""

import json
from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema

from connector.sandbox.monday import problems
from connector.sandbox.monday.call import Info, iso
from connector.sandbox.monday.paging import Page
from connector.sandbox.monday.resolve.pages import items_page
from connector.sandbox.monday.state import Board, Column, Group, Item, Update
from connector.sandbox.monday.subitems import children_of
from connector.sandbox.world import MONDAY_ACCOUNT_ID, MONDAY_ACCOUNT_NAME, MONDAY_ACCOUNT_SLUG


def account(_source: Any, info: Info) -> dict[str, Any]:
    tier = info.context.tier
    plan = {"max_users": 25, "period": "yearly", "tier": tier, "version": 24}
    known = {"id": MONDAY_ACCOUNT_ID, "name": MONDAY_ACCOUNT_NAME, "slug": MONDAY_ACCOUNT_SLUG}
    return {**known, "tier": tier, "plan": plan}


def board_columns(
    board: Board, info: Info, ids: list[str] | None = None, types: list[str] | None = None
) -> list[Column]:
    if "columns" in info.context.orders.get("limited_fields", ()):
        raise problems.field_throttled("columns")
    return [
        column
        for column in board.columns.values()
        if not column.archived
        and (ids is None or column.id in ids)
        and (types is None or column.type in types)
    ]


def board_groups(board: Board, _info: Info, ids: list[str] | None = None) -> list[Group]:
    shown = [group for group in board.groups.values() if not (group.archived or group.deleted)]
    return [group for group in shown if ids is None or group.id in ids]


def board_items_count(board: Board, _info: Info) -> int:
    return sum(1 for _ in board.active_items())


def board_items_page(board: Board, info: Info, **arguments: Any) -> Page:
    return items_page(info.context, board, **arguments)


def item_updates(item: Item, info: Info, limit: int, page: int) -> list[Update]:
    of_item = [u for u in info.context.account.updates.values() if u.item_id == item.id]
    newest_first = of_item[::-1]
    return newest_first[(page - 1) * limit : page * limit]


def _url(kind: str) -> Callable[[Any, Info], str]:
    def resolve(source: Any, info: Info) -> str:
        base = f"{info.context.base_url}/boards"
        return f"{base}/{source.id}" if kind == "board" else f"{base}/{source.board_id}#{source.id}"

    return resolve


def _access(board: Board, info: Info) -> str:
    viewer = info.context.person.viewer
    return "view" if viewer or board.permissions != "everyone" else "edit"


_FIELDS: dict[str, dict[str, Callable[..., Any]]] = {
    "Board": {
        "type": lambda board, _info: "board" if board.parent_id is None else "sub_items_board",
        "hierarchy_type": lambda _board, _info: "classic",
        "board_kind": lambda board, _info: board.kind,
        "access_level": _access,
        "url": _url("board"),
        "columns": board_columns,
        "groups": board_groups,
        "top_group": lambda board, _info: board.first_group(),
        "items_count": board_items_count,
        "items_page": board_items_page,
    },
    "Column": {
        "settings_str": lambda column, _info: json.dumps(column.settings, ensure_ascii=False),
        "revision": lambda column, _info: str(column.revision),
    },
    "Group": {"position": lambda _group, _info: "65536.0"},
    "Item": {
        "board": lambda item, info: info.context.account.boards[item.board_id],
        "group": lambda item, info: info.context.account.boards[item.board_id].groups.get(
            item.group_id
        ),
        "created_at": lambda item, _info: iso(item.created_at),
        "updated_at": lambda item, _info: iso(item.updated_at),
        "creator": lambda item, info: info.context.account.people.get(item.creator_id),
        "url": _url("item"),
        "parent_item": lambda item, info: info.context.account.item(item.parent_id or 0),
        "subitems": lambda item, info: [
            each for each in children_of(info.context.account, item) if each.state == "active"
        ],
        "updates": item_updates,
    },
    "Update": {
        "created_at": lambda update, _info: iso(update.created_at),
        "text_body": lambda update, _info: update.body,
    },
    "User": {
        "title": lambda _person, _info: "",
        "url": lambda person, info: f"{info.context.base_url}/users/{person.id}",
        "kind": lambda person, _info: "view_only" if person.viewer else "member",
        "status": lambda _person, _info: "ACTIVE",
        "account": account,
        "account_id": lambda _person, _info: MONDAY_ACCOUNT_ID,
        "time_zone_identifier": lambda _person, _info: "Europe/Oslo",
    },
}


def attach(schema: GraphQLSchema) -> None:
    for type_name, fields in _FIELDS.items():
        kind: Any = schema.type_map[type_name]
        for name, resolve in fields.items():
            kind.fields[name].resolve = resolve
    union: Any = schema.type_map["JobStatus"]
    union.resolve_type = lambda _job, _info, _type: "ItemsJobStatus"

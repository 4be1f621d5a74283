"""What can be done to boards, columns, groups and labels, by the API or by a person."""

import copy
import re
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.events import Event
from connector.sandbox.monday.item_acts import item_create
from connector.sandbox.monday.kinds import KINDS, kind_of
from connector.sandbox.monday.kinds.label_lists import new_status_label
from connector.sandbox.monday.state import Account, Board, Column, Group
from connector.sandbox.monday.writing import Draft

SOMEBODY = 0  # who added a column is not told apart
_OWN_ID = re.compile(r"[a-z0-9_]{1,20}")  # monday's rule for ids chosen by the caller


def board_create(
    account: Account, name: str, *, kind: str = "public", workspace_id: int | None = None
) -> Board:
    if not name.strip():
        raise problems.problem("Board name can't be blank", "CreateBoardException")
    number = account.ids.number("board")
    board = Board(number, name, kind, workspace_id=workspace_id)
    board.columns["name"] = Column("name", "Name", "name")
    account.boards[number] = board
    group_create(account, board, "Group Title", group_id="topics")
    account.log.effect("board_created", target={"board": number}, after={"name": name})
    return board


def board_set_state(account: Account, board: Board, state: str) -> Board:
    before, board.state = board.state, state
    target = {"board": board.id}
    account.log.effect(f"board_{state}", target=target, before={"state": before})
    return board


def board_rename(account: Account, board: Board, name: str) -> None:
    before, board.name = board.name, name
    target = {"board": board.id}
    account.log.effect(
        "board_renamed", target=target, before={"name": before}, after={"name": name}
    )


def board_permit(account: Account, board: Board, permissions: str) -> None:
    if permissions not in ("everyone", "collaborators", "assignee", "owners"):
        raise problems.bad_argument(f"Unknown permissions: {permissions}")
    before, board.permissions = board.permissions, permissions
    target = {"board": board.id}
    after = {"permissions": permissions}
    account.log.effect(
        "board_permissions", target=target, before={"permissions": before}, after=after
    )


def group_create(account: Account, board: Board, title: str, *, group_id: str = "") -> Group:
    group = Group(group_id or account.ids.group(board.groups), title)
    board.groups[group.id] = group
    target = {"board": board.id, "group": group.id}
    account.log.effect("group_created", target=target, after={"title": title})
    return group


def group_delete(account: Account, board: Board, group: Group) -> None:
    """A board keeps one group at least."""
    if sum(not each.deleted for each in board.groups.values()) == 1:
        raise problems.bad_argument("The last group of a board can't be deleted")
    group.deleted = True
    target = {"board": board.id, "group": group.id}
    account.log.effect("group_deleted", target=target, before={"title": group.title})


def column_add(
    account: Account,
    board: Board,
    title: str,
    *,
    type_: str,
    column_id: str = "",
    settings: dict[str, Any] | None = None,
    description: str = "",
) -> Column:
    if type_ not in KINDS or type_ == "name":
        raise problems.bad_argument(f"Column type {type_} can't be created")
    taken = board.used_column_ids | board.columns.keys()
    if column_id and (not _OWN_ID.fullmatch(column_id) or column_id in taken):
        raise problems.bad_argument("Column id is invalid or was used before", id=column_id)
    found = column_id or account.ids.column(kind_of(type_).prefix, taken)
    column = Column(found, title, type_, settings or _defaults(type_), description)
    board.columns[found] = column
    board.used_column_ids.add(found)
    after = {"title": title, "type": type_}
    account.log.effect("column_created", target=place_of(board, column), after=after)
    account.publish(Event("create_column", board, SOMEBODY, column=column))
    return column


def column_place_after(board: Board, column: Column, neighbour: Column) -> None:
    order = [each for each in board.columns if each != column.id]
    order.insert(order.index(neighbour.id) + 1, column.id)
    board.columns = {each: board.columns[each] for each in order}


def column_retype(account: Account, board: Board, column: Column, type_: str) -> None:
    """The same id with another type: the values do not fit any more and are gone."""
    if type_ not in KINDS or "name" in (type_, column.type):
        raise problems.bad_argument(f"Column can't become {type_}")
    before, column.type = column.type, type_
    settle(column, _defaults(type_))
    for item in board.items.values():
        item.cells.pop(column.id, None)
    target, after = place_of(board, column), {"type": type_}
    account.log.effect("column_retyped", target=target, before={"type": before}, after=after)


def column_rename(account: Account, board: Board, column: Column, title: str) -> Column:
    before, column.title = column.title, title
    column.revision += 1
    target = place_of(board, column)
    after = {"title": title}
    account.log.effect("column_renamed", target=target, before={"title": before}, after=after)
    return column


def column_require(account: Account, board: Board, column: Column, *, required: bool) -> None:
    before = column.id in board.required_columns
    board.required_columns = [each for each in board.required_columns if each != column.id]
    board.required_columns += [column.id] * required
    target, after = place_of(board, column), {"required": required}
    account.log.effect("column_required", target=target, before={"required": before}, after=after)


def column_delete(account: Account, board: Board, column: Column) -> Column:
    """The column and every value in it; the id is never given again."""
    if column.type == "name":
        raise problems.bad_argument("The name column can't be deleted")
    del board.columns[column.id]
    for item in board.items.values():
        item.cells.pop(column.id, None)
    before = {"title": column.title, "type": column.type}
    account.log.effect("column_deleted", target=place_of(board, column), before=before)
    return column


def settings_replace(
    account: Account, board: Board, column: Column, settings: dict[str, Any]
) -> None:
    before = copy.deepcopy(column.settings)
    settle(column, settings)
    target = place_of(board, column)
    account.log.effect("column_settings_changed", target=target, before=before, after=settings)


def settle(column: Column, settings: dict[str, Any]) -> None:
    column.settings = settings
    column.revision += 1


def place_of(board: Board, column: Column) -> dict[str, Any]:
    return {"board": board.id, "column": column.id}


def _defaults(type_: str) -> dict[str, Any]:
    """What a column starts with when nothing is said; monday's own three status labels."""
    if type_ == "status":
        settings: dict[str, Any] = {"type": "status", "labels": []}
        for text, color in (("Working on it", "working_orange"), ("Done", "done_green")):
            settings["labels"].append(new_status_label(settings, text, color))
        settings["labels"].append(new_status_label(settings, "Stuck", "stuck_red"))
        return settings
    if type_ == "dropdown":
        return {"labels": []}
    if type_ == "board_relation":
        return {"boardIds": [], "allowMultipleItems": True}
    return {}


def board_fill_with_samples(account: Account, board: Board, *, by: int) -> None:
    """What a board gets that was not asked to be empty: three columns, a group, two items."""
    for title, type_ in (("Person", "people"), ("Status", "status"), ("Date", "date")):
        column_add(account, board, title, type_=type_)
    group_create(account, board, "Group Title")
    for number in (1, 2):
        nothing = Draft({}, None, {})
        item_create(account, board, f"Item {number}", group_id="", draft=nothing, by=by)

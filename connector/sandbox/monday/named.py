"""Boards, columns and items by id, or by what people see of them."""

from collections.abc import Callable, Mapping

from connector.sandbox.monday import problems
from connector.sandbox.monday.state import Account, Board, Column, Group, Item
from connector.sandbox.monday.writing import column_of
from connector.sandbox.world import PEOPLE

WHO = PEOPLE[1].id  # Jonas works on the boards; the connector's token is Ingrid's

Given = Mapping[str, str]
Act = Callable[[Account, Board, Given], object]


def board_named(account: Account, name: str) -> Board:
    for board in account.boards.values():
        if name in (str(board.id), board.name) and board.state != "deleted":
            return board
    raise problems.board_missing(name)


def column_named(board: Board, name: str) -> Column:
    for column in board.columns.values():
        if name in (column.id, column.title):
            return column
    return column_of(board, name)


def group_named(board: Board, name: str) -> Group:
    for group in board.groups.values():
        if name in (group.id, group.title) and not group.deleted:
            return group
    raise problems.group_missing(name)


def item_named(board: Board, name: str) -> Item:
    """By id, or the newest of that name that is not deleted."""
    for item in reversed(board.items.values()):
        if name in (str(item.id), item.name) and item.state != "deleted":
            return item
    raise problems.item_missing(name)

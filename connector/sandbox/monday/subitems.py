"""Subitems: items of a hidden board of their own, each under an item of the board people look at.

The board's column of subitems names that hidden board. monday does not say when it comes into
being; here it does with the column, or with the first subitem.
"""

from connector.sandbox.monday import problems
from connector.sandbox.monday.board_acts import board_create, column_add, place_of
from connector.sandbox.monday.item_acts import item_create, item_set_state
from connector.sandbox.monday.state import Account, Board, Column, Item
from connector.sandbox.monday.writing import Draft

# What monday gives a new board of subitems.
COLUMNS = (("Owner", "people"), ("Status", "status"), ("Date", "date"))


def subitems_column_add(account: Account, board: Board, title: str) -> Column:
    """The column, with the hidden board behind it."""
    if board.parent_id is not None or board.subitems_board_id() is not None:
        raise problems.bad_argument("Column type subtasks can't be created")
    hidden = board_create(account, f"Subitems of {board.name}", kind=board.kind)
    hidden.parent_id, hidden.workspace_id = board.id, board.workspace_id
    for name, type_ in COLUMNS:
        column_add(account, hidden, name, type_=type_)
    settings = {
        "allowMultipleItems": True,
        "itemTypeName": "column.subtasks.title",
        "displayType": "BoardInline",
        "boardIds": [hidden.id],
    }
    column = column_add(account, board, title, type_="subtasks", settings=settings)
    after = {"subitems_board": hidden.id}
    account.log.effect("subitems_begun", target=place_of(board, column), after=after)
    return column


def subitems_board(account: Account, board: Board) -> Board:
    """The hidden board; made with its column where the board has none yet."""
    if board.subitems_board_id() is None:
        subitems_column_add(account, board, "Subitems")
    found = board.subitems_board_id()
    assert found is not None  # noqa: S101 - the column was just made
    return account.boards[found]


def subitem_create(
    account: Account, board: Board, parent: Item, name: str, *, draft: Draft, by: int
) -> Item:
    if parent.state != "active":
        raise problems.item_inactive(parent.id)
    item = item_create(account, board, name, group_id="", draft=draft, by=by)
    item.parent_id = parent.id
    return item


def children_of(account: Account, item: Item) -> list[Item]:
    number = account.boards[item.board_id].subitems_board_id()
    hidden = account.boards.get(number) if number is not None else None
    items = hidden.items.values() if hidden else ()
    return [each for each in items if each.parent_id == item.id]


def family_set_state(account: Account, board: Board, item: Item, state: str, *, by: int) -> Item:
    """What is archived or deleted takes its subitems along; what comes back brings them."""
    before = item.state
    item_set_state(account, board, item, state, by=by)
    for child in children_of(account, item):
        if child.state == before:
            item_set_state(account, account.boards[child.board_id], child, state, by=by)
    return item

"""What a person does to a board itself: its columns, labels and groups, its name and its state."""

from connector.sandbox.monday import board_acts, label_acts, subitems
from connector.sandbox.monday.named import WHO, Act, Given, column_named, group_named
from connector.sandbox.monday.state import Account, Board
from connector.sandbox.monday.writing import checked_name


def _column_add(account: Account, board: Board, given: Given) -> None:
    board_acts.column_add(account, board, given["title"], type_=given["type"])


def _column_rename(account: Account, board: Board, given: Given) -> None:
    column = column_named(board, given["column"])
    board_acts.column_rename(account, board, column, given["title"])


def _column_delete(account: Account, board: Board, given: Given) -> None:
    board_acts.column_delete(account, board, column_named(board, given["column"]))


def _column_retype(account: Account, board: Board, given: Given) -> None:
    column = column_named(board, given["column"])
    board_acts.column_retype(account, board, column, given["type"])


def _column_require(account: Account, board: Board, given: Given) -> None:
    """``required`` is "yes" or "no". monday asks people only; programs may leave it empty."""
    column = column_named(board, given["column"])
    board_acts.column_require(account, board, column, required=given["required"] == "yes")


def _group_delete(account: Account, board: Board, given: Given) -> None:
    """Its items go with it, as in monday."""
    group = group_named(board, given["group"])
    board_acts.group_delete(account, board, group)
    for item in [each for each in board.active_items() if each.group_id == group.id]:
        subitems.family_set_state(account, board, item, "deleted", by=WHO)


def _label_add(account: Account, board: Board, given: Given) -> None:
    label_acts.label_add(account, board, column_named(board, given["column"]), given["label"])


def _label_switch(on: bool) -> Act:
    def switch(account: Account, board: Board, given: Given) -> None:
        column = column_named(board, given["column"])
        label_id = label_acts.label_id_of(column, given["label"])
        label_acts.label_switch(account, board, column, label_id, on)

    return switch


def _label_rename(account: Account, board: Board, given: Given) -> None:
    column = column_named(board, given["column"])
    label_id = label_acts.label_id_of(column, given["label"])
    label_acts.label_rename(account, board, column, label_id, given["to"])


def _board_state(state: str) -> Act:
    return lambda account, board, _given: board_acts.board_set_state(account, board, state)


def _board_rename(account: Account, board: Board, given: Given) -> None:
    board_acts.board_rename(account, board, checked_name(given["name"]))


def _board_permissions(account: Account, board: Board, given: Given) -> None:
    """``everyone``; with ``collaborators``, ``assignee`` or ``owners`` the token may not write."""
    board_acts.board_permit(account, board, given["permissions"])


def _board_limit(account: Account, board: Board, given: Given) -> None:
    board.items_limit = int(given["items"])


SHAPE_ACTS: dict[str, Act] = {
    "column_add": _column_add,
    "column_rename": _column_rename,
    "column_delete": _column_delete,
    "column_retype": _column_retype,
    "column_require": _column_require,
    "group_delete": _group_delete,
    "label_add": _label_add,
    "label_remove": _label_switch(False),
    "label_restore": _label_switch(True),
    "label_rename": _label_rename,
    "board_archive": _board_state("archived"),
    "board_restore": _board_state("active"),
    "board_delete": _board_state("deleted"),
    "board_rename": _board_rename,
    "board_permissions": _board_permissions,
    "board_limit": _board_limit,
}

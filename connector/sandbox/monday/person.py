"""What a person does on a board: the pages and ``/_control/act`` call these same acts.

Every act takes text fields, as a form sends them. Boards, columns, items and labels are named by
id or by what people see.
"""

from connector.sandbox.monday import item_acts, problems, subitems
from connector.sandbox.monday.named import WHO, Act, Given, board_named, column_named, item_named
from connector.sandbox.monday.shape import SHAPE_ACTS
from connector.sandbox.monday.state import Account, Board
from connector.sandbox.monday.writing import draft, simple_draft


def act(account: Account, given: Given) -> Board:
    """Do ``given["act"]`` on ``given["board"]``; errors are monday's own GraphQL errors."""
    name = given.get("act", "")
    if name not in ACTS:
        raise problems.bad_argument(f"No such act: {name}. Known: {', '.join(sorted(ACTS))}")
    with account.lock:
        board = board_named(account, given.get("board", ""))
        ACTS[name](account, board, given)
    return board


def _cell_edit(account: Account, board: Board, given: Given) -> None:
    """``value`` is what one types; JSON for columns that have no plain-text form."""
    item, text = item_named(board, given["item"]), given.get("value", "")
    column = column_named(board, given["column"])
    if text.startswith("{"):
        written = draft(account, board, f'{{"{column.id}": {text}}}')
    else:
        written = simple_draft(account, board, column.id, text)
    item_acts.item_change(account, board, item, written, by=WHO)


def _status_set(account: Account, board: Board, given: Given) -> None:
    """``label`` is its text; ``""`` clears."""
    item, column = item_named(board, given["item"]), column_named(board, given["column"])
    written = simple_draft(account, board, column.id, given.get("label", ""))
    item_acts.item_change(account, board, item, written, by=WHO)


def _item_rename(account: Account, board: Board, given: Given) -> None:
    written = simple_draft(account, board, "name", given["name"])
    item_acts.item_change(account, board, item_named(board, given["item"]), written, by=WHO)


def _item_state(state: str) -> Act:
    def set_state(account: Account, board: Board, given: Given) -> None:
        item = item_named(board, given["item"])
        subitems.family_set_state(account, board, item, state, by=WHO)

    return set_state


def _item_move(account: Account, board: Board, given: Given) -> None:
    item = item_named(board, given["item"])
    item_acts.item_move(account, board, item, given["group"], by=WHO)


def _item_send(account: Account, board: Board, given: Given) -> None:
    """``to``: another board, by id or name."""
    target = board_named(account, given["to"])
    item_acts.item_send(account, board, item_named(board, given["item"]), target)


def _item_duplicate(account: Account, board: Board, given: Given) -> None:
    """A copy with all values, the key column too, as monday's *Duplicate* makes it."""
    item = item_named(board, given["item"])
    item_acts.item_copy(account, board, item, by=WHO)


def _item_add(account: Account, board: Board, given: Given) -> None:
    written = draft(account, board, given.get("values") or None)
    name = given["name"]
    item_acts.item_create(account, board, name, group_id="", draft=written, by=WHO)


def _comment(account: Account, board: Board, given: Given) -> None:
    item_acts.item_comment(account, item_named(board, given["item"]), given["body"], by=WHO)


ACTS: dict[str, Act] = {
    "cell_edit": _cell_edit,
    "status_set": _status_set,
    "item_add": _item_add,
    "item_rename": _item_rename,
    "item_archive": _item_state("archived"),
    "item_delete": _item_state("deleted"),
    "item_restore": _item_state("active"),
    "item_move": _item_move,
    "item_send": _item_send,
    "item_duplicate": _item_duplicate,
    "comment": _comment,
    **SHAPE_ACTS,
}

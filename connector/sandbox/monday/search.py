"""Finding items: by exact column values, and by the rules of ``query_params``."""

from collections.abc import Callable
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.call import iso, number_of
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.paging import column_text, seen
from connector.sandbox.monday.state import Account, Board, Column, Item, Snapshot
from connector.sandbox.monday.writing import column_of

# Types items_page_by_column_values answers with an error for.
_UNSEARCHABLE = {
    "auto_number", "color_picker", "board_relation", "creation_log", "file", "formula", "item_id",
    "last_updated", "location", "mirror", "rating", "tags", "time_tracking", "vote",
}  # fmt: skip
_ONE_VALUE = {"dropdown", "date", "timeline"}
_STAMPS = {"__creation_log__": "created_at", "__last_updated__": "updated_at"}
MOST_IDS = 100  # ids in query_params

Test = Callable[[Item, Snapshot], bool]


def by_column_values(account: Account, board: Board, wanted: list[dict[str, Any]]) -> list[Item]:
    """Values of one column are alternatives, columns narrow; case is ignored."""
    tests = [_exact(account, board, each["column_id"], each["column_values"]) for each in wanted]
    now = account.clock.time()
    found = []
    for item in board.items.values():
        view = seen(item, now)
        if view.present and all(test(item, view) for test in tests):
            found.append(item)
    return found


def by_rules(account: Account, board: Board, query: dict[str, Any]) -> list[Item]:
    """The items of ``query_params``, unsorted."""
    test = _group_test(account, board, query)
    ids = _wanted_ids(query)
    now = account.clock.time()
    found = []
    for item in board.items.values():
        view = seen(item, now)
        if view.present and (ids is None or item.id in ids) and test(item, view):
            found.append(item)
    return found


def ordered(
    account: Account, board: Board, items: list[Item], orders: list[dict[str, Any]]
) -> list[Item]:
    for order in reversed(orders):
        key = _sort_key(account, board, order["column_id"])
        items = sorted(items, key=key, reverse=order["direction"] == "desc")
    return items


def _exact(account: Account, board: Board, column_id: str, values: list[str | None]) -> Test:
    column = column_of(board, column_id)
    if column.type in _UNSEARCHABLE:
        words = f"Column type {column.type} is not supported for searching by value"
        raise problems.bad_argument(words, column_id=column_id)
    if column.type in _ONE_VALUE and len(values) > 1:
        words = f"Column type {column.type} can be searched by one value only"
        raise problems.bad_argument(words, column_id=column_id)
    wanted = {(value or "").casefold() for value in values}
    if column.type == "text":
        return lambda _item, view: view.cells.get(column_id, "").casefold() in wanted
    return lambda _item, view: column_text(account, board, view, column_id).casefold() in wanted


def _wanted_ids(query: dict[str, Any]) -> set[int] | None:
    if query.get("ids") is None:
        return None
    if len(query["ids"]) > MOST_IDS:
        raise problems.bad_argument(f"at most {MOST_IDS} ids may be given")
    return {number_of(each) for each in query["ids"]}


def _group_test(account: Account, board: Board, group: dict[str, Any]) -> Test:
    tests = [_rule_test(account, board, rule) for rule in group.get("rules") or []]
    tests += [_group_test(account, board, inner) for inner in group.get("groups") or []]
    if not tests:
        return lambda _item, _view: True
    join = any if group.get("operator") == "or" else all
    return lambda item, view: join(test(item, view) for test in tests)


def _rule_test(account: Account, board: Board, rule: dict[str, Any]) -> Test:
    name = rule["operator"]
    if name not in _OPERATORS:
        raise problems.bad_argument(f"Operator {name} is not supported here", operator=name)
    compare = _OPERATORS[name]
    given = rule["compare_value"]
    wanted = [_plain(each) for each in (given if isinstance(given, list) else [given])]
    read = _reader(account, board, rule["column_id"])
    return lambda item, view: compare(read(item, view), wanted)


def _reader(account: Account, board: Board, column_id: str) -> Callable[[Item, Snapshot], set[str]]:
    """All texts one cell answers to: a status to its label and to its number."""
    if column_id in _STAMPS:
        return lambda item, _view: {iso(getattr(item, _STAMPS[column_id]))}
    column_of(board, column_id)

    def read(_item: Item, view: Snapshot) -> set[str]:
        texts = {column_text(account, board, view, column_id)}
        cell = view.cells.get(column_id)
        if isinstance(cell, dict):
            texts |= {str(cell[key]) for key in ("index",) if key in cell}
            texts |= {str(each) for each in cell.get("ids", [])}
        return {text.casefold() for text in texts}

    return read


def _plain(value: Any) -> str:
    return "" if value is None else str(value).casefold()


def _rank(text: str) -> tuple[int, Any]:
    """Numbers before words, each in its own order; ISO dates sort as words."""
    try:
        return 0, float(text)
    except ValueError:
        return 1, text


_OPERATORS: dict[str, Callable[[set[str], list[str]], bool]] = {
    "any_of": lambda texts, wanted: bool(texts.intersection(wanted)),
    "not_any_of": lambda texts, wanted: not texts.intersection(wanted),
    "is_empty": lambda texts, _wanted: texts == {""},
    "is_not_empty": lambda texts, _wanted: texts != {""},
    "contains_text": lambda texts, wanted: any(w in t for t in texts for w in wanted),
    "not_contains_text": lambda texts, wanted: not any(w in t for t in texts for w in wanted),
    "starts_with": lambda texts, wanted: any(t.startswith(w) for t in texts for w in wanted),
    "ends_with": lambda texts, wanted: any(t.endswith(w) for t in texts for w in wanted),
    "greater_than": lambda texts, wanted: _beyond(texts) > _rank(wanted[0]),
    "greater_than_or_equals": lambda texts, wanted: _beyond(texts) >= _rank(wanted[0]),
    "lower_than": lambda texts, wanted: texts != {""} and _beyond(texts) < _rank(wanted[0]),
    "lower_than_or_equal": lambda texts, wanted: (
        texts != {""} and _beyond(texts) <= _rank(wanted[0])
    ),
    "between": lambda texts, wanted: _rank(wanted[0]) <= _beyond(texts) <= _rank(wanted[-1]),
}


def _beyond(texts: set[str]) -> tuple[int, Any]:
    return _rank(min(texts)) if texts != {""} else (-1, "")


def _sort_key(account: Account, board: Board, column_id: str) -> Callable[[Item], Any]:
    if column_id in _STAMPS:
        return lambda item: getattr(item, _STAMPS[column_id])
    if column_id == "name":
        return lambda item: item.name.casefold()
    column = column_of(board, column_id)
    return lambda item: _cell_rank(account, column, item)


def _cell_rank(account: Account, column: Column, item: Item) -> tuple[bool, Any]:
    cell = item.cells.get(column.id)
    kind = kind_of(column.type)
    return cell is not None, kind.sort_key(cell, column, account) if cell is not None else 0

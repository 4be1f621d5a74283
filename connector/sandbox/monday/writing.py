"""From ``column_values`` to stored cells: everything is checked before anything is changed."""

import json
from dataclasses import dataclass
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.kinds import Pen, kind_of
from connector.sandbox.monday.problems import RefusedError
from connector.sandbox.monday.state import Account, Board, Column

LONGEST_NAME = 255


@dataclass(frozen=True)
class Draft:
    """A write that passed: new cells (``None`` clears), a new name, labels to add."""

    cells: dict[str, Any]
    name: str | None
    settings: dict[str, dict[str, Any]]


def draft(account: Account, board: Board, values: object, *, create_labels: bool = False) -> Draft:
    """``values`` is the argument as it came: a JSON string holding an object, or nothing."""
    pen = Pen(account, create_labels)
    cells = {key: _cell(board, key, value, pen) for key, value in _decoded(values).items()}
    name = cells.pop("name", None)
    return Draft(cells, None if name is None else checked_name(name), pen.staged)


def simple_draft(
    account: Account, board: Board, column_id: str, text: str, *, create_labels: bool = False
) -> Draft:
    """The plain-text form, in which ``""`` clears a numbers column."""
    if column_id == "name":
        return Draft({}, checked_name(text), {})
    pen = Pen(account, create_labels)
    column = column_of(board, column_id)
    try:
        cell = kind_of(column.type).simple(text, column, pen)
    except RefusedError as why:
        raise problems.value_refused(why, column, kind_of(column.type).internal, text) from why
    return Draft({column_id: cell}, None, pen.staged)


def column_of(board: Board, column_id: str) -> Column:
    column = board.columns.get(column_id)
    if column is None or column.archived:
        raise problems.column_missing(column_id)
    return column


def checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise problems.bad_argument("Item name can't be blank")
    if len(name) > LONGEST_NAME:
        raise problems.name_too_long(len(name))
    return name


def _decoded(values: object) -> dict[str, Any]:
    if values is None:
        return {}
    if not isinstance(values, str):
        raise problems.bad_argument("column_values must be a JSON string")
    try:
        found = json.loads(values, parse_constant=_no_constant)
    except ValueError:
        raise problems.problem("Invalid JSON", "JsonParseException", 400) from None
    if not isinstance(found, dict):
        raise problems.bad_argument("column_values must be a JSON object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _cell(board: Board, column_id: str, value: Any, pen: Pen) -> Any:
    column = column_of(board, column_id)
    kind = kind_of(column.type)
    if value is None and kind.writable:
        return None
    try:
        return kind.write(value, column, pen)
    except RefusedError as why:
        shown = json.dumps(value, ensure_ascii=False)
        raise problems.value_refused(why, column, kind.internal, shown) from why

"""The three ways to page through items; all end in the same kind of cursor."""

from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.call import Call, board_to_read
from connector.sandbox.monday.paging import Page, checked_limit
from connector.sandbox.monday.search import by_column_values, by_rules, ordered
from connector.sandbox.monday.state import Board


def items_page(
    call: Call,
    board: Board,
    limit: int,
    cursor: str | None = None,
    query_params: dict[str, Any] | None = None,
) -> Page:
    """Active items only; without ``order_by`` in an order that changes from call to call."""
    checked_limit(limit)
    if cursor and query_params:
        raise problems.bad_argument("You must provide either query_params or a cursor, not both")
    if cursor:
        return call.cursors.next(call.account, cursor, limit=limit)
    query = query_params or {}
    found = call.cursors.shuffle(by_rules(call.account, board, query))
    sorted_items = ordered(call.account, board, found, query.get("order_by") or [])
    return call.cursors.first(call.account, board, sorted_items, limit=limit)


def next_items_page(call: Call, cursor: str, limit: int) -> Page:
    checked_limit(limit)
    return call.cursors.next(call.account, cursor, limit=limit)


def items_page_by_column_values(
    call: Call,
    board_id: str,
    limit: int,
    columns: list[dict[str, Any]] | None = None,
    cursor: str | None = None,
) -> Page:
    checked_limit(limit)
    if (cursor is None) == (columns is None):
        raise problems.bad_argument("You must provide either columns or a cursor")
    if cursor is not None:
        return call.cursors.next(call.account, cursor, limit=limit)
    board = board_to_read(call, board_id)
    found = by_column_values(call.account, board, columns or [])
    return call.cursors.first(call.account, board, found, limit=limit)

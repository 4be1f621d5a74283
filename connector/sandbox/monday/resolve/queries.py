"""Root fields of queries."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema

from connector.sandbox.monday import problems
from connector.sandbox.monday.call import Info, board_to_read, number_of
from connector.sandbox.monday.paging import Page
from connector.sandbox.monday.quotas import TIERS
from connector.sandbox.monday.resolve import pages
from connector.sandbox.monday.resolve.objects import account
from connector.sandbox.monday.state import Board, Item, Webhook
from connector.sandbox.world import Person

MOST_ITEMS = 100  # ids that items(ids:) takes
MOST_USERS = 200  # default page of users


def complexity(_root: Any, info: Info) -> dict[str, int]:
    cost = info.context.cost
    spent = {"before": cost.before, "query": cost.query, "after": cost.before - cost.query}
    return {**spent, "reset_in_x_seconds": cost.reset_in}


def boards(
    _root: Any, info: Info, limit: int, page: int, state: str = "active", **wanted: Any
) -> list[Board]:
    """An archived board is simply not there unless ``state`` asks for it."""
    found = [board for board in info.context.account.boards.values() if _in_state(board, state)]
    if wanted.get("ids") is not None:
        ids = {number_of(each) for each in wanted["ids"]}
        found = [board for board in found if board.id in ids]
    if wanted.get("board_kind"):
        found = [board for board in found if board.kind == wanted["board_kind"]]
    if wanted.get("workspace_ids") is not None:
        places = {None if each is None else number_of(each) for each in wanted["workspace_ids"]}
        found = [board for board in found if board.workspace_id in places]
    newest_first = sorted(found, key=lambda board: -board.id)
    return _slice(newest_first, limit, page)


def items(
    _root: Any, info: Info, limit: int, page: int, ids: list[str] | None = None, **wanted: Any
) -> list[Item]:
    """Archived and deleted items too, with their state, unless ``exclude_nonactive``."""
    if ids is None or len(ids) > MOST_ITEMS:
        raise problems.bad_argument(f"ids must hold 1 to {MOST_ITEMS} item ids")
    found = [info.context.account.item(number_of(each)) for each in dict.fromkeys(ids)]
    present = [item for item in found if item]
    if wanted.get("exclude_nonactive"):
        present = [item for item in present if item.state == "active"]
    if wanted.get("newest_first"):
        present.sort(key=lambda item: -item.id)
    return _slice(present, limit, page)


def items_page_by_column_values(_root: Any, info: Info, **arguments: Any) -> Page:
    return pages.items_page_by_column_values(info.context, **arguments)


def next_items_page(_root: Any, info: Info, cursor: str, limit: int) -> Page:
    return pages.next_items_page(info.context, cursor, limit)


def users(_root: Any, info: Info, **wanted: Any) -> list[Person]:
    found = list(info.context.account.people.values())
    if wanted.get("ids") is not None:
        ids = {number_of(each) for each in wanted["ids"]}
        found = [person for person in found if person.id in ids]
    if wanted.get("emails") is not None:
        found = [person for person in found if person.email in wanted["emails"]]
    if wanted.get("name"):
        found = [p for p in found if wanted["name"].casefold() in p.name.casefold()]
    return _slice(found, wanted.get("limit") or MOST_USERS, wanted.get("page") or 1)


def webhooks(
    _root: Any, info: Info, board_id: str, app_webhooks_only: bool | None = None
) -> list[Webhook]:
    call = info.context
    board = board_to_read(call, board_id)
    found = [hook for hook in call.account.webhooks.values() if hook.board_id == board.id]
    return [hook for hook in found if hook.app or not app_webhooks_only]


def platform_api(_root: Any, info: Info) -> dict[str, dict[str, int]]:
    """``total``: with what the account has bought beside its plan."""
    call = info.context
    return {"daily_limit": {"base": TIERS[call.tier].daily, "total": call.daily}}


def validations(_root: Any, info: Info, id: str, type: str = "board") -> dict[str, list[str]]:
    return {"required_column_ids": board_to_read(info.context, id).required_columns}


def fetch_job_status(_root: Any, info: Info, job_id: str) -> dict[str, Any]:
    return info.context.bulk.status(job_id)


def _in_state(board: Board, state: str) -> bool:
    return state == "all" or board.state == state


def _slice(found: list[Any], limit: int, page: int) -> list[Any]:
    return found[(page - 1) * limit : page * limit]


_ROOT: dict[str, Callable[..., Any]] = {
    "complexity": complexity,
    "me": lambda _root, info: info.context.person,
    "account": account,
    "platform_api": platform_api,
    "boards": boards,
    "items": items,
    "items_page_by_column_values": items_page_by_column_values,
    "next_items_page": next_items_page,
    "users": users,
    "validations": validations,
    "webhooks": webhooks,
    "fetch_job_status": fetch_job_status,
}


def attach(schema: GraphQLSchema) -> None:
    assert schema.query_type  # noqa: S101 - the SDL beside this file has one
    for name, resolve in _ROOT.items():
        schema.query_type.fields[name].resolve = resolve

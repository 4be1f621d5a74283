"""One call as the resolvers see it: who asks, in which account, with which budget and orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLResolveInfo

from connector.sandbox.monday import problems
from connector.sandbox.monday.state import Account, Board, Item
from connector.sandbox.world import Person

if TYPE_CHECKING:
    from connector.sandbox.monday.bulk import Bulk
    from connector.sandbox.monday.hooks import Hooks
    from connector.sandbox.monday.paging import Cursors


@dataclass(frozen=True)
class Credential:
    """``app`` is empty for a personal token and names the OAuth app otherwise."""

    person: Person
    app: str = ""


@dataclass(frozen=True)
class Cost:
    """What this document costs and what the budget held around it."""

    before: int
    query: int
    reset_in: int


@dataclass(frozen=True)
class Call:
    account: Account
    credential: Credential
    cost: Cost
    tier: str
    daily: int
    base_url: str
    cursors: "Cursors"
    bulk: "Bulk"
    hooks: "Hooks"
    orders: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        return self.credential.person


Info: TypeAlias = GraphQLResolveInfo[Call]


def board_to_write(call: Call, board_id: object) -> Board:
    """An active board this user may change."""
    if call.person.viewer:
        raise problems.not_allowed()
    board = board_to_read(call, board_id)
    if board.permissions != "everyone":
        raise problems.not_allowed()
    return board


def board_to_read(call: Call, board_id: object) -> Board:
    board = call.account.boards.get(number_of(board_id))
    if board is None or board.state != "active":
        raise problems.board_missing(board_id)
    return board


def item_on(board: Board, item_id: object) -> Item:
    item = board.items.get(number_of(item_id))
    if item is None or item.state == "deleted":
        raise problems.item_missing(item_id)
    return item


def item_to_write(call: Call, item_id: object) -> tuple[Board, Item]:
    """For mutations that name an item and no board."""
    if call.person.viewer:
        raise problems.not_allowed()
    item = call.account.item(number_of(item_id))
    if item is None or item.state == "deleted":
        raise problems.item_missing(item_id)
    return board_to_write(call, item.board_id), item


def number_of(value: object) -> int:
    """An ID argument as a number; -1, which nothing has, when it is not one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else -1


def iso(seconds: float) -> str:
    """Such as ``2026-11-22T10:00:00Z``."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Everything the simulated account holds: boards, columns, groups, items, updates, webhooks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.monday.events import Event
from connector.sandbox.monday.ids import Ids
from connector.sandbox.world import PEOPLE, Person


@dataclass(slots=True)
class Column:
    """``settings`` is what the API returns; ``revision`` grows with every change of it."""

    id: str
    title: str
    type: str
    settings: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    revision: int = 1
    archived: bool = False


@dataclass(slots=True)
class Group:
    id: str
    title: str
    color: str = "#579bfc"
    archived: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Snapshot:
    """What the search index still believes about an item until ``until`` (sandbox seconds)."""

    until: float
    present: bool
    name: str
    cells: dict[str, Any]


@dataclass(slots=True)
class Item:
    """``cells`` holds one stored value per column id; an absent id is an empty cell."""

    id: int
    board_id: int
    group_id: str
    name: str
    creator_id: int
    created_at: float
    updated_at: float
    state: str = "active"
    cells: dict[str, Any] = field(default_factory=dict)
    indexed: Snapshot | None = None
    parent_id: int | None = None  # of a subitem: the item it stands under, on another board


@dataclass(slots=True)
class Update:
    id: int
    item_id: int
    body: str
    creator_id: int
    created_at: float


@dataclass(slots=True)
class Webhook:
    id: int
    board_id: int
    url: str
    event: str
    config: str
    app: bool = False


@dataclass(slots=True)
class Board:
    """``used_column_ids`` remembers deleted ones: monday never gives a column id twice."""

    id: int
    name: str
    kind: str = "public"
    state: str = "active"
    permissions: str = "everyone"
    description: str = ""
    workspace_id: int | None = None
    items_limit: int = 10_000
    columns: dict[str, Column] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    used_column_ids: set[str] = field(default_factory=set)
    required_columns: list[str] = field(default_factory=list)  # people must fill these in
    parent_id: int | None = None  # of a board of subitems: the board whose items they stand under

    def active_items(self) -> Iterator[Item]:
        return (item for item in self.items.values() if item.state == "active")

    def first_group(self) -> Group:
        return next(g for g in self.groups.values() if not (g.archived or g.deleted))

    def subitems_board_id(self) -> int | None:
        """Where the subitems of this board's items live; its column of subitems says so."""
        columns = (c for c in self.columns.values() if c.type == "subtasks" and not c.archived)
        return next((c.settings["boardIds"][0] for c in columns), None)

    def column_titled(self, title: str) -> Column:
        return next(c for c in self.columns.values() if c.title == title)


class Account:
    """One monday account. Hold ``lock`` around every read or change of what is in it."""

    def __init__(self, clock: Clock, log: Log, seed: int) -> None:
        self.clock = clock
        self.log = log
        self.lock = threading.RLock()
        self.people: dict[int, Person] = {person.id: person for person in PEOPLE}
        self.listeners: list[Callable[[Event], None]] = []
        self.index_lag = 0.0  # seconds until searches see a change
        self.empty(seed)

    def empty(self, seed: int) -> None:
        self.ids = Ids(seed)
        self.boards: dict[int, Board] = {}
        self.updates: dict[int, Update] = {}
        self.webhooks: dict[int, Webhook] = {}

    def publish(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)

    def item(self, item_id: int) -> Item | None:
        for board in self.boards.values():
            if item_id in board.items:
                return board.items[item_id]
        return None

    def board(self, name: str) -> Board:
        """The active board of that name; for tests, pages and the seed."""
        found = (b for b in self.boards.values() if b.name == name and b.state != "deleted")
        return next(found)

    def dump(self) -> dict[str, Any]:
        return {
            "seed": self.ids.seed,
            "last_ids": self.ids.last,
            "boards": [_board_as_json(board) for board in self.boards.values()],
            "updates": [asdict(update) for update in self.updates.values()],
            "webhooks": [asdict(webhook) for webhook in self.webhooks.values()],
        }

    def load(self, state: dict[str, Any]) -> None:
        self.ids = Ids(state["seed"], dict(state["last_ids"]))
        boards = [_board_from_json(board) for board in state["boards"]]
        self.boards = {board.id: board for board in boards}
        self.updates = {row["id"]: Update(**row) for row in state["updates"]}
        self.webhooks = {row["id"]: Webhook(**row) for row in state["webhooks"]}


def _board_as_json(board: Board) -> dict[str, Any]:
    items = [_item_as_json(item) for item in board.items.values()]
    lists: dict[str, Any] = {"used_column_ids": sorted(board.used_column_ids), "items": items}
    lists["columns"] = [asdict(column) for column in board.columns.values()]
    lists["groups"] = [asdict(group) for group in board.groups.values()]
    plain = {name: getattr(board, name) for name in Board.__slots__ if name not in lists}
    return plain | lists


def _item_as_json(item: Item) -> dict[str, Any]:
    """By hand: ``asdict`` copies deeply and takes ten times as long on a board of 10,000."""
    plain = {name: getattr(item, name) for name in Item.__slots__}
    return plain | {"cells": dict(item.cells), "indexed": None}


def _board_from_json(row: dict[str, Any]) -> Board:
    lists = {
        "used_column_ids": set(row["used_column_ids"]),
        "columns": {column["id"]: Column(**column) for column in row["columns"]},
        "groups": {group["id"]: Group(**group) for group in row["groups"]},
        "items": {item["id"]: Item(**item) for item in row["items"]},
    }
    return Board(**(row | lists))

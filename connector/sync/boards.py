"""What the engine knows of one mapping and its board while it works a slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from connector.clients import monday_client
from connector.models import RecordLink
from connector.models.clock import database_now
from connector.monday.boards import Board
from connector.monday.client import MondayClient
from connector.sync import board_state, books, label_records, subitems
from connector.sync.budget import Ledger
from mappings import catalog, filters
from mappings.columns import Column
from mappings.linking import LinkBook
from mappings.models import BoardMapping
from mappings.render import KEY_TYPES, Pair, Renderer, Rules, compile_rules, visma_key

# A board is read again before writing once the last look is older than this. One call then serves
# many batches; what changes in between is refused by monday and read at once.
STALE = timedelta(minutes=10)
# What planning and settling read of a link and its record; settlement writes the rest unread.
PLANNED = (
    "mapping",
    "record",
    "item_id",
    "state",
    "run",
    "batch",
    "delivered",
    "attempts",
    "look_up_first",
    "parked",
    "delivered_mapping",
    "failure_code",
    *(f"record__{name}" for name in ("entity", "key", "version", "number", "party", "vanished_at")),
    "record__parent",
)


def monday_of(mapping: BoardMapping) -> MondayClient:
    return monday_client(mapping.monday, ledger_of(mapping))


def ledger_of(mapping: BoardMapping) -> Ledger:
    return Ledger.of_monday(mapping.monday, mapping.board_id)


def rules_of(mapping: BoardMapping) -> Rules:
    pairs = tuple(
        Pair(p.field, p.column_id, p.transform, p.column_type, p.link_id, p.labels)
        for p in mapping.pairings.all()
    )
    return Rules(
        entity=mapping.entity,
        item_name=mapping.item_name,
        pairs=pairs,
        key_column=mapping.key_column,
        company_id=mapping.visma.company_id,
        create_labels=mapping.create_labels,
        filter=mapping.filter,
        day=today(mapping),
        books=books.blank(mapping, pairs),
        label_books=label_records.books(mapping, pairs),
    )


def _fields(rules: Rules) -> dict[str, str]:
    """What fills each column; the mark of a record that was left out is no field of Visma's."""
    mark = rules.filter.get(filters.MARK_COLUMN)
    marking = {mark: "filter"} if mark else {}
    return marking | {pair.column_id: pair.field for pair in rules.pairs}


def laid_out(mapping: BoardMapping, rules: Rules) -> Rules:
    """Rules that are only tried out, with what the mapping's surroundings add."""
    return replace(
        rules,
        day=today(mapping),
        books=books.blank(mapping, rules.pairs),
        label_books=label_records.books(mapping, rules.pairs),
    )


def today(mapping: BoardMapping) -> date:
    """The day it is where the tenant is."""
    return database_now().astimezone(ZoneInfo(mapping.tenant.timezone)).date()


@dataclass
class Desk:
    """One mapping laid out for work: its client, its rules and how its records are rendered."""

    mapping: BoardMapping
    client: MondayClient
    ledger: Ledger
    item_cost: int
    render: Renderer
    columns: dict[str, Column]
    fields: dict[str, str]
    has_lines: bool = False  # its items have subitems that follow them
    overs: dict[int, subitems.Over] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: BoardMapping, rules: Rules | None = None) -> Desk:
        """``rules`` other than the mapping's own serve to try them out."""
        rules = laid_out(mapping, rules) if rules else rules_of(mapping)
        columns = {raw["id"]: Column(**raw) for raw in mapping.board_columns}
        ledger = ledger_of(mapping)
        return cls(
            mapping=mapping,
            client=monday_client(mapping.monday, ledger),
            ledger=ledger,
            item_cost=ledger.item_cost(),
            render=compile_rules(rules, columns),
            columns=columns,
            fields=_fields(rules),
            has_lines=mapping.entity in catalog.DOCUMENT_LINES and mapping.children.exists(),
        )

    @property
    def books(self) -> Mapping[int, LinkBook]:
        """What is on the boards that links lead to, as far as `sync.books` was asked."""
        return self.render.rules.books

    def title_of(self, column_id: str) -> str:
        column = self.columns.get(column_id)
        return column.title if column else column_id

    @property
    def group_id(self) -> str:
        """The group for new items; "" is the board's first, also where theirs was deleted."""
        wanted = self.mapping.group_id
        groups = {group["id"] for group in self.mapping.board_groups}
        return "" if groups and wanted not in groups else wanted

    def doubtful(self, link: RecordLink) -> frozenset[str]:
        """Columns that were away when this link was last written."""
        emptied = self.mapping.emptied
        since = {column for column in emptied if link.delivered_mapping < emptied[column]}
        # What is noted at a link is that another item is missing; its own cell is as written.
        linking = {pair.column_id for pair in self.render.rules.pairs if pair.link is not None}
        return frozenset({*since, *(link.parked.keys() - linking)})

    @property
    def written_columns(self) -> list[str]:
        """Ids of the columns that this mapping fills, as far as they are on the board."""
        wanted = dict.fromkeys([self.mapping.key_column, *self.fields])
        return [column for column in wanted if column in self.columns and column != "name"]

    def learn_item_cost(self, cost: int, items: int) -> None:
        """What the answer said that ``items`` cost is what the next ones will."""
        self.item_cost = self.ledger.learn_item_cost(cost, items, known=self.item_cost)

    def newest_version(self) -> int:
        """The mapping's, locked: a change at the same time waits, or is seen here.

        Locked without its key, as records are: a page that adds links to it need not wait, while
        it holds what whoever locks this waits for next.
        """
        rows = BoardMapping.objects.select_for_update(no_key=True).filter(pk=self.mapping.pk)
        return rows.values_list("version", flat=True).get()

    def excluded(self, payload: dict[str, Any]) -> str:
        return filters.excluded(payload, catalog.entity(self.mapping.entity), self.mapping.filter)

    def adopt(self, links: QuerySet[RecordLink], *, payload: bool = False) -> list[RecordLink]:
        """The links with this mapping set, their records, and what planning and settling read.

        A join would bring the whole board with each of them.
        """
        columns = (*PLANNED, "record__payload") if payload else PLANNED
        found = list(links.select_related("record").only(*columns))
        keep = RecordLink._meta.get_field("mapping").set_cached_value
        for link in found:
            keep(link, self.mapping)
        return found

    def look_over(self, links: Sequence[RecordLink]) -> None:
        """Where these are links of lines, learn anew what they stand under."""
        if self.mapping.parent_id is not None:
            self.overs = subitems.over(self.mapping, links)

    def over(self, link: RecordLink) -> subitems.Over:
        """The item that a line's subitem stands under."""
        document = link.record.parent_id or 0
        if document not in self.overs:
            self.overs |= subitems.over(self.mapping, [link])
        return self.overs.get(document, subitems.Over())

    @property
    def finds_by(self) -> str:
        """The column that items are found by; "" where there is none, or none any more."""
        wanted = self.mapping.key_column or self.mapping.find_column
        column = self.columns.get(wanted)
        there = wanted == "name" or (column is not None and column.type in KEY_TYPES)
        return wanted if there else ""

    @property
    def found_since(self) -> int:
        """The version from which on every item shows in that column what it is found by."""
        return int(self.mapping.emptied.get(self.finds_by, 0))

    def key_of(self, record_key: str) -> str:
        """What stands in the item's key column."""
        return visma_key(self.mapping.visma.company_id, self.mapping.entity, record_key)


def desk_of(mapping: BoardMapping, *, now: datetime) -> Desk:
    """Lay out a mapping; reads the board first if it has not been looked at lately.

    Raises AskAPerson where the board cannot be used, Throttled where there is no budget to look.
    """
    if mapping.board_read_at is None or now - mapping.board_read_at > STALE:
        read_board(mapping)
    return Desk.of(mapping)


def read_board(mapping: BoardMapping) -> Board:
    """Read the board and keep what it looks like; `drift.react` answers what has changed."""
    board = monday_of(mapping).board(mapping.board_id)
    board_state.take(mapping, board)
    return board


def forget_board(mapping: BoardMapping) -> None:
    """Look at the board again before the next write."""
    mapping.board_read_at = None
    BoardMapping.objects.filter(pk=mapping.pk).update(board_read_at=None)

"""Ready-made boards: created in monday with columns, labels and a group, and paired at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from connector.clients import monday_client
from connector.errors import ConnectorError
from connector.monday import layout
from connector.monday.boards import Board
from connector.monday.layout import NewColumn
from connector.sync.boards import monday_of, read_board
from connector.sync.budget import Ledger
from mappings import services as mappings
from mappings.catalog import VISMA_KEY, entity
from mappings.columns import Column
from mappings.content import Content, Pairing
from mappings.models import BoardMapping, MappingDraft
from mappings.readymade import ReadyBoard, ReadyColumn
from tenants.models import MondayConnection, VismaConnection

KEY_HELP = "Tells ml-connector which Visma record this item shows. Please leave it as it is."


def create_ready_board(
    visma: VismaConnection,
    monday: MondayConnection,
    ready: ReadyBoard,
    *,
    name: str,
    kind: str,
    attempt: str,
    by: str,
) -> BoardMapping:
    """A new, empty board with its draft; `complete_board` does the rest. Raises ConnectorError.

    ``attempt`` names this wish: sent again after a lost answer, monday creates no second board.
    """
    client = monday_client(monday, Ledger.of_monday(monday))
    board = client.create_board(name, kind, idempotency_key=_key(attempt))
    mapping = mappings.mapping_create(
        tenant=monday.tenant,
        visma=visma,
        monday=monday,
        entity=ready.entity,
        board_id=str(board["id"]),
        board_name=str(board.get("name") or name),
        by=by,
        content=Content(item_name=entity(ready.entity).item_name, create_labels=True),
    )
    _note(mappings.draft_open(mapping, by=by), unfinished=True)
    return mapping


def complete_board(mapping: BoardMapping, ready: ReadyBoard, *, by: str) -> None:
    """Create what the board still lacks and pair all of it; safe to repeat.

    Raises ConnectorError; what was made so far stays.
    """
    board = read_board(mapping)
    missing = _missing(mapping, ready)
    if missing:
        _create(mapping, missing)
        read_board(mapping)
    group_id = _name_group(mapping, board, ready)
    draft = mappings.draft_open(mapping, by=by)

    def change(content: Content) -> Content:
        grouped = replace(content, group_id=group_id, group_title=ready.group if group_id else "")
        return _paired(mapping, ready, grouped)

    mappings.draft_change(draft, by=by, change=change)
    _note(draft, unfinished=False)


def _note(draft: MappingDraft, *, unfinished: bool) -> None:
    draft.facts = {**draft.facts, "unfinished": unfinished}
    draft.save(update_fields=["facts"])


def _missing(mapping: BoardMapping, ready: ReadyBoard) -> list[ReadyColumn]:
    have = {(column["title"], column["type"]) for column in mapping.board_columns}
    return [column for column in ready.columns if (column.title, column.type) not in have]


def _create(mapping: BoardMapping, missing: Sequence[ReadyColumn]) -> None:
    wanted = [
        NewColumn(
            column.title,
            column.type,
            column.labels,
            KEY_HELP if column.field == VISMA_KEY else "",
        )
        for column in missing
    ]
    key = _key(mapping.board_id, *(column.title for column in missing))
    made = layout.create_columns(monday_of(mapping), mapping.board_id, wanted, idempotency_key=key)
    for outcome in made:
        if isinstance(outcome, ConnectorError):
            raise outcome


def _name_group(mapping: BoardMapping, board: Board, ready: ReadyBoard) -> str:
    """The first group gets the name people will look for; it is where new items land."""
    if not board.groups or not ready.group:
        return ""
    first = board.groups[0]
    if first["title"] != ready.group:
        layout.rename_group(monday_of(mapping), mapping.board_id, first["id"], ready.group)
    return first["id"]


def _paired(mapping: BoardMapping, ready: ReadyBoard, content: Content) -> Content:
    columns = {column["title"]: Column(**column) for column in mapping.board_columns}
    for wanted in ready.columns:
        column = columns.get(wanted.title)
        if column is None:
            continue
        if wanted.field == VISMA_KEY:
            content = replace(content, key_column=column.id, key_title=column.title)
        else:
            content = content.with_pair(
                Pairing(wanted.field, column.id, column.title, column.type, wanted.transform)
            )
    return content


def _key(*parts: str) -> str:
    """The same wish has the same key, so a repeated request is answered, not repeated."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("ml-connector", *parts))))

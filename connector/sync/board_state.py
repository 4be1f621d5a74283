"""The board as a mapping's row keeps it, and what people have changed since it was paired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from connector.models.clock import database_now
from connector.monday.boards import Board
from mappings import drift
from mappings.columns import Column
from mappings.drift import Drift
from mappings.models import BoardMapping
from mappings.render import Pair

# Told once and then no longer looked after: records that need the label say so themselves.
NEWS = ("label_gone", "label_renamed")
# Found by reading items, so a look at the board alone says nothing about it.
OF_ITEMS = "key_twice"
# A restored column comes with its cells; one that was of another type has lost them.
EMPTYING = ("column_retyped", "key_column_gone")


def take(mapping: BoardMapping, board: Board, required: Sequence[str] | None = None) -> None:
    """Keep the board as it was just read. ``required`` None: nobody asked which columns are."""
    now = database_now()
    with transaction.atomic():
        row = BoardMapping.objects.select_for_update(no_key=True).get(pk=mapping.pk)
        before = {raw["id"]: Column(**raw) for raw in row.board_columns}
        titles = {group["id"]: group["title"] for group in row.board_groups}
        mapping.board_name = board.name
        mapping.board_columns = list(board.columns)
        mapping.board_groups = list(board.groups)
        mapping.board_required = _required(row.board_required, required)
        mapping.board_read_at = now
        found = [*_of_columns(mapping, row, before), *_of_place(mapping, titles)]
        mapping.drift = carried(row.drift, found, now)
        mapping.save(update_fields=READ)


READ = [
    *("board_name", "board_columns", "board_groups", "board_required"),
    *("board_read_at", "drift"),
]


def forget_mended(mapping: BoardMapping) -> list[str]:
    """What is in order again, by a change of the mapping or of the board, is open no longer.

    Returns the columns of which nobody knows what they show, as their type was another meanwhile.
    """
    before = {raw["id"]: Column(**raw) for raw in mapping.board_columns}
    titles = {group["id"]: group["title"] for group in mapping.board_groups}
    found = [*_of_columns(mapping, mapping, before), *_of_place(mapping, titles)]
    still = {(each.kind, each.column_id) for each in found}
    before_now = mapping.drift
    mapping.drift = [
        each
        for each in before_now
        if (each["kind"], each["column_id"]) in still or each["kind"] in (OF_ITEMS, *NEWS)
    ]
    mended = [each for each in before_now if each not in mapping.drift]
    return [each["column_id"] for each in mended if each["kind"] in EMPTYING]


def carried(
    stored: Sequence[dict[str, Any]], found: Sequence[Drift], now: datetime
) -> list[dict[str, Any]]:
    """What is open now with since when; what is not found any more is over, for `drift.react`."""
    known = {(each["kind"], each["column_id"]): each for each in stored}
    kept = []
    for each in found:
        before = known.pop((each.kind, each.column_id), None)
        same = before is not None and not before["over"]
        kept.append(
            {
                **asdict(each),
                "since": before["since"] if before and same else now.isoformat(),
                "told": bool(before and same and before["told"]),
                "over": False,
            }
        )
    for before in known.values():
        if before["kind"] == OF_ITEMS or before["kind"] in NEWS:
            kept.append(before)
        else:
            kept.append({**before, "over": True})
    return kept


def _required(stored: dict[str, Any], required: Sequence[str] | None) -> dict[str, Any]:
    if required is None:
        return stored
    return {"known": stored.get("known", list(required)), "now": list(required)}


def _of_columns(mapping: BoardMapping, row: BoardMapping, before: dict[str, Column]) -> list[Drift]:
    """Titles and labels as last read, types as paired: those decide what may be written."""
    new = {raw["id"]: Column(**raw) for raw in mapping.board_columns}
    new.setdefault("name", Column("name", "Name", "name"))
    titles = {each["column_id"]: each["title"] for each in row.drift}
    old: dict[str, Column] = {}
    pairs = []
    for pair in mapping.pairings.all():
        last = before.get(pair.column_id)
        title = last.title if last else titles.get(pair.column_id, pair.column_title)
        same = last is not None and last.type == pair.column_type
        settings = last.settings if last is not None and same else {}
        old[pair.column_id] = Column(pair.column_id, title, pair.column_type, settings)
        pairs.append(
            Pair(pair.field, pair.column_id, pair.transform, pair.column_type, labels=pair.labels)
        )
    key = mapping.key_column
    if key:
        title = before[key].title if key in before else titles.get(key, key)
        old[key] = Column(key, title, "text")
    found = drift.compare(pairs, old, new, key)
    return [each for each in found if not each.harmless]


def _of_place(mapping: BoardMapping, titles: dict[str, str]) -> Iterator[Drift]:
    groups = {group["id"] for group in mapping.board_groups}
    if mapping.group_id and groups and mapping.group_id not in groups:
        last = {each["kind"]: each["title"] for each in mapping.drift}
        yield drift.group_gone(titles.get(mapping.group_id) or last.get("group_gone", ""))
    filled = {pair.column_id for pair in mapping.pairings.all()} | {mapping.key_column, "name"}
    known = {*mapping.board_required.get("known", ()), *filled}
    asked = set(mapping.board_required.get("now", ())) - known
    for raw in mapping.board_columns:
        if raw["id"] in asked:
            yield drift.column_required(Column(**raw))

"""Every mutation the connector sends, built as text with all values in variables.

Aliases are ``a0 … aN``. Each document also asks what it cost. Text is cached by shape and count,
so a batch of 25 is built once per process. Checked against monday's published schema 2026-10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

COST = "complexity { before after query reset_in_x_seconds }"
COLUMN = "id title type settings"

ITEM_COST = 10_000  # points of one item mutation, monday's development best practices
# Points of an item on a page that is read, until an answer has told: monday does not publish it,
# and counts the whole page beforehand, however few items are on it.
READ_COST = 1_000
OTHER_COST = 1_000  # points assumed for anything else; corrected by what the answer says


@dataclass(frozen=True)
class Document:
    """One request: same text and variables are always the same bytes on the wire."""

    operation: str
    text: str
    variables: dict[str, Any]
    mutation: bool
    items: int = 0

    @property
    def page(self) -> int:
        """How many a page of this reading may hold; 0 where it is no page."""
        return 0 if self.mutation else int(self.variables.get("limit", 0))

    @property
    def cost(self) -> int:
        """Complexity to reserve before the call, in monday's points."""
        if self.page:
            return READ_COST * self.page
        return ITEM_COST * self.items if self.mutation and self.items else OTHER_COST


def create_items(
    board_id: str,
    group_id: str,
    rows: Sequence[tuple[str, str]],
    create_labels: bool,
) -> Document:
    """Rows of (item name, column_values as JSON text); ``a<i>`` answers row i."""
    variables: dict[str, Any] = {"board": board_id, "labels": create_labels}
    if group_id:
        variables["group"] = group_id
    for index, (name, cells) in enumerate(rows):
        variables |= {f"n{index}": name, f"c{index}": cells}
    text = _create_text(len(rows), bool(group_id))
    return Document("create_items", text, variables, mutation=True, items=len(rows))


@lru_cache(maxsize=256)
def _create_text(count: int, grouped: bool) -> str:
    group = ("$group: String, ", "group_id: $group, ") if grouped else ("", "")
    declared = ", ".join(f"$n{i}: String!, $c{i}: JSON" for i in range(count))
    fields = "\n".join(
        f"  a{i}: create_item(board_id: $board, {group[1]}item_name: $n{i}, "
        f"column_values: $c{i}, create_labels_if_missing: $labels) {{ id }}"
        for i in range(count)
    )
    head = f"mutation CreateItems($board: ID!, $labels: Boolean, {group[0]}{declared})"
    return f"{head} {{\n  {COST}\n{fields}\n}}"


def create_subitems(rows: Sequence[tuple[str, str, str]], create_labels: bool) -> Document:
    """Rows of (id of the item above, name, column_values as JSON text)."""
    variables: dict[str, Any] = {"labels": create_labels}
    for index, (parent, name, cells) in enumerate(rows):
        variables |= {f"p{index}": parent, f"n{index}": name, f"c{index}": cells}
    text = _create_subitems_text(len(rows))
    return Document("create_items", text, variables, mutation=True, items=len(rows))


@lru_cache(maxsize=128)
def _create_subitems_text(count: int) -> str:
    declared = ", ".join(f"$p{i}: ID!, $n{i}: String!, $c{i}: JSON" for i in range(count))
    fields = "\n".join(
        f"  a{i}: create_subitem(parent_item_id: $p{i}, item_name: $n{i}, "
        f"column_values: $c{i}, create_labels_if_missing: $labels) {{ id }}"
        for i in range(count)
    )
    return f"mutation CreateSubitems($labels: Boolean, {declared}) {{\n  {COST}\n{fields}\n}}"


def update_items(board_id: str, rows: Sequence[tuple[str, str]], create_labels: bool) -> Document:
    """Rows of (item id, column_values as JSON text); the name is the cell ``name``."""
    variables: dict[str, Any] = {"board": board_id, "labels": create_labels}
    for index, (item_id, cells) in enumerate(rows):
        variables |= {f"i{index}": item_id, f"c{index}": cells}
    text = _update_text(len(rows))
    return Document("update_items", text, variables, mutation=True, items=len(rows))


@lru_cache(maxsize=128)
def _update_text(count: int) -> str:
    declared = ", ".join(f"$i{i}: ID!, $c{i}: JSON!" for i in range(count))
    fields = "\n".join(
        f"  a{i}: change_multiple_column_values(board_id: $board, item_id: $i{i}, "
        f"column_values: $c{i}, create_labels_if_missing: $labels) {{ id }}"
        for i in range(count)
    )
    head = f"mutation UpdateItems($board: ID!, $labels: Boolean, {declared})"
    return f"{head} {{\n  {COST}\n{fields}\n}}"


def archive_items(item_ids: Sequence[str]) -> Document:
    variables = {f"i{index}": item_id for index, item_id in enumerate(item_ids)}
    text = _archive_text(len(item_ids))
    return Document("archive_items", text, variables, mutation=True, items=len(item_ids))


@lru_cache(maxsize=128)
def _archive_text(count: int) -> str:
    declared = ", ".join(f"$i{i}: ID!" for i in range(count))
    fields = "\n".join(f"  a{i}: archive_item(item_id: $i{i}) {{ id }}" for i in range(count))
    return f"mutation ArchiveItems({declared}) {{\n  {COST}\n{fields}\n}}"


def ingest_items(board_id: str, group_id: str, match_column: str) -> Document:
    """Start a bulk load of rows that update the item with the same key, or make a new one."""
    text = f"""mutation IngestItems($board: ID!, $group: ID!, $match: OnMatchInput) {{
  {COST}
  a0: ingest_items(board_id: $board, group_id: $group, on_match: $match) {{ job_id upload_url }}
}}"""
    match = {"match_column_id": match_column, "behaviour": "UPSERT"}
    variables = {"board": board_id, "group": group_id, "match": match}
    return Document("ingest_items", text, variables, mutation=True)


def create_column(board_id: str, title: str, column_type: str) -> Document:
    text = f"""mutation CreateColumn($board: ID!, $title: String!, $type: ColumnType!) {{
  {COST}
  a0: create_column(board_id: $board, title: $title, column_type: $type) {{ {COLUMN} }}
}}"""
    variables = {"board": board_id, "title": title, "type": column_type}
    return Document("create_column", text, variables, mutation=True)


def create_board(name: str, kind: str, workspace_id: str) -> Document:
    """An empty board (no sample items); ``workspace_id`` empty = the main workspace."""
    text = f"""mutation CreateBoard($name: String!, $kind: BoardKind!, $workspace: ID) {{
  {COST}
  a0: create_board(board_name: $name, board_kind: $kind, workspace_id: $workspace, empty: true) {{
    id name url
  }}
}}"""
    variables = {"name": name, "kind": kind, "workspace": workspace_id or None}
    return Document("create_board", text, variables, mutation=True)

"""The mark on items whose records left the filter: one column, with a word or with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.columns import Column, Encoder, encoder
from mappings.filters import LEFT_OUT, MARK_COLUMN, MARK_TEXT, MARKABLE, Filter


@dataclass(frozen=True)
class Marking:
    """``text`` empty: the reason itself is written."""

    column_id: str
    text: str
    encode: Encoder

    def cells(self, reason: str) -> dict[str, Any]:
        """Raises Refusal where the column lacks the label."""
        return {self.column_id: self.encode(self.text or reason, "")}


def marking(
    rule: Filter, columns: Mapping[str, Column], taken: Collection[str], *, create_labels: bool
) -> Marking | None:
    """None where the mapping marks nothing, or its column is gone or filled from a field."""
    column = columns.get(str(rule.get(MARK_COLUMN) or ""))
    if column is None or column.id in taken or column.type not in MARKABLE:
        return None
    text = str(rule.get(MARK_TEXT) or "")
    if column.type not in ("text", "long_text"):
        text = text or LEFT_OUT
    return Marking(column.id, text, encoder(column, create_labels=create_labels))

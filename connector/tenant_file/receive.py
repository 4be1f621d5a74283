"""The “receive” rule of a mapping: which label, set on the board, Visma will hear of."""

from __future__ import annotations

from typing import Any

from connector.tenant_file.board_columns import KnownBoard
from connector.tenant_file.problems import Problems, like
from connector.tenant_file.shape import ReceivePart
from mappings import receiving
from mappings.catalog import Entity
from mappings.columns import Column
from mappings.columns.labels import Labels


def read_receive(
    part: ReceivePart, entity: Entity, board: KnownBoard | None, problems: Problems
) -> dict[str, Any]:
    """The rule as it is stored, with the column's id."""
    known = receiving.RECEIPTS.get(entity.name)
    if known is None:
        problems.add(part.path, f"{entity.plural} cannot be received")
    elif part.receipt not in known:
        text = f"{entity.plural} are received as whole orders: “{known[0]}”"
        problems.add(f"{part.path}.receipt", text)
    column_id = part.column or ""
    if board is not None and part.column:
        found = board.column(part.column)
        if isinstance(found, str):
            problems.add(f"{part.path}.column", found)
        else:
            column_id = found.id
            _check_labels(part, found, problems)
    return {
        "column": column_id,
        "label": part.label or "",
        "problem_label": part.problem_label,
        "receipt": part.receipt,
        **_quantities(part, problems),
        "release": part.release,
        **({"dry": True} if part.dry else {}),
    }


def _quantities(part: ReceivePart, problems: Problems) -> dict[str, str]:
    """By id: the board of subitems is read by the mapping of the lines."""
    if part.receipt != receiving.LINES:
        return {}
    if not part.quantity_column:
        text = "“lines” needs the numbers column of the subitems where people type what came"
        problems.add(f"{part.path}.quantity_column", text)
    return {"quantity_column": part.quantity_column}


def _check_labels(part: ReceivePart, column: Column, problems: Problems) -> None:
    if column.type != "status":
        problems.add(f"{part.path}.column", f"“{column.title}” is not a status column")
        return
    labels = Labels(column)
    for key in ("label", "problem_label"):
        wanted = getattr(part, key)
        if wanted and labels.find(wanted) is None:
            known = [label.text for label in labels.active]
            text = f"“{column.title}” has no label “{wanted}”{like(wanted, known)}"
            problems.add(f"{part.path}.{key}", text)

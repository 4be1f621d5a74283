"""Labels that records need and a column lacks: created, or another one written in their place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector.models import RecordLink
from connector.monday import layout
from connector.sync.boards import Desk, monday_of, read_board
from connector.sync.mending import amend
from connector.visma.records import decode
from mappings.columns import Column, labels_of
from mappings.content import Content
from mappings.models import BoardMapping
from mappings.transforms.steps import escape

LONGEST = 255  # FieldPairing.transform
CODE = "label_missing"


@dataclass(frozen=True)
class Missing:
    """A label that a record needs, and where."""

    column: Column
    field: str
    label: str

    @property
    def others(self) -> list[str]:
        """Labels that could be written instead."""
        return [each.text for each in labels_of(self.column) if each.text and not each.deactivated]


def missing_of(mapping: BoardMapping, link: RecordLink | None) -> Missing | None:
    """What the record lacks on the board as it was last read; None where it lacks nothing."""
    if link is None:
        return None
    desk = Desk.of(mapping)
    rendered = desk.render(decode(link.record.payload.encode()), link.record.key)
    found = (each for each in rendered.problems if each.code == CODE and each.label)
    problem = next(found, None)
    if problem is None or problem.column_id not in desk.columns:
        return None
    return Missing(desk.columns[problem.column_id], problem.field, problem.label)


def create(mapping: BoardMapping, missing: Missing) -> None:
    """Make the label on the board, or switch it on again. Raises ConnectorError."""
    layout.add_labels(monday_of(mapping), mapping.board_id, missing.column.id, [missing.label])
    read_board(mapping)


def use_instead(mapping: BoardMapping, missing: Missing, label: str, *, by: str) -> int:
    """Write another label wherever Visma says this one. Raises LookupError where there is none."""
    if label not in missing.others:
        raise LookupError(label)
    step = f"map:{escape(missing.label)}={escape(label)}"

    def change(content: Content) -> Content:
        pairing = content.pair_of(missing.column.id)
        if pairing is None:
            return content
        chain = f"{pairing.transform}|{step}" if pairing.transform else step
        if len(chain) > LONGEST:
            raise LookupError("the transform would be too long")
        return content.with_pair(replace(pairing, transform=chain))

    return amend(mapping, by=by, change=change)

"""The receive rule of a mapping: which label on the board asks Visma for a receipt."""

from dataclasses import dataclass

from mappings import receiving
from mappings.models import BoardMapping
from mappings.receiving import LINES, ORDER

RECEIVABLE = tuple(receiving.RECEIPTS)


@dataclass(frozen=True)
class Rule:
    """``dry``: say what would be done, and do nothing. ``receipt``: order, or lines.

    ``quantity_column``: where people type what came, on the board of subitems.
    """

    column: str
    label: str
    problem_label: str
    receipt: str
    release: bool
    dry: bool
    quantity_column: str = ""

    def meant_by(self, text: str) -> bool:
        return _alike(text, self.label)

    def is_problem(self, text: str) -> bool:
        return bool(self.problem_label) and _alike(text, self.problem_label)

    @property
    def by_lines(self) -> bool:
        return self.receipt == LINES


def rule_of(mapping: BoardMapping) -> Rule | None:
    """None where no label means anything: that is how every mapping starts."""
    said = mapping.receive
    if mapping.entity not in RECEIVABLE or not receiving.is_on(said):
        return None
    return Rule(
        column=said["column"],
        label=said["label"],
        problem_label=said.get("problem_label") or "",
        receipt=said.get("receipt") or ORDER,
        release=bool(said.get("release")),
        dry=bool(said.get("dry")),
        quantity_column=said.get("quantity_column") or "",
    )


def _alike(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()

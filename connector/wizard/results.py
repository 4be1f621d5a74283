"""What the samples become under a mapping's content, looked at column by column."""

from __future__ import annotations

from collections.abc import Sequence

from connector.wizard.samples import Sample
from mappings.columns import Column
from mappings.linking import COMING, MISSING
from mappings.problems import Problem
from mappings.render import Rendered
from mappings.showing import Say, plain, shown

NOTES = (COMING, MISSING, "label_coming", "label_off")


class Results:
    """What the samples become, and which of them would be refused, by column."""

    def __init__(
        self, key: str | None, told_of: Sequence[tuple[Sample, Rendered]], say: Say = plain
    ) -> None:
        self.say = say
        self.all = [rendered for _, rendered in told_of]
        self.chosen = next((r for sample, r in told_of if sample.key == key), None)

    def lands(self, column: Column) -> str:
        if self.chosen is None or column.id not in self.chosen.cells:
            return ""
        return shown(column, self.chosen.cells[column.id], self.say)

    def problem(self, column: Column) -> Problem | None:
        if self.chosen is None:
            return None
        found = (*self.chosen.problems, *self.chosen.parked)
        wrong = (p for p in found if p.code not in NOTES)
        return next((p for p in wrong if p.column_id == column.id), None)

    def notes(self, column: Column) -> list[str]:
        """What a link of the chosen sample waits for; the record itself is not kept back."""
        parked = self.chosen.parked if self.chosen else ()
        return [p.message for p in parked if p.code in NOTES and p.column_id == column.id]

    def others(self, column: Column) -> list[str]:
        """How many further samples would be refused, with the first one's reason."""
        if self.problem(column) is not None:
            return []
        refused = [p for r in self.all for p in r.problems if p.column_id == column.id]
        if not refused:
            return []
        first = refused[0]
        count = f"{len(refused)} of {len(self.all)} sample records would be refused here."
        return [f"{count} {first.message} {first.remedy}"]

"""How good the suggestions are: boards as people name them, and what each column means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mappings.catalog import DESCRIBED
from mappings.columns import Column
from mappings.suggest.pairing import Suggestion, suggest

GOLDEN = Path(__file__).parent / "golden"  # one file of boards per entity


@dataclass(frozen=True)
class Judged:
    """One column of the table: what it means, and what was suggested."""

    entity: str
    board: str
    expected: str | None
    suggestion: Suggestion

    @property
    def found(self) -> str | None:
        return self.suggestion.chosen.field if self.suggestion.chosen else None

    @property
    def right(self) -> bool:
        return self.found == self.expected

    @property
    def wrong_at_high(self) -> bool:
        chosen = self.suggestion.chosen
        return not self.right and chosen is not None and chosen.level == "high"


def column_of(raw: dict[str, Any], position: int = 0) -> Column:
    """A column as it stands in a file: ``{id, title, type, labels}``, ``id`` optional."""
    labels = [{"id": n, "label": text} for n, text in enumerate(raw.get("labels") or ())]
    identity = str(raw.get("id") or f"column_{position}")
    settings = raw.get("settings") or {"labels": labels}
    return Column(identity, str(raw["title"]), str(raw["type"]), settings)


def judge(entity: str, boards: Sequence[dict[str, Any]]) -> Iterator[Judged]:
    """Each column of each ``{"board", "columns": [{title, type, labels, field}]}``."""
    for board in boards:
        columns = [column_of(raw, position) for position, raw in enumerate(board["columns"])]
        found = suggest(DESCRIBED[entity], columns)
        for raw, suggestion in zip(board["columns"], found, strict=True):
            yield Judged(entity, board["board"], raw["field"], suggestion)

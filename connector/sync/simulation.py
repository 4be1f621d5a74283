"""What a simulation tells: counts, examples cell by cell, causes, cost; kept as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from connector.sync import plan
from connector.sync.costs import Cost

DECISIONS = {
    plan.Create: "create",
    plan.Update: "update",
    plan.Archive: "archive",
    plan.Unchanged: "unchanged",
    plan.Excluded: "excluded",
    plan.Invalid: "invalid",
    plan.Held: "invalid",
    plan.Gone: "excluded",
}


@dataclass(frozen=True)
class Cell:
    """One cell of one example, as people will read it on the board."""

    column: str
    field: str
    visma: str
    before: str
    after: str


@dataclass(frozen=True)
class Example:
    """One record and what would happen to its item, cell by cell."""

    key: str
    number: str
    party: str
    decision: str
    name: str = ""
    cells: tuple[Cell, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """Why records would wait, or a field of them: in words, with how many and one of them."""

    code: str
    message: str
    remedy: str
    records: int
    example: str
    whole_record: bool


@dataclass
class Simulation:
    """``total`` is how many records there are; ``read`` how many of them were looked at."""

    read: int = 0
    total: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DECISIONS.values(), 0))
    examples: list[Example] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)
    seconds: float = 0.0
    # What the labels on the board now would ask for, as `receipt_forecast` dumps it; {} without.
    receiving: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Simulation:
        known = dict(stored)
        examples = [
            Example(**{**each, "cells": tuple(Cell(**cell) for cell in each["cells"])})
            for each in known.pop("examples")
        ]
        causes = [Cause(**each) for each in known.pop("causes")]
        return cls(**{**known, "cost": Cost(**known["cost"])}, examples=examples, causes=causes)

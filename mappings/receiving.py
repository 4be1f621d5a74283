"""The receive rule of a mapping as it is stored: what it may say, and how people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.columns import Column
from mappings.columns.labels import Labels
from mappings.problems import Problem

ORDER, LINES = "order", "lines"
# By entity, what a label may ask for. An invoice names its order; quantities stand on order lines.
RECEIPTS: dict[str, tuple[str, ...]] = {
    "purchase_order": (ORDER, LINES),
    "supplier_invoice": (ORDER,),
}
RECEIPT_WORDS = {
    ORDER: "Everything the order still waits for",
    LINES: "The quantities people typed at the lines",
}
Rule = Mapping[str, Any]


def is_on(said: Rule) -> bool:
    """Off is how every mapping starts: then no label means anything."""
    return bool(said.get("column") and said.get("label"))


def in_words(said: Rule, titles: Mapping[str, str]) -> dict[str, str]:
    """Title → words of what the rule says; of one that is off only that. ``titles``: of columns."""
    if not is_on(said):
        return {"rule": "off"}
    by_lines = said.get("receipt") == LINES
    quantities = said.get("quantity_column") or ""
    told = {
        "rule": "dry run: nothing is written" if said.get("dry") else "live",
        "column": titles.get(said["column"], said["column"]),
        "label": said["label"],
        "what is received": RECEIPT_WORDS[LINES if by_lines else ORDER],
        "quantities are typed in": titles.get(quantities, quantities),
        "the receipt is then": "released" if said.get("release") else "left on hold",
        "label for problems": said.get("problem_label") or "",
    }
    return {title: words for title, words in told.items() if words}


@dataclass(frozen=True)
class Ground:
    """What a rule stands on: the columns of the board and of its subitems, and the filled ones."""

    columns: Mapping[str, Column]
    paired: Collection[str] = ()
    lines: Mapping[str, Column] = field(default_factory=dict)
    lines_paired: Collection[str] = ()


def problems(said: Rule, ground: Ground) -> list[Problem]:
    """What keeps a rule that is on from working; ``Problem.field`` names the part of the rule."""
    found = _status_column(said, ground)
    if said.get("receipt") == LINES:
        found += _quantity_column(said, ground)
    return found


def _status_column(said: Rule, ground: Ground) -> list[Problem]:
    column = ground.columns.get(said.get("column") or "")
    if column is None or column.type != "status":
        return [_problem("column", "This is no status column of the board.", "Choose one of them.")]
    if column.id in ground.paired:
        words = f"Visma fills “{column.title}”, so people cannot ask for anything there."
        return [_problem("column", words, "Choose a status column that no field fills.")]
    labels = Labels(column)
    found = [
        _problem(
            part,
            f"“{column.title}” has no label “{said[part]}”.",
            "Choose one of its labels, or add it to the column in monday.com.",
        )
        for part in ("label", "problem_label")
        if said.get(part) and labels.find(said[part]) is None
    ]
    if not said.get("label"):
        found.append(_problem("label", "No label was chosen.", "Choose the label that asks."))
    elif said["label"] == said.get("problem_label"):
        words = "The label for problems is the one that asks for the receipt."
        found.append(_problem("problem_label", words, "Choose two different labels."))
    return found


def _quantity_column(said: Rule, ground: Ground) -> list[Problem]:
    if not ground.lines:
        words = "The lines of the orders are not shown as subitems."
        remedy = "Choose “Each line as a subitem” under item name, group, which records."
        return [_problem("receipt", words, remedy)]
    column = ground.lines.get(said.get("quantity_column") or "")
    if column is None or column.type != "numbers":
        words = "This is no numbers column of the subitems."
        return [_problem("quantity_column", words, "Choose one of them, or have one made.")]
    if column.id in ground.lines_paired:
        words = f"Visma fills “{column.title}”, so people cannot type quantities there."
        return [_problem("quantity_column", words, "Choose a column that no field fills.")]
    return []


def _problem(part: str, message: str, remedy: str) -> Problem:
    return Problem("receive_rule", message, remedy, field=part)

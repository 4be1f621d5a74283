"""An amount stands beside its currency: company amounts and document amounts are kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mappings.catalog import COMPANY_CURRENCY, Entity, Field
from mappings.content import Content
from mappings.suggest import Candidate, Suggestion

WHY = "the board shows the document's own currency"


def twin_of(entity: Entity, field: Field) -> Field | None:
    """The same amount in the document's currency, for one in the company's."""
    if field.unit != COMPANY_CURRENCY:
        return None
    names = (f"{field.path}InCurrency", f"{field.path}_in_currency")
    return next((entity.by_path[name] for name in names if name in entity.by_path), None)


def twin_wanted(entity: Entity, field: Field | None, content: Content) -> Field | None:
    """The twin, where a column of the board shows the document's currency."""
    return twin_of(entity, field) if field and column_of(entity, content) else None


def column_of(entity: Entity, content: Content) -> str:
    """The title of the column that shows the document's currency; empty where none does."""
    pairs = (pair for pair in content.pairs if entity.currency and pair.field == entity.currency)
    return next((pair.column for pair in pairs), "")


def in_document_currency(entity: Entity, asked: Sequence[Suggestion]) -> list[Suggestion]:
    """Suggestions for a board that has a currency column: amounts in that currency."""
    chosen = {each.chosen.field for each in asked if each.chosen}
    if entity.currency not in chosen:
        return list(asked)
    return [_exchanged(entity, each, chosen) for each in asked]


def _exchanged(entity: Entity, suggestion: Suggestion, chosen: set[str]) -> Suggestion:
    before = suggestion.chosen
    field = entity.by_path.get(before.field) if before else None
    twin = twin_of(entity, field) if field else None
    if before is None or twin is None or twin.path in chosen:
        return suggestion
    runner_up = replace(before, strength=max(before.strength - 1, 0))
    after = Candidate(
        twin.path, twin.label, before.strength, (*before.reasons, WHY), before.transform
    )
    return replace(suggestion, chosen=after, runner_up=runner_up, reasons=after.reasons)

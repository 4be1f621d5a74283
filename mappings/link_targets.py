"""Which mappings a pair may link to, and in words why not to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mappings.catalog import Entity, Field, entity
from mappings.catalog.references import reference_of
from mappings.columns import Column
from mappings.columns.column import settings_of
from mappings.models import BoardMapping, FieldPairing

BETWEEN = "@"  # between the field's path and the mapping's number, as the pairing page says both


@dataclass(frozen=True)
class LinkChoice:
    """A field whose values name records of a mapping, with that mapping."""

    field: Field
    target: BoardMapping

    @property
    def value(self) -> str:
        return f"{self.field.path}{BETWEEN}{self.target.pk}"

    @property
    def label(self) -> str:
        return f"{self.field.label}: item on “{self.target.name}”"


def targets_of(mapping: BoardMapping) -> list[BoardMapping]:
    """Live mappings of the same company and account, but for those that lead back to this one."""
    rows = BoardMapping.objects.filter(
        tenant=mapping.tenant_id, visma=mapping.visma_id, monday=mapping.monday_id
    ).exclude(went_live_at=None, active=False)
    others = rows.exclude(pk=mapping.pk).order_by("name")
    return [target for target in others if not leads_to(target.pk, mapping.pk)]


def leads_to(start: int, end: int | None) -> bool:
    """Whether links lead from one mapping to the other, however many boards lie between."""
    level, seen = {start}, {start}
    while level:
        rows = FieldPairing.objects.filter(mapping__in=level, link__isnull=False)
        level = set(rows.values_list("link", flat=True)) - seen
        if end in level:
            return True
        seen |= level
    return False


def choices_for(
    of: Entity, column: Column, targets: Sequence[BoardMapping]
) -> tuple[LinkChoice, ...]:
    """What can be linked in a connect-boards column; nothing for other columns."""
    if column.type != "board_relation":
        return ()
    boards = connected(column)
    return tuple(
        LinkChoice(field, target)
        for target in targets
        if target.board_id in boards
        for field in naming(of, target.entity)
    )


def naming(of: Entity, target: str) -> list[Field]:
    """The fields of an entity whose values name records of the other."""
    return [field for field in of.fields if reference_of(of, field) == target]


def connected(column: Column) -> set[str]:
    return {str(each) for each in settings_of(column).get("boardIds") or ()}


def problem(of: Entity, field: Field, column: Column, target: BoardMapping) -> str:
    """Why this field cannot link to that mapping's items in this column; "" when it can."""
    if column.type not in ("", "board_relation"):
        return f"“{column.title}” does not connect boards; a link needs a connect-boards column"
    if reference_of(of, field) != target.entity:
        plural = entity(target.entity).plural.lower()
        return f"{field.label} ({field.path}) does not name {plural}; {_named(of, target.entity)}"
    if column.type and target.board_id not in connected(column):
        return (
            f"“{column.title}” is not connected to the board of “{target.name}”; connect it in "
            "the column's settings in monday"
        )
    return ""


def _named(of: Entity, target: str) -> str:
    paths: Iterable[str] = (field.path for field in naming(of, target))
    listed = ", ".join(paths)
    return f"these do: {listed}" if listed else f"no field of {of.plural.lower()} does"

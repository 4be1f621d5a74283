"""Links of a tenant file: each to a mapping of the file or of the tenant, and never in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.tenant_file.mapping_plan import MappingPlan
from connector.tenant_file.problems import Problems, like
from mappings import link_targets
from mappings.catalog import entity as entity_of
from mappings.columns import Column
from mappings.models import BoardMapping


def link_pairs(
    plans: list[MappingPlan], stored: Mapping[str, BoardMapping], problems: Problems
) -> list[MappingPlan]:
    """The plans with their links made, those first that others link to."""
    by_name = {**stored, **{plan.part.name: plan.row for plan in plans}}
    places = {plan.part.name: _place(plan) for plan in plans}
    for plan in plans:
        for part, field, pairing in plan.links:
            name = part.link or ""
            target = by_name.get(name)
            if target is None:
                wrong = f"there is no mapping “{name}”{like(name, by_name)}"
            elif target is plan.row:
                wrong = "a mapping cannot link to itself"
            elif _place(plan) != (places.get(name) or _stored_place(target)):
                wrong = f"“{name}” is about another company or another monday account"
            else:
                column = _column(plan, pairing.column_id)
                wrong = link_targets.problem(entity_of(plan.row.entity), field, column, target)
            if wrong:
                problems.add_if_silent(f"{part.path}.link", wrong)
            pairing.link = None if wrong else target
    return _targets_first(plans, problems)


def _place(plan: MappingPlan) -> tuple[str, str]:
    names = [each.name if each is not None else "" for each in (plan.visma, plan.monday)]
    return names[0], names[1]


def _stored_place(row: BoardMapping) -> tuple[str, str]:
    return row.visma.name, row.monday.name


def _column(plan: MappingPlan, column_id: str) -> Column:
    """As the board has it; offline, nothing is known of it."""
    found = plan.board.column(column_id) if plan.board is not None else None
    return found if isinstance(found, Column) else Column(column_id, column_id, "")


def _targets_first(plans: list[MappingPlan], problems: Problems) -> list[MappingPlan]:
    """In the order they have to be stored in; a circle is a problem."""
    ordered: list[MappingPlan] = []
    left = list(plans)
    while left:
        waiting = {id(plan.row) for plan in left}
        ready = [plan for plan in left if not waiting.intersection(_leads_to(plan))]
        if not ready:
            path = f"{left[0].part.path}.pairs"
            problems.add(path, "these mappings link to each other in a circle; leave one link out")
            return plans
        ordered += ready
        left = [plan for plan in left if plan not in ready]
    return ordered


def _leads_to(plan: MappingPlan) -> Iterator[int]:
    """The rows that this plan links to; a mapping whose pairs stay has its order already."""
    for _, _, pairing in plan.links:
        if pairing.link is not None:
            yield id(pairing.link)

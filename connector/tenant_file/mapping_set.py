"""All mappings of a tenant file together: none may take the place of another."""

from __future__ import annotations

from connector.tenant_file.link_pairs import link_pairs
from connector.tenant_file.mapping_plan import MappingPlan, Surroundings
from connector.tenant_file.mapping_planner import Planner
from connector.tenant_file.problems import Problems
from connector.tenant_file.shape import MappingPart
from mappings.catalog import LINES_OF
from mappings.models import BoardMapping
from tenants.models import Tenant


def plan_mappings(parts: list[MappingPart], around: Surroundings) -> list[MappingPlan]:
    rows = {row.name: row for row in _stored(around.tenant)}
    overs: list[tuple[MappingPlan, str]] = []
    plans = []
    for part in parts:
        planner = Planner(part, rows.get(part.name), around)
        plans.append(planner.plan())
        if planner.over:
            overs.append((plans[-1], planner.over))
    _put_under(overs, {**rows, **{plan.part.name: plan.row for plan in plans}}, around.problems)
    _refuse_same_place(plans, list(rows.values()), around.problems)
    return link_pairs(plans, rows, around.problems)


def _put_under(
    overs: list[tuple[MappingPlan, str]], rows: dict[str, BoardMapping], problems: Problems
) -> None:
    """Subitems belong to items of a mapping of their documents."""
    for plan, name in overs:
        lines, over = LINES_OF.get(plan.row.entity), rows.get(name)
        if lines is None:
            continue
        if over is None or over.entity != lines.document.name:
            text = f"“{name}” is no mapping of {lines.document.plural.lower()}"
            problems.add_if_silent(f"{plan.part.path}.subitems_of", text)
        plan.over = over


def _stored(tenant: Tenant | None) -> list[BoardMapping]:
    if tenant is None:
        return []
    return list(BoardMapping.objects.of(tenant).select_related("visma", "monday", "parent"))


def _refuse_same_place(
    plans: list[MappingPlan], stored: list[BoardMapping], problems: Problems
) -> None:
    """An entity stands on a board once: two mappings would fill the same board twice."""
    named = {plan.part.name for plan in plans}
    taken = {
        (row.visma.name, row.entity, row.monday.name, row.board_id): row.name
        for row in stored
        if row.name not in named
    }
    for plan in plans:
        if plan.visma is None or plan.monday is None or not plan.row.board_id:
            continue
        place = (plan.visma.name, plan.row.entity, plan.monday.name, plan.row.board_id)
        owner = taken.setdefault(place, plan.part.name)
        if owner != plan.part.name:
            text = f"“{owner}” already shows the same entity of the same company on this board"
            problems.add_if_silent(f"{plan.part.path}.board_id", text)

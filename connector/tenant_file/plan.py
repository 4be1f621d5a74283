"""Everything a tenant file would do, found out without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from connector.tenant_file.changes import Change, differences
from connector.tenant_file.connections import (
    Plans,
    plan_connections,
    refuse_second_connection,
    try_monday,
    try_visma,
)
from connector.tenant_file.mapping_plan import MappingPlan, Surroundings
from connector.tenant_file.mapping_set import plan_mappings
from connector.tenant_file.members import MemberPlan, plan_members
from connector.tenant_file.outside import Outside
from connector.tenant_file.parse import read_tenant_file
from connector.tenant_file.problems import Problem, Problems
from connector.tenant_file.reading import read_json
from connector.tenant_file.shape import TenantPart
from tenants.models import MondayConnection, Tenant, VismaConnection


@dataclass(frozen=True)
class Step:
    """One thing of the file and what becomes of it."""

    kind: str
    name: str
    is_new: bool
    changes: list[Change]

    @property
    def verb(self) -> str:
        return "create" if self.is_new else "change" if self.changes else "keep"


@dataclass
class ImportPlan:
    """``notes`` are no problems: what a person may want to know before or afterwards."""

    tenant: Tenant
    tenant_changes: list[Change]
    members: list[MemberPlan]
    visma: Plans[VismaConnection]
    monday: Plans[MondayConnection]
    mappings: list[MappingPlan]
    outside: Outside | None
    notes: list[Problem] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        yield Step("tenant", self.tenant.slug, self.tenant.pk is None, self.tenant_changes)
        for member in self.members:
            is_new = any(change.before is None for change in member.changes)
            yield Step("member", member.part.email, is_new, member.changes)
        for kind, plans in (("Visma", self.visma), ("monday", self.monday)):
            for plan in plans.values():
                if plan.part is not None:
                    yield Step(kind, plan.name, plan.row.pk is None, plan.changes)
        for mapping in self.mappings:
            row = mapping.row
            changes = [*mapping.changes, *mapping.activity_changes()]
            yield Step("mapping", row.name, row.pk is None, changes)


def plan_import(raw: bytes, *, environ: Mapping[str, str], outside: Outside | None) -> ImportPlan:
    """``outside`` None: nothing is asked of Visma or monday.

    Raises TenantFileError with every problem of the file; nothing was changed then.
    """
    problems, notes = Problems(), Problems()
    file = read_tenant_file(read_json(raw), problems, environ)
    tenant, changes = _plan_tenant(file.tenant, problems)
    stored = tenant if tenant.pk is not None else None
    members = plan_members(file.members, stored, problems)
    visma = plan_connections(VismaConnection, file.visma, stored, problems)
    monday = plan_connections(MondayConnection, file.monday, stored, problems)
    refuse_second_connection(visma, problems)
    if outside is not None:
        try_visma(visma, outside, problems)
        try_monday(monday, outside, problems)
    around = Surroundings(stored, visma, monday, outside, problems, notes)
    mappings = plan_mappings(file.mappings, around)
    problems.raise_any()
    return ImportPlan(tenant, changes, members, visma, monday, mappings, outside, notes.found)


def _plan_tenant(part: TenantPart | None, problems: Problems) -> tuple[Tenant, list[Change]]:
    if part is None:
        return Tenant(), []
    row = Tenant.objects.filter(slug=part.slug).first() or Tenant(slug=part.slug, name=part.slug)
    given: dict[str, Any] = {"name": part.name, "timezone": part.timezone}
    wanted = {name: value for name, value in given.items() if value is not None}
    changes = differences(row, wanted)
    for name, value in wanted.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as refused:
        for name, texts in refused.message_dict.items():
            problems.add(f"tenant.{name}", " ".join(texts))
    return row, changes

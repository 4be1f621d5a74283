"""The connections of a tenant file: compared with what is stored, and tried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from connector.errors import ConnectorError
from connector.sync.companies import refuse_other_company
from connector.tenant_file.changes import Change, differences, stored
from connector.tenant_file.outside import Outside
from connector.tenant_file.problems import Problems
from connector.tenant_file.shape import ConnectionPart
from tenants.models import MondayConnection, Tenant, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)

REQUIRED: dict[type[Any], tuple[str, ...]] = {
    VismaConnection: ("client_id", "client_secret", "visma_tenant_id", "company_id"),
    MondayConnection: ("token",),
}
# How the file calls a model's field.
KEYS = {"visma_tenant_id": "tenant_id"}
# Which key a refusal of the other system is about; any other concerns the connection as a whole.
ABOUT = {
    "client_refused": "client_secret",
    "tenant_refused": "tenant_id",
    "not_approved": "client_id",
    "company_refused": "company_id",
    "not_connected": "tenant_id",  # the sign-in works, and the calls are refused
}


@dataclass
class ConnectionPlan(Generic[C]):
    """``row`` is what the connection will be: not stored yet, or stored with other values.

    ``part`` is None for a stored connection that the file does not name. ``usable`` is False
    once something about it is wrong: then nothing is asked through it.
    """

    row: C
    part: ConnectionPart | None
    changes: list[Change] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    usable: bool = True

    @property
    def name(self) -> str:
        return self.row.name

    def refuse(self, problems: Problems, key: str, text: str) -> None:
        self.usable = False
        path = self.part.path if self.part else ""
        problems.add_if_silent(f"{path}.{key}" if key else path, text)


Plans = dict[str, ConnectionPlan[C]]


def plan_connections(
    model: type[C], parts: list[ConnectionPart], tenant: Tenant | None, problems: Problems
) -> Plans[C]:
    """All connections the tenant will have, by name."""
    rows = {} if tenant is None else {row.name: row for row in model.objects.of(tenant)}
    plans = {name: ConnectionPlan(row, None) for name, row in rows.items()}
    for part in parts:
        plan = ConnectionPlan(rows.get(part.name) or model(name=part.name), part)
        plans[part.name] = plan
        _plan(plan, part, problems)
    return plans


def _plan(plan: ConnectionPlan[C], part: ConnectionPart, problems: Problems) -> None:
    wanted = part.values | part.secrets
    for name in REQUIRED[type(plan.row)]:
        if not wanted.get(name) and not stored(plan.row, name):
            plan.refuse(problems, KEYS.get(name, name), _missing(plan.row, part))
    plan.changes = differences(plan.row, wanted, secrets=part.secrets)
    for change in plan.changes:
        if change.field == "company_id" and plan.row.pk is not None:
            plan.refuse(
                problems,
                "company_id",
                f"“{part.name}” reads company {change.before}, whose records are on its boards; "
                "give another company a connection of its own",
            )
    if isinstance(plan.row, VismaConnection):
        _require_same_company(plan.row, part, plan, problems)
    for name, value in wanted.items():
        setattr(plan.row, name, value)


def _require_same_company(
    stored: VismaConnection, part: ConnectionPart, plan: ConnectionPlan[C], problems: Problems
) -> None:
    found = part.values.get("visma_tenant_id")
    if stored.pk is None or not found:
        return
    try:
        refuse_other_company(stored, visma_tenant_id=found)
    except ConnectorError as error:
        plan.refuse(problems, "tenant_id", f"{error.why.happened} {error.why.remedy}")


def _missing(row: Any, part: ConnectionPart) -> str:
    if row.pk is not None:
        return "missing; the one that is stored cannot be opened with any of the keys"
    return f"missing; the connection “{part.name}” is new and cannot work without it"


def refuse_second_connection(plans: Plans[VismaConnection], problems: Problems) -> None:
    """One connection per company: two would bring each record twice."""
    first: dict[str, str] = {}
    for plan in sorted(plans.values(), key=lambda each: each.row.pk is None):
        company = plan.row.company_id
        owner = first.setdefault(company, plan.name)
        if company and owner != plan.name and plan.part is not None:
            plan.refuse(problems, "company_id", f"company {company} is read by “{owner}” already")


def try_visma(plans: Plans[VismaConnection], outside: Outside, problems: Problems) -> None:
    for plan in plans.values():
        if plan.part is not None and plan.usable:
            _try(plan, outside.visma_facts, problems)


def try_monday(plans: Plans[MondayConnection], outside: Outside, problems: Problems) -> None:
    for plan in plans.values():
        if plan.part is None or not plan.usable:
            continue
        _try(plan, outside.monday_facts, problems)
        _require_same_account(plan, problems)


def _try(plan: ConnectionPlan[C], ask: Any, problems: Problems) -> None:
    try:
        plan.facts = ask(plan.row)
    except ConnectorError as error:
        key = "token" if isinstance(plan.row, MondayConnection) else ABOUT.get(error.why.code, "")
        plan.refuse(problems, key, f"{error.why.happened} {error.why.remedy}")


def _require_same_account(plan: ConnectionPlan[MondayConnection], problems: Problems) -> None:
    known, found = plan.row.account_id, plan.facts.get("account_id", "")
    if known and found and known != found:
        plan.refuse(
            problems,
            "token",
            f"this token belongs to the account “{plan.facts['account_name']}”, the connection to "
            f"“{plan.row.account_name or known}”; give another account a connection of its own",
        )


def pick(
    plans: Mapping[str, ConnectionPlan[C]], wanted: str | None, kept: str | None
) -> ConnectionPlan[C] | str:
    """The connection a mapping means, or why that is not clear."""
    if wanted is not None:
        known = ", ".join(f"“{name}”" for name in plans) or "none"
        return plans.get(wanted) or f"there is no connection “{wanted}”; there is {known}"
    if kept is not None:
        return plans[kept]
    if len(plans) == 1:
        return next(iter(plans.values()))
    if not plans:
        return "missing; the file names no such connection"
    return f"missing; choose among {', '.join(f'“{name}”' for name in plans)}"

"""The members of a tenant file: who gets which role, and who needs a first password."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from connector.tenant_file.changes import Change
from connector.tenant_file.problems import Problems
from connector.tenant_file.shape import MemberPart
from tenants.models import Membership, Role, Tenant
from tenants.services import user_of


@dataclass(frozen=True)
class MemberPlan:
    part: MemberPart
    role: str
    changes: list[Change] = field(default_factory=list)


def plan_members(
    parts: list[MemberPart], tenant: Tenant | None, problems: Problems
) -> list[MemberPlan]:
    found = Membership.objects.of(tenant).select_related("user") if tenant else []
    roles = {member.user.username.lower(): member.role for member in found}
    plans = [_plan(part, roles.get(part.email), problems) for part in parts]
    _require_an_owner(plans, roles, problems)
    return plans


def _plan(part: MemberPart, before: str | None, problems: Problems) -> MemberPlan:
    role = part.role or before or ""
    if not role:
        text = f"missing; choose among {', '.join(Role.values)}"
        problems.add_if_silent(f"{part.path}.role", text)
    if before is None and user_of(part.email) is None:
        _check_newcomer(part, problems)
    return MemberPlan(part, role, [] if role == before else [Change("role", before, role)])


def _check_newcomer(part: MemberPart, problems: Problems) -> None:
    try:
        validate_email(part.email)
    except ValidationError:
        problems.add_if_silent(f"{part.path}.email", f"“{part.email}” is not an e-mail address")
    if part.password is None:
        text = f"missing; {part.email} has no account yet and needs a first password"
        problems.add_if_silent(f"{part.path}.password", text)
        return
    try:
        validate_password(part.password, User(username=part.email, email=part.email))
    except ValidationError as refused:
        problems.add(f"{part.path}.password", " ".join(refused.messages))


def _require_an_owner(plans: list[MemberPlan], before: dict[str, str], problems: Problems) -> None:
    if problems.has_about("members"):
        return  # who would be left is not clear yet
    after = before | {plan.part.email: plan.role for plan in plans}
    if after and Role.OWNER not in after.values():
        problems.add("members", "there must be an owner; give one of them the role “owner”")

"""Members of a workspace: who they are, their roles, and who is invited."""

from smtplib import SMTPException
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.people.forms import InvitationForm, RoleForm
from connector.people.letters import send_invitation
from tenants.access import TenantRequest, may, role_required, tenant_required
from tenants.invitations import invitation_create, open_invitations
from tenants.models import Membership, Role
from tenants.services import is_only_owner, member_change, member_remove


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    return _page(request, InvitationForm())


def _page(request: TenantRequest, form: InvitationForm) -> HttpResponse:
    second_factor = Authenticator.objects.filter(user=OuterRef("user"), type="totp")
    members = (
        Membership.objects.of(request.tenant)
        .select_related("user")
        .annotate(has_second_factor=Exists(second_factor))
        .order_by("user__email")
    )
    context = {
        "members": members,
        "roles": Role.choices,
        "form": form,
        "invitations": open_invitations(request.tenant),
    }
    return render(request, "people/members.html", context)


@require_POST
@role_required(Role.OWNER)
def invite(request: TenantRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    typed = form.cleaned_data
    try:
        invitation, code = invitation_create(
            request.tenant,
            email=typed["email"],
            role=typed["role"],
            by=request.user.get_username(),
        )
    except ValidationError as problem:
        form.add_error("email", problem)
        return _page(request, form)
    try:
        send_invitation(invitation, code)
    except (SMTPException, OSError):
        invitation.delete()
        form.add_error("email", "The e-mail could not be sent. Ask the host to check EMAIL_URL.")
        return _page(request, form)
    _tell(request, f"invited {invitation.email} as {invitation.role}")
    messages.success(request, f"{invitation.email} is invited. The link works for 7 days, once.")
    return redirect("people:members", request.tenant.slug)


@require_POST
@role_required(Role.OWNER)
def withdraw(request: TenantRequest, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(open_invitations(request.tenant), pk=invitation_id)
    invitation.delete()
    _tell(request, f"withdrew the invitation of {invitation.email}")
    messages.success(request, f"The invitation of {invitation.email} no longer works.")
    return redirect("people:members", request.tenant.slug)


@require_POST
@role_required(Role.OWNER)
def change_role(request: TenantRequest, membership_id: int) -> HttpResponse:
    membership = _member(request, membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = form.cleaned_data["role"]
        try:
            member_change(membership, role=role)
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        else:
            _tell(request, f"made {membership.user.email} {role}")
            messages.success(request, f"{membership.user.email} is now {role}.")
    return redirect("people:members", request.tenant.slug)


@require_http_methods(["GET", "POST"])
@tenant_required
def remove(request: TenantRequest, membership_id: int) -> HttpResponse:
    """An owner removes anybody; everybody may leave. The last owner stays."""
    membership = _member(request, membership_id)
    leaves = membership.pk == request.membership.pk
    if not leaves and not may(request.membership, Role.OWNER):
        raise PermissionDenied("Only an owner removes other members.")
    if request.method == "POST":
        return _removed(request, membership, leaves=leaves)
    context: dict[str, Any] = {
        "member": membership,
        "leaves": leaves,
        "is_only_owner": is_only_owner(membership),
    }
    return render(request, "people/remove.html", context)


def _removed(request: TenantRequest, membership: Membership, *, leaves: bool) -> HttpResponse:
    email = membership.user.email
    try:
        member_remove(membership)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return redirect("people:members", request.tenant.slug)
    _tell(request, "left the workspace" if leaves else f"removed {email}")
    messages.success(request, f"{email} is no longer a member of {request.tenant}.")
    return redirect("people:landing") if leaves else redirect("people:members", request.tenant.slug)


def _member(request: TenantRequest, membership_id: int) -> Membership:
    rows = Membership.objects.of(request.tenant).select_related("user")
    return get_object_or_404(rows, pk=membership_id)


def _tell(request: HttpRequest, what: str) -> None:
    """Who may do what is part of the proof: such acts stand in the audit."""
    actor = request.user.get_username()
    AuditEntry.objects.create(
        tenant=request.tenant,  # type: ignore[attr-defined]
        at=database_now(),
        actor=actor,
        action=Action.CONFIGURE,
        outcome=Outcome.DONE,
        message=f"{actor} {what}.",
    )

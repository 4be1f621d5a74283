"""The way of an invited person: the link, an account if there is none, the place."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.people import waiting
from tenants.invitations import invitation_accept, invitation_of, is_for, still_open
from tenants.models import Invitation
from tenants.services import user_of


@never_cache
def link(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the e-mail: remembered, and out of the address at once."""
    invitation = invitation_of(code)
    if invitation is None:
        return render(request, "account/invitation_void.html", status=404)
    waiting.remember(request, invitation.pk)
    # Who holds the code reads the mailbox: the address needs no second proof at sign-up.
    get_adapter().stash_verified_email(request, invitation.email)
    return redirect("people:invitation")


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Accept it, or first sign up or in."""
    invitation = _waiting(request)
    if invitation is None:
        waiting.forget(request)
        return render(request, "account/invitation_void.html", status=404)
    user = request.user
    if not isinstance(user, User):
        known = user_of(invitation.email) is not None
        context = {"invitation": invitation, "known": known}
        return render(request, "account/invitation.html", context)
    if request.method == "POST":
        return _accept(request, invitation, user)
    context = {"invitation": invitation, "is_for_user": is_for(invitation, user)}
    return render(request, "account/invitation_accept.html", context)


def _waiting(request: HttpRequest) -> Invitation | None:
    rows = still_open().filter(pk=waiting.waiting_id(request) or 0)
    return rows.select_related("tenant").first()


def _accept(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    try:
        invitation_accept(invitation, user)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return redirect("people:invitation")
    waiting.forget(request)
    AuditEntry.objects.create(
        tenant=invitation.tenant,
        at=database_now(),
        actor=user.get_username(),
        action=Action.CONFIGURE,
        outcome=Outcome.DONE,
        message=f"{user.email} accepted the invitation of {invitation.invited_by} "
        f"as {invitation.role}.",
    )
    return redirect("console:home", invitation.tenant.slug)

"""Where a person lands, and how a workspace begins."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from connector.people import waiting
from connector.people.forms import WorkspaceForm
from tenants.models import Role, Tenant
from tenants.services import member_add, tenant_create


@login_required
def landing(request: HttpRequest) -> HttpResponse:
    """The one workspace, a choice of several, or the way to a first one."""
    if waiting.has_invitation(request):
        return redirect("people:invitation")
    tenants = list(Tenant.objects.filter(memberships__user__pk=request.user.pk or 0))
    if not tenants:
        return redirect("people:workspace_new")
    if len(tenants) == 1:
        return redirect("console:home", tenants[0].slug)
    return render(request, "account/workspaces.html", {"tenants": tenants})


@login_required
def workspace_new(request: HttpRequest) -> HttpResponse:
    """Name a workspace; whoever does so owns it."""
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            tenant = tenant_create(
                slug=form.free_slug(),
                name=form.cleaned_data["name"],
                timezone=form.cleaned_data["timezone"],
            )
            member_add(tenant, email=request.user.email, role=Role.OWNER)  # type: ignore[union-attr]
        return redirect("wizard:start", tenant.slug)
    context = {"form": form, "back": reverse("people:landing")}
    return render(request, "account/workspace_new.html", context)

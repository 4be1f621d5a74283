"""Where the setup begins and goes on: the first step that needs somebody; and its first step."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from connector.wizard.forms import WorkspaceForm
from connector.wizard.pages import step_page
from connector.wizard.steps import Rail
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@role_required(Role.OWNER)
def start(request: TenantRequest) -> HttpResponseBase:
    return redirect(Rail(request.tenant).first_open.url)


@role_required(Role.OWNER)
def workspace(request: TenantRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None, instance=request.tenant)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("wizard:visma", request.tenant.slug)
    if form.errors:
        request.tenant.refresh_from_db()  # the page's frame shows what is stored
    return step_page(request, "workspace", {"form": form})

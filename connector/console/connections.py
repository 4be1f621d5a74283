"""Connections: their health, their test line by line, and new credentials tried before stored."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from connector.console.credentials import FORMS, replace_credentials
from connector.errors import ConnectorError
from connector.sync import checks, probes
from mappings.models import BoardMapping
from tenants.access import TenantRequest, role_required, tenant_required
from tenants.models import MondayConnection, Role, VismaConnection

MODELS: dict[str, type[VismaConnection] | type[MondayConnection]] = {
    "visma": VismaConnection,
    "monday": MondayConnection,
}


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    found = [
        (system, connection)
        for system, model in MODELS.items()
        for connection in model.objects.of(request.tenant).without_secrets().order_by("name")
    ]
    return render(request, "console/connections.html", {"connections": found})


@tenant_required
def connection(request: TenantRequest, system: str, connection_id: int) -> HttpResponse:
    found = _connection(request, system, connection_id)
    return render(request, "console/connection.html", _context(system, found))


@require_POST
@role_required(Role.OPERATOR)
def test(request: TenantRequest, system: str, connection_id: int) -> HttpResponse:
    """One line of the test for htmx, which asks for the next; without it all lines at once."""
    found = _connection(request, system, connection_id)
    todo = _probes(system, found)
    if request.htmx:  # type: ignore[attr-defined]
        checks.step(found, todo, _position(request, len(todo)))
        context = {**_context(system, found), "running": True}
        return render(request, "console/checklist.html", context)
    lines = checks.step(found, todo, 0)
    while len(lines) < len(todo):
        lines = checks.step(found, todo, len(lines))
    return redirect("console:connection", request.tenant.slug, system, found.pk)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@role_required(Role.OWNER)
def credentials(request: TenantRequest, system: str, connection_id: int) -> HttpResponse:
    """New credentials replace the old ones only once the other system has accepted them."""
    found = _connection(request, system, connection_id)
    form = FORMS[system](request.POST or None, connection=found)
    if request.method == "POST" and form.is_valid():
        try:
            replace_credentials(found, form.cleaned_data, by=request.user.get_username())
        except ConnectorError as error:
            form.add_error(None, f"{error.why.happened} {error.why.remedy} The old ones stay.")
        else:
            messages.success(request, f"{found.name} works with the new credentials.")
            return redirect("console:connection", request.tenant.slug, system, found.pk)
    context = {"connection": found, "system": system, "form": form}
    return render(request, "console/credentials.html", context)


def _connection(request: TenantRequest, system: str, connection_id: int) -> Any:
    rows = MODELS[system].objects.of(request.tenant).without_secrets()
    return get_object_or_404(rows, pk=connection_id)


def _context(system: str, found: Any) -> dict[str, Any]:
    lines = checks.stored(found)
    labels = [probe.label for probe in _probes(system, found)]
    return {
        "system": system,
        "connection": found,
        "lines": lines,
        "todo": labels[len(lines) :],
        "position": len(lines),
        "mappings": found.mappings.order_by("name"),
    }


def _probes(system: str, found: Any) -> list[checks.Probe]:
    """What the mappings of the connection use is what has to work."""
    used = BoardMapping.objects.filter(**{system: found})
    if system == "visma":
        return probes.visma_probes(found, sorted(set(used.values_list("entity", flat=True))))
    first = used.order_by("name").first()
    return probes.monday_probes(found, first.board_id if first else "")


def _position(request: TenantRequest, most: int) -> int:
    asked = request.POST.get("position", "0")
    return min(int(asked), most - 1) if asked.isascii() and asked.isdigit() else 0

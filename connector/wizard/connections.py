"""Steps 2 and 3: a connection is entered, stored sealed, and tested line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from connector.sync import checks
from connector.sync.checks import Check, Connection, Probe
from connector.sync.probes import monday_probes, visma_probes
from connector.wizard.forms import CredentialForm, MondayForm, VismaForm
from connector.wizard.pages import by_htmx, fragment, step_page
from tenants.access import OuterView, TenantRequest, role_required
from tenants.models import MondayConnection, Role, Tenant, VismaConnection
from tenants.services import connection_unproven, free_connection_name


@dataclass(frozen=True)
class System(Generic[Connection]):
    """One of the two systems: its rows, its form, its test."""

    name: str
    model: type[Connection]
    form: type[CredentialForm]
    probes: Callable[[Connection], list[Probe]]

    def connections(self, tenant: Tenant) -> list[Connection]:
        rows: Any = self.model.objects
        return list(rows.of(tenant).order_by("pk"))

    def in_hand(self, request: TenantRequest) -> Connection | None:
        """The one the address names; else the newest, unless a new one is asked for."""
        found = self.connections(request.tenant)
        wanted = request.GET.get("connection", "")
        if wanted == "new" or (not wanted and not found):
            return None
        if not wanted:
            return found[-1]
        for one in found:
            if str(one.pk) == wanted:
                return one
        raise Http404("There is no such connection in this workspace.")


VISMA: System[VismaConnection] = System("visma", VismaConnection, VismaForm, visma_probes)
MONDAY: System[MondayConnection] = System("monday", MondayConnection, MondayForm, monday_probes)


def _page(system: System[Connection]) -> OuterView:
    @role_required(Role.OWNER)
    def view(request: TenantRequest) -> HttpResponseBase:
        connection = system.in_hand(request)
        if request.method == "POST" and not _in_use(connection):
            return _save(request, system, connection)
        return _show(request, system, connection, system.form(instance=connection))

    return view


def _save(
    request: TenantRequest, system: System[Connection], connection: Connection | None
) -> HttpResponseBase:
    """Store what was entered, also where the test will refuse it: nothing has to be retyped."""
    row = connection or system.model(
        tenant=request.tenant, name=free_connection_name(request.tenant, system.model)
    )
    form = system.form(request.POST, instance=row)
    if not form.is_valid():
        return _show(request, system, connection, form)
    saved = form.save()
    connection_unproven(saved)
    return redirect(
        f"{reverse(f'wizard:{system.name}', args=[request.tenant.slug])}"
        f"?connection={saved.pk}&test=1"
    )


def _show(
    request: TenantRequest,
    system: System[Connection],
    connection: Connection | None,
    form: CredentialForm,
) -> HttpResponse:
    context = {
        "form": form,
        "connection": connection,
        "connections": [(one.pk, _title(one)) for one in system.connections(request.tenant)],
        "title": _title(connection) if connection else "",
        "in_use": _in_use(connection),
        **_list_of(request, system, connection),
    }
    if request.GET.get("test") and connection and not connection.checks:
        context["next"] = 0
    return step_page(request, system.name, context)


def _title(connection: VismaConnection | MondayConnection) -> str:
    """What people know a connection by: the company or the account it turned out to be."""
    if isinstance(connection, VismaConnection):
        return connection.company_name or f"Company {connection.company_id}"
    return connection.account_name or f"monday account, {connection.name}"


def _list_of(
    request: TenantRequest, system: System[Connection], connection: Connection | None
) -> dict[str, Any]:
    """The checklist as it was left, whatever device ran it."""
    if connection is None:
        return {"lines": [], "next": None}
    lines = checks.stored(connection)
    probes = system.probes(connection)
    going_on = lines and len(lines) < len(probes)
    return {
        "lines": lines,
        "next": len(lines) if going_on else None,
        "waiting": [probe.label for probe in probes[len(lines) :]],
        "check_url": reverse(
            f"wizard:{system.name}_check", args=[request.tenant.slug, connection.pk]
        ),
        "passed": _passed(lines, probes),
        "continue_url": reverse(
            "wizard:monday" if system.name == "visma" else "wizard:what",
            args=[request.tenant.slug],
        ),
    }


def _passed(lines: list[Check], probes: list[Probe]) -> bool:
    return len(lines) == len(probes) and all(line.ok for line in lines)


def _check(system: System[Connection]) -> OuterView:
    """One more line of the test for htmx; all of them, and the page, for everybody else."""

    @require_POST
    @role_required(Role.OWNER)
    def view(request: TenantRequest, connection_id: int) -> HttpResponseBase:
        connection = _own(system, request.tenant, connection_id)
        probes = system.probes(connection)
        position = _number(request.POST.get("line", "0"), len(probes))
        if by_htmx(request):
            checks.step(connection, probes, position)
            context = _list_of(request, system, connection)
            return fragment(request, "checklist_again", context, here=system.name)
        lines = checks.step(connection, probes, 0)
        while len(lines) < len(probes):
            lines = checks.step(connection, probes, len(lines))
        if not _passed(lines, probes):
            messages.error(request, "The test found something to mend.")
        url = reverse(f"wizard:{system.name}", args=[request.tenant.slug])
        return redirect(f"{url}?connection={connection.pk}")

    return view


def _own(system: System[Connection], tenant: Tenant, pk: int) -> Connection:
    for one in system.connections(tenant):
        if one.pk == pk:
            return one
    raise Http404("There is no such connection in this workspace.")


def _number(text: str, below: int) -> int:
    found = int(text) if text.isascii() and text.isdigit() else 0
    return found if found < below else 0


def _in_use(connection: VismaConnection | MondayConnection | None) -> bool:
    """Credentials under which something was written are replaced under Connections only:
    there the new ones are tested first, and another company or account is refused."""
    if connection is None:
        return False
    rows: Any = connection.mappings
    return bool(rows.filter(Q(active=True) | Q(went_live_at__isnull=False)).exists())


visma, visma_check = _page(VISMA), _check(VISMA)
monday, monday_check = _page(MONDAY), _check(MONDAY)

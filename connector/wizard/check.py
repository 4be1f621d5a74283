"""Step 6: what would happen, by the planner of the real run; nothing is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect

from connector.errors import ConnectorError
from connector.sync import checks
from connector.sync.checks import Check
from connector.sync.probes import monday_probes
from connector.sync.receipt_forecast import forecast
from connector.sync.simulate import simulate
from connector.sync.simulation import Simulation
from connector.wizard.board_facts import refresh_board
from connector.wizard.drafts import Desk, keep_simulation, simulation_of
from connector.wizard.pages import by_htmx, fragment, step_page
from connector.wording import trouble_of
from mappings.services import mapping_content, version_diff
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@role_required(Role.OWNER)
def check(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """GET shows the last simulation of this draft; POST makes one."""
    desk = Desk(request, mapping_id)
    if not desk.content.pairs:
        messages.info(request, "Pair at least one field first.")
        return redirect(desk.url("pair"))
    if request.method == "POST":
        return _run(request, desk)
    found = simulation_of(desk.draft)
    context = {**_context(desk), "simulation": found, "is_due": found is None}
    return step_page(request, "check", context, mapping=desk.mapping)


def _run(request: TenantRequest, desk: Desk) -> HttpResponseBase:
    """Test the board and simulate; the result stays with the draft until the draft changes."""
    context: dict[str, Any] = {"lines": board_lines(desk)}
    if all(line.ok for line in context["lines"]):
        try:
            keep_simulation(desk.opened(), desk.content, _simulated(desk))
        except ConnectorError as error:
            context["trouble"] = trouble_of(error.why)
    if not by_htmx(request):
        for line in context["lines"]:
            if not line.ok:
                messages.error(request, f"{line.label}: {line.happened} {line.remedy}")
        return redirect(desk.url("check"))
    context |= {**_context(desk), "simulation": simulation_of(desk.draft), "is_due": False}
    return fragment(request, "simulation_again", context, here="check", mapping=desk.mapping)


def _simulated(desk: Desk) -> Simulation:
    """Both directions: what the board would get, and what its labels would ask for."""
    found = simulate(desk.mapping, desk.content)
    labels = forecast(desk.mapping, desk.content)
    found.receiving = labels.dump() if labels else {}
    return found


def board_lines(desk: Desk) -> list[Check]:
    """The board's own lines of the connection test, read now."""
    mapping = desk.mapping
    probes = monday_probes(mapping.monday, mapping.board_id)
    lines = list(checks.perform([probe for probe in probes if probe.label.startswith("Board")]))
    refresh_board(desk, now=True)
    return lines


def _context(desk: Desk) -> dict[str, Any]:
    changes = []
    if not desk.mapping.is_draft:
        before = mapping_content(desk.mapping)
        changes = version_diff(desk.mapping, old=before, new=desk.content)
    return {
        "desk": desk,
        "mapping": desk.mapping,
        "content": desk.content,
        "entity": desk.entity,
        "changes": changes,
    }

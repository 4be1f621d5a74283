"""Needs attention: what is wrong, what it costs, who can mend it, and Replay with its effect."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from connector.console.blockades import blockades_of
from connector.console.causes import Cause, cause_of, causes_of
from connector.console.receiving import receipt_causes_of
from connector.console.searching import with_company
from connector.models import SyncRun, Trigger
from connector.sync import replay
from tenants.access import TenantRequest, role_required, tenant_required
from tenants.models import Role

# Causes shown; more than this at once have a common reason above them.
SHOWN = 25
SAMPLE = 10


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    causes = causes_of(request.tenant)
    context = {
        "receipt_causes": receipt_causes_of(request.tenant),
        "blockades": blockades_of(request.tenant),
        "causes": causes[:SHOWN],
        "hidden": len(causes[SHOWN:]),
    }
    return render(request, "console/attention.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def replay_cause(request: TenantRequest, cause_id: str) -> HttpResponse:
    """First what it would do, counted; then the replay, and its run."""
    cause = cause_of(request.tenant, cause_id)
    if cause is None or not cause.is_replayable:
        raise Http404("Nothing waits for this cause any more.")
    if request.method == "POST":
        return _replay(request, cause)
    links = cause.links()
    context = {
        "cause": cause,
        "preview": replay.preview(links),
        "sample": with_company(links.order_by("pk"))[:SAMPLE],
        "rest": cause.count - SAMPLE,
    }
    return render(request, "console/replay.html", context)


def _replay(request: TenantRequest, cause: Cause) -> HttpResponse:
    number = replay.replay_links(cause.links(), actor=request.user.get_username())
    if not number:
        messages.info(request, "Nothing to replay: these records were delivered meanwhile.")
        return redirect("console:attention", request.tenant.slug)
    run = SyncRun.objects.filter(mapping=cause.mapping, trigger=Trigger.REPLAY).latest("pk")
    return redirect("console:run", request.tenant.slug, run.pk)

"""Runs: what each pass read and what became of it, live while it goes on."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from connector.console.own import SECRETS
from connector.console.pages import page_of
from connector.console.run_account import OUTCOMES, account_of, counted, entries_of, still_open
from connector.console.searching import with_company
from connector.models import SyncRun
from tenants.access import TenantRequest, tenant_required


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    runs = SyncRun.objects.of(request.tenant)
    page = page_of(request, runs, dressed=lambda rows: rows.select_related("mapping"))
    return render(request, "console/runs.html", {"page": page})


@tenant_required
def run(request: TenantRequest, run_id: int) -> HttpResponse:
    """The whole page, or for htmx its live part only."""
    account = account_of(_run(request, run_id))
    part = "console/run_account.html" if request.htmx else "console/run.html"  # type: ignore[attr-defined]
    return render(request, part, {"account": account, "run": account.run})


@tenant_required
def records(request: TenantRequest, run_id: int, outcome: str) -> HttpResponse:
    """Exactly the records that one number of the account counts."""
    found = _run(request, run_id)
    context = {"run": found, "outcome": outcome}
    if outcome == "open":
        context["page"] = page_of(request, still_open(found), dressed=with_company)
        return render(request, "console/run_open.html", context)
    if outcome not in OUTCOMES:
        raise Http404("A run has no such column.")
    context["page"] = page_of(request, entries_of(found, outcome), total=counted(found, outcome))
    return render(request, "console/run_records.html", context)


def _run(request: TenantRequest, run_id: int) -> SyncRun:
    runs = SyncRun.objects.of(request.tenant).select_related(
        "mapping", "mapping__monday", "mapping__visma"
    )
    runs = runs.defer(*(f"mapping__{name}" for name in SECRETS))
    return get_object_or_404(runs, pk=run_id)

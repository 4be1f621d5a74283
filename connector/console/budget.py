"""Budget: calls of today against the account's day, and what writing everything again costs."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from connector.console.chart import chart_of
from connector.console.own import mappings_of
from connector.console.spending import spending_of, visma_lines
from connector.local_formats import zone_of
from connector.models import LinkState, RecordLink
from connector.sync.costs import cost_of
from tenants.access import TenantRequest, tenant_required
from tenants.models import Tenant


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    zone = zone_of(request.tenant)
    context = {
        "accounts": [
            (spending, chart_of(spending.hours, zone)) for spending in spending_of(request.tenant)
        ],
        "visma": list(visma_lines(request.tenant)),
        "reloads": _reloads(request.tenant),
    }
    return render(request, "console/budget.html", context)


def _reloads(tenant: Tenant) -> list[dict[str, object]]:
    """For each mapping: the price of writing all its records once more."""
    found: list[dict[str, object]] = []
    mappings = list(mappings_of(tenant))
    links = RecordLink.objects.filter(mapping__in=mappings).exclude(state=LinkState.EXCLUDED)
    counted = dict(links.order_by().values_list("mapping").annotate(n=Count("*")))
    for mapping in mappings:
        if number := counted.get(mapping.pk, 0):
            cost = cost_of(mapping, {"update": number}, read=number, total=number)
            found.append({"mapping": mapping, "records": number, "cost": cost})
    return found

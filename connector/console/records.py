"""The list of records: filters, search, and the same list as a CSV file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from connector.console.export import csv_lines
from connector.console.pages import page_of
from connector.console.searching import Search, choices, with_company
from tenants.access import TenantRequest, tenant_required


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    search = Search.of(request.tenant, request.GET)
    found = page_of(request, search.links(), dressed=with_company)
    context = {
        "search": search,
        "page": found,
        "is_cut": search.is_cut(found.total),
        **choices(request.tenant),
    }
    return render(request, "console/records.html", context)


@tenant_required
def export(request: TenantRequest) -> StreamingHttpResponse:
    """Exactly the records of the list, all pages of it."""
    search = Search.of(request.tenant, request.GET)
    lines = csv_lines(with_company(search.links()), request.tenant)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{request.tenant.slug}-records-{timezone.now():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

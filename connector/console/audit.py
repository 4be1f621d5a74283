"""The way to the audit trail, which lives in Django admin."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tenants.access import TenantRequest, tenant_required, tenants_where


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    """Filtered by this workspace, and by a document number if the address names one."""
    asked = {"q": request.GET["q"]} if request.GET.get("q") else {}
    # Admin offers the filter, and accepts it, only where there is something to choose.
    if tenants_where(request.user).count() > 1:
        asked["tenant"] = request.tenant.slug
    query = f"?{urlencode(asked)}" if asked else ""
    return redirect(reverse("admin:connector_auditentry_changelist") + query)

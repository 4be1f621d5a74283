"""One record, one address: what happened, where each value came from, every attempt."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from connector import audit_pages
from connector.console.lineage import lineage_of
from connector.console.own import SECRETS
from connector.console.receiving import receipts_of
from connector.models import AuditEntry, RecordLink, SourceRecord
from connector.sync import replay
from connector.visma.records import decode
from mappings import catalog
from tenants.access import TenantRequest, role_required, tenant_required
from tenants.models import Role, Tenant

# As long as a story is told here; the audit in Django admin has the rest.
STORY = 50


@tenant_required
def page(request: TenantRequest, entity: str, key: str) -> HttpResponse:
    found = _records(request.tenant, entity, key)
    company = request.GET.get("company", "")
    chosen = [record for record in found if record.connection.company_id == company] or found
    if not chosen:
        raise Http404("There is no such record in this workspace.")
    if len(chosen) > 1:
        return render(request, "console/record_choice.html", {"records": chosen})
    return render(request, "console/record.html", _context(request.tenant, chosen[0]))


def _records(tenant: Tenant, entity: str, key: str) -> list[SourceRecord]:
    """More than one only where two companies of the workspace use the same number."""
    rows = SourceRecord.objects.of(tenant).filter(entity=entity, key=key)
    return list(
        rows.select_related("connection").only(
            *(field.name for field in SourceRecord._meta.concrete_fields),
            "connection__company_id",
            "connection__company_name",
            "connection__name",
        )
    )


def _context(tenant: Tenant, record: SourceRecord) -> dict[str, Any]:
    links = list(
        RecordLink.objects.filter(record=record)
        .select_related("mapping", "mapping__visma", "mapping__monday", "run")
        .defer(*(f"mapping__{name}" for name in SECRETS))
        .prefetch_related("mapping__pairings")
        .order_by("mapping__name")
    )
    story = list(_story(tenant, record)[: STORY + 1])
    return {
        "record": record,
        "entity": catalog.known(record.entity),
        "places": [(link, lineage_of(link, tenant)) for link in links],
        "receipts": receipts_of(links),
        "story": [(entry, audit_pages.sentence(entry)) for entry in story[:STORY]],
        "story_goes_on": len(story) > STORY,
        "payload": json.dumps(
            decode(record.payload.encode()), indent=2, ensure_ascii=False, default=str
        ),
    }


def _story(tenant: Tenant, record: SourceRecord) -> Any:
    """By document number, which is indexed, and then by the key, which is exact."""
    entries = AuditEntry.objects.of(tenant).filter(number=record.number)
    return entries.filter(entity=record.entity, record_key=record.key).order_by("-pk")


@require_POST
@role_required(Role.OPERATOR)
def replay_one(request: TenantRequest, link_id: int) -> HttpResponse:
    links = RecordLink.objects.of(request.tenant).filter(pk=link_id)
    link = get_object_or_404(links.select_related("record__connection"))
    if replay.replay_links(links, actor=request.user.get_username()):
        messages.success(
            request, f"{link.record.number or link.record.key} waits to be sent again."
        )
    else:
        messages.info(request, "Nothing to replay: this record did not fail, or was delivered.")
    return redirect(record_url(request.tenant, link.record, link.record.connection.company_id))


def record_url(tenant: Tenant, record: SourceRecord, company: str) -> str:
    path = reverse("console:record", args=[tenant.slug, record.entity, record.key])
    return f"{path}?company={company}"

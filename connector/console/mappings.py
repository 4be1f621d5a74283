"""Mappings: what goes where, how it stands, pause and resume."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from connector.console.board_webhooks import webhooks_of
from connector.console.own import mappings_of
from connector.console.pairs import filter_in_words, pairs_of
from connector.console.receiving import receiving_of
from connector.console.tiles import tile_of, tiles_of
from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.sync.activate import activate, deactivate
from mappings.guarantee import guarantee
from mappings.models import BoardMapping
from tenants.access import TenantRequest, role_required, tenant_required
from tenants.models import Role


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    return render(request, "console/mappings.html", {"tiles": tiles_of(request.tenant)})


@tenant_required
def mapping(request: TenantRequest, mapping_id: int) -> HttpResponse:
    found = _mapping(request, mapping_id)
    context = {
        "mapping": found,
        "tile": tile_of(request.tenant, found),
        "pairs": pairs_of(found),
        "filter": filter_in_words(found),
        "receiving": receiving_of(found),
        "webhooks": webhooks_of(found),
        "guarantee": guarantee(found.key_column, found.find_column, found.board_columns),
    }
    return render(request, "console/mapping.html", context)


@require_POST
@role_required(Role.OWNER)
def pause(request: TenantRequest, mapping_id: int) -> HttpResponse:
    found = _mapping(request, mapping_id)
    if found.active:
        deactivate(found)
        _tell(request, found, Action.PAUSE, "paused")
        messages.success(request, f"{found.name} is paused. What Visma changes meanwhile waits.")
    return redirect("console:mapping", request.tenant.slug, found.pk)


@require_POST
@role_required(Role.OWNER)
def resume(request: TenantRequest, mapping_id: int) -> HttpResponse:
    """Only what was live before: a draft goes live at the end of the setup, after its check."""
    found = _mapping(request, mapping_id)
    if not found.active and not found.is_draft:
        activate(found, by=request.user.get_username())
        _tell(request, found, Action.RESUME, "resumed")
        messages.success(
            request, f"{found.name} goes on: what Visma changed meanwhile is read and written now."
        )
    return redirect("console:mapping", request.tenant.slug, found.pk)


def _mapping(request: TenantRequest, mapping_id: int) -> BoardMapping:
    rows = mappings_of(request.tenant).prefetch_related("pairings")
    found: BoardMapping = get_object_or_404(rows, pk=mapping_id)
    return found


def _tell(request: TenantRequest, mapping: BoardMapping, action: Action, verb: str) -> None:
    actor = request.user.get_username()
    AuditEntry.objects.create(
        tenant=request.tenant,
        at=database_now(),
        actor=actor,
        action=action,
        outcome=Outcome.DONE,
        mapping_name=mapping.name,
        mapping_version=mapping.version,
        entity=mapping.entity,
        board_id=mapping.board_id,
        message=f"{actor} {verb} {mapping.name}.",
    )

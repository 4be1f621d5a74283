"""Webhooks of a Visma connection: its address, what has been heard, and who finds changes first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from connector.console.credentials import SecretField
from connector.models import Action, AuditEntry, Hint, Outcome
from connector.models.clock import database_now
from connector.sync import gap
from connector.sync.forgetting import KEPT
from connector.sync.hints import OURS
from connector.visma.webhooks import IN_THE_PORTAL
from mappings.catalog import ENTITIES, LINES_OF
from tenants.access import TenantRequest, role_required, tenant_required
from tenants.models import Role, VismaConnection


@dataclass(frozen=True)
class Heard:
    """What came in so far; ``proven`` says whether the last call was signed with a key we know."""

    calls: int
    last_at: datetime
    event: str
    proven: bool
    about: str


class KeyForm(forms.Form):
    """The signing key that the portal shows for a webhook."""

    key = SecretField(
        label="Signing key",
        help_text="While one key replaces another, both with a comma between them. It is sealed "
        "and never shown again.",
    )


def heard_of(connection: VismaConnection) -> Heard | None:
    """The calls of as many days as they are kept, or None; what we note for ourselves is none."""
    lately = Hint.objects.filter(visma=connection, received_at__gt=database_now() - KEPT)
    calls = lately.exclude(event__in=OURS)
    last = calls.order_by("-received_at", "-pk").first()
    if last is None:
        return None
    entity = ENTITIES.get(last.entity)
    about = f"{entity.plural}, {last.key.rpartition(':')[2]}".strip(", ") if entity else ""
    return Heard(calls.count(), last.received_at, last.event, last.verified, about)


def events_of(connection: VismaConnection) -> tuple[list[tuple[str, str]], list[str]]:
    """What to subscribe to, by the records that are mapped, and what Visma never tells of.

    Of all records where none is mapped yet.
    """
    mapped = set(connection.mappings.values_list("entity", flat=True))
    documents = {LINES_OF[name].document.name for name in mapped if name in LINES_OF}
    wanted = [each for each in ENTITIES.values() if each.name in mapped | documents]
    told = [(e.plural, IN_THE_PORTAL.get(e.name, "")) for e in wanted or ENTITIES.values()]
    return [each for each in told if each[1]], [plural for plural, events in told if not events]


def context_of(connection: VismaConnection) -> dict[str, Any]:
    events, silent = events_of(connection)
    return {
        "connection": connection,
        "events": events,
        "silent": silent,
        "heard": heard_of(connection),
        "weeks": [
            (week, ENTITIES[week.entity].plural)
            for week in gap.weeks(connection.tenant, connection=connection)
            if week.entity in ENTITIES
        ],
        "key_form": KeyForm(),
    }


@require_GET
@tenant_required
def heard(request: TenantRequest, connection_id: int) -> HttpResponse:
    """The part of the page that waits for the first call."""
    found = {"heard": heard_of(_connection(request, connection_id))}
    context = {"connection": _connection(request, connection_id), **found}
    return render(request, "console/webhooks_heard.html", context)


@sensitive_post_parameters()
@require_POST
@role_required(Role.OWNER)
def key(request: TenantRequest, connection_id: int) -> HttpResponse:
    connection = _connection(request, connection_id)
    form = KeyForm(request.POST)
    if form.is_valid():
        connection.webhook_key = form.cleaned_data["key"].strip()
        connection.save(update_fields=["webhook_key"])
        _tell(connection, request.user.get_username())
        messages.success(request, "Calls must be signed with this key from now on.")
    else:
        messages.error(request, "Paste the signing key from the Visma Developer Portal.")
    return redirect("console:connection", request.tenant.slug, "visma", connection.pk)


def _connection(request: TenantRequest, connection_id: int) -> VismaConnection:
    rows = VismaConnection.objects.of(request.tenant).without_secrets()
    found: VismaConnection = get_object_or_404(rows, pk=connection_id)
    return found


def _tell(connection: VismaConnection, by: str) -> None:
    AuditEntry.objects.create(
        tenant_id=connection.tenant_id,
        at=database_now(),
        actor=by,
        action=Action.CONFIGURE,
        outcome=Outcome.DONE,
        message=f"{by} replaced the signing key of the webhooks of “{connection.name}”.",
    )

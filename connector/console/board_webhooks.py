"""Webhooks on a mapping's board: whether they are wanted, and what stands in their way."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django_q.tasks import async_task

from connector.console.own import mappings_of
from connector.models import Action, BoardWebhook
from connector.sync import audit, board_hooks
from mappings.models import BoardMapping
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@dataclass(frozen=True)
class BoardWebhooks:
    """``problems`` are words; without any, what is missing is made with the next look."""

    is_on: bool
    made: int
    wanted: int
    problems: list[str]
    address: str


def webhooks_of(mapping: BoardMapping) -> BoardWebhooks | None:
    """None where monday allows no webhooks, as on a board of subitems."""
    if mapping.parent_id is not None:
        return None
    wanted = set(board_hooks.wanted(mapping))
    rows = BoardWebhook.objects.filter(monday=mapping.monday_id, board_id=mapping.board_id)
    own = [row for row in rows if (row.event, row.column_id) in wanted]
    return BoardWebhooks(
        is_on=mapping.webhooks,
        made=sum(bool(row.webhook_id) for row in own),
        wanted=len(wanted),
        problems=sorted({row.problem for row in own if row.problem}),
        address=settings.PUBLIC_URL,
    )


@require_POST
@role_required(Role.OWNER)
def switch(request: TenantRequest, mapping_id: int) -> HttpResponse:
    """On or off, as asked: a second press of the same button changes nothing."""
    mapping: BoardMapping = get_object_or_404(mappings_of(request.tenant), pk=mapping_id)
    wanted = request.POST.get("webhooks") == "on"
    if wanted != mapping.webhooks and mapping.parent_id is None:
        mapping.webhooks = wanted
        mapping.save(update_fields=["webhooks"])
        by, on_or_off = request.user.get_username(), "on" if wanted else "off"
        message = f"{by} switched the webhooks of {mapping.name} {on_or_off}."
        audit.tell_of_mapping(mapping, actor=by, action=Action.CONFIGURE, message=message)
        messages.success(request, f"Webhooks of {mapping.name} are switched {on_or_off}.")
    if wanted and mapping.active:
        async_task("connector.tasks.tend_hooks", mapping.pk)
    return redirect("console:mapping", request.tenant.slug, mapping.pk)

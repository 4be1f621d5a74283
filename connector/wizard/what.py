"""Step 4: which entities go to which boards; ready-made boards are created here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from connector.errors import ConnectorError
from connector.sync.checks import stored
from connector.sync.ready_boards import complete_board, create_ready_board
from connector.wizard.drafts import Desk
from connector.wizard.ends import Ends, ends_of
from connector.wizard.pages import step_page
from mappings import services as mappings
from mappings.catalog import ENTITIES, Entity
from mappings.models import BoardMapping
from mappings.readymade import ReadyBoard, ready_board
from tenants.access import TenantRequest, role_required
from tenants.models import Role, Tenant

# How people look for what they want; the first part of a name tells where it belongs.
AREAS = {
    "Purchasing": ("supplier", "purchase"),
    "Sales": ("customer",),
    "Ledger": ("gl", "dimension", "subaccount", "journal"),
}
ELSEWHERE = "People and more"
KINDS = {"private": "Only people who are invited", "public": "Everyone in the account"}


@dataclass(frozen=True)
class Offer:
    """One entity on the page: what is known of it, where it already goes."""

    entity: Entity
    mappings: list[BoardMapping]
    readable: str
    trouble: str
    ready: ReadyBoard | None

    @property
    def area(self) -> str:
        first = self.entity.name.partition("_")[0]
        return next((area for area, names in AREAS.items() if first in names), ELSEWHERE)


@role_required(Role.OWNER)
def what(request: TenantRequest) -> HttpResponseBase:
    ends = ends_of(request)
    if ends is None:
        messages.info(request, "Connect Visma and monday first; then choose what to sync.")
        return redirect("wizard:start", request.tenant.slug)
    context = {
        "offers": sorted(_offers(request.tenant, ends), key=_place),
        "ends": ends,
        "kinds": KINDS,
        "attempt": uuid.uuid4(),
    }
    return step_page(request, "what", context)


@require_POST
@role_required(Role.OWNER)
def ready(request: TenantRequest, entity: str) -> HttpResponseBase:
    """Create a ready-made board and go on to its pairs."""
    ends, offered = ends_of(request), ready_board(entity)
    if ends is None or offered is None:
        raise Http404("There is no ready-made board for this.")
    name = " ".join(request.POST.get("name", "").split())[:100] or offered.name
    kind = request.POST.get("kind", "")
    try:
        mapping = create_ready_board(
            ends.visma,
            ends.monday,
            offered,
            name=name,
            kind=kind if kind in KINDS else "private",
            attempt=request.POST.get("attempt", "")[:50] or str(uuid.uuid4()),
            by=request.user.get_username(),
        )
    except (ConnectorError, ValidationError) as error:
        messages.error(request, f"No board was created. {in_words(error)}")
        return redirect("wizard:what", request.tenant.slug)
    return _finish(request, mapping)


@require_POST
@role_required(Role.OWNER)
def finish(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Complete a ready-made board that was interrupted."""
    return _finish(request, Desk(request, mapping_id).mapping)


@require_POST
@role_required(Role.OWNER)
def remove(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Throw a draft away; its board stays in monday as it is."""
    mapping = Desk(request, mapping_id).mapping
    try:
        mappings.mapping_remove(mapping)
    except ValidationError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(
            request, f"The draft {mapping.name} is gone. Its board in monday stays as it is."
        )
    return redirect("wizard:what", request.tenant.slug)


def _finish(request: TenantRequest, mapping: BoardMapping) -> HttpResponseBase:
    offered = ready_board(mapping.entity)
    try:
        if offered is not None:
            complete_board(mapping, offered, by=request.user.get_username())
    except ConnectorError as error:
        messages.error(
            request,
            f"The board “{mapping.board_name}” is there but not finished. "
            f"{in_words(error)} Then press Finish the board.",
        )
    return redirect("wizard:pair", request.tenant.slug, mapping.pk)


def in_words(error: ConnectorError | ValidationError) -> str:
    """What happened and what to do, in one text."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{error.why.happened} {error.why.remedy}"


def _place(offer: Offer) -> int:
    return [*AREAS, ELSEWHERE].index(offer.area)


def _offers(tenant: Tenant, ends: Ends) -> list[Offer]:
    rows = list(BoardMapping.objects.of(tenant).filter(visma=ends.visma).order_by("pk"))
    lines = {line.label: line for line in stored(ends.visma)}
    offers = []
    for name, entity in ENTITIES.items():
        line = lines.get(f"{entity.plural} readable")
        refused = line is not None and line.state == "warned"
        offers.append(
            Offer(
                entity=entity,
                mappings=[row for row in rows if row.entity == name],
                readable=line.happened if line and line.state == "passed" else "",
                trouble=f"{line.happened} {line.remedy}" if line and refused else "",
                ready=ready_board(name),
            )
        )
    return offers

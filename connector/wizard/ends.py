"""The two ends of a new mapping: which Visma company, which monday account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import Http404

from tenants.access import TenantRequest
from tenants.models import Health, MondayConnection, Tenant, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)


@dataclass(frozen=True)
class Ends:
    """The two connections a new mapping will join, and the others there are to choose from."""

    visma: VismaConnection
    monday: MondayConnection
    vismas: Sequence[VismaConnection]
    mondays: Sequence[MondayConnection]

    @property
    def query(self) -> str:
        """Keeps the choice in addresses, where there is one."""
        if len(self.vismas) < 2 and len(self.mondays) < 2:
            return ""
        return f"?visma={self.visma.pk}&monday={self.monday.pk}"


def ends_of(request: TenantRequest) -> Ends | None:
    """Those asked for, else the first that work; None until both are connected and work.

    A connection that is not the tenant's answers 404, like one that does not exist.
    """
    vismas = working_visma(request.tenant)
    mondays = working_monday(request.tenant)
    visma = _pick(request.tenant, vismas, VismaConnection, _asked(request, "visma"))
    monday = _pick(request.tenant, mondays, MondayConnection, _asked(request, "monday"))
    return Ends(visma, monday, vismas, mondays) if visma and monday else None


def working_visma(tenant: Tenant) -> list[VismaConnection]:
    return list(VismaConnection.objects.of(tenant).filter(health=Health.OK).order_by("pk"))


def working_monday(tenant: Tenant) -> list[MondayConnection]:
    return list(MondayConnection.objects.of(tenant).filter(health=Health.OK).order_by("pk"))


def _asked(request: TenantRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name) or ""


def _pick(tenant: Tenant, found: Sequence[C], model: type[C], asked: str) -> C | None:
    if not asked:
        return found[0] if found else None
    for one in found:
        if str(one.pk) == asked:
            return one
    rows: Any = model._default_manager
    if asked.isascii() and asked.isdigit() and rows.of(tenant).filter(pk=int(asked)).exists():
        return None  # theirs, and not tested, or in need of a person: the setup says so
    raise Http404("There is no such connection in this workspace.")

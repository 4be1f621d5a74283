"""What stands around every page: the member's workspaces and the navigation of one of them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from connector.models import RecordLink
from connector.sync.receipt_replay import standing
from connector.sync.status import troubled
from connector.tokens import monday_app
from tenants.access import may
from tenants.models import Role, Tenant


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    label: str
    view: str
    icon: str
    at_least: Role = Role.AUDITOR


SECTIONS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("Home", "console:home", "home"),
            Entry("Needs attention", "console:attention", "inbox"),
            Entry("Records", "console:records", "list"),
            Entry("Runs", "console:runs", "run"),
        ),
    ),
    (
        "Set up",
        (
            Entry("Setup", "wizard:start", "setup", Role.OWNER),
            Entry("Mappings", "console:mappings", "mapping"),
            Entry("Connections", "console:connections", "plug"),
        ),
    ),
    (
        "Control",
        (
            Entry("Budget", "console:budget", "gauge"),
            Entry("Audit", "console:audit", "audit"),
            Entry("People", "people:members", "people"),
        ),
    ),
)


@dataclass(frozen=True)
class Line:
    """An entry as it stands on one page. ``count`` is lazy: only a page that shows it asks."""

    label: str
    url: str
    icon: str
    is_here: bool
    count: Any = 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Inside a tenant it adds the tenant, the role and the navigation."""
    found: dict[str, Any] = {
        "workspaces": SimpleLazyObject(lambda: _workspaces(request)),
        "sandbox_url": settings.SANDBOX_URL,
    }
    tenant = getattr(request, "tenant", None)
    if tenant is not None:
        membership = request.membership  # type: ignore[attr-defined]
        found |= {
            "tenant": tenant,
            "membership": membership,
            "is_owner": may(membership, Role.OWNER),
            "monday_app": monday_app() is not None,
            "is_operator": may(membership, Role.OPERATOR),
            "navigation": SimpleLazyObject(lambda: _navigation(request, tenant)),
        }
    return found


def _workspaces(request: HttpRequest) -> list[Tenant]:
    if not request.user.is_authenticated:
        return []
    return list(Tenant.objects.filter(memberships__user=request.user))


def _navigation(request: HttpRequest, tenant: Tenant) -> list[tuple[str, list[Line]]]:
    return [
        (title, [line for entry in entries if (line := _line(request, tenant, entry))])
        for title, entries in SECTIONS
    ]


def _line(request: HttpRequest, tenant: Tenant, entry: Entry) -> Line | None:
    membership = request.membership  # type: ignore[attr-defined]
    if not may(membership, entry.at_least):
        return None
    url = reverse(entry.view, args=[tenant.slug])
    here = request.path == url or (entry.view != "console:home" and request.path.startswith(url))
    count = _troubled(tenant) if entry.view == "console:attention" else 0
    return Line(entry.label, url, entry.icon, here, count)


def _troubled(tenant: Tenant) -> int:
    """Records that need somebody, and receipts that Visma refused."""
    return troubled(RecordLink.objects.of(tenant)).count() + standing(tenant).count()

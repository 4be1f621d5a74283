"""Who may see and do what: the tenant of the URL or 404, and the role that an act needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from tenants.models import RANKS, Membership, Role, Tenant
from tenants.querysets import TenantQuerySet

P = ParamSpec("P")


class TenantRequest(HttpRequest):
    """A request inside a tenant, by one of its members."""

    user: User
    tenant: Tenant
    membership: Membership


View = Callable[Concatenate[TenantRequest, P], HttpResponseBase]
OuterView = Callable[..., HttpResponseBase]


def may(membership: Membership, at_least: Role) -> bool:
    return membership.role in RANKS[RANKS.index(at_least) :]


def tenant_required(view: View[P]) -> OuterView:
    """For views under ``/t/<slug:tenant>/``: sets ``request.tenant`` and ``request.membership``.

    A tenant that does not exist and one that is not the user's answer the same: 404. The view
    gets the request and the rest of the URL, without the slug.
    """

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, tenant: str, *args: P.args, **kwargs: P.kwargs) -> Any:
        inside = cast("TenantRequest", request)
        inside.membership = _membership_or_404(inside.user, tenant)
        inside.tenant = inside.membership.tenant
        return view(inside, *args, **kwargs)

    return inner


def role_required(at_least: Role) -> Callable[[View[P]], OuterView]:
    """``tenant_required``, and a role that may at least what this one may."""

    def decorate(view: View[P]) -> OuterView:
        @wraps(view)
        def inner(request: TenantRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request.membership, at_least):
                raise PermissionDenied(
                    f"This needs the role “{at_least.value}” in {request.tenant}; "
                    f"yours is “{request.membership.role}”. Ask an owner."
                )
            return view(request, *args, **kwargs)

        return tenant_required(inner)

    return decorate


def tenants_where(user: User | AnonymousUser, at_least: Role = Role.AUDITOR) -> TenantQuerySet[Any]:
    """The tenants in which the user has at least this role; all of them for the host."""
    if user.is_superuser:
        return Tenant.objects.all()
    if not user.is_authenticated:
        return Tenant.objects.none()
    roles = RANKS[RANKS.index(at_least) :]
    return Tenant.objects.filter(memberships__user=user, memberships__role__in=roles)


def roles_of(request: HttpRequest) -> dict[int, str]:
    """Tenant key → role of the user; read once a request, since admin asks many times a page."""
    found: dict[int, str] | None = getattr(request, "_tenant_roles", None)
    if found is None:
        rows = Membership.objects.filter(user__pk=request.user.pk or 0)
        found = dict(rows.values_list("tenant_id", "role"))
        request._tenant_roles = found  # type: ignore[attr-defined]
    return found


def _membership_or_404(user: User, slug: str) -> Membership:
    found = Membership.objects.filter(user=user, tenant__slug=slug).select_related("tenant").first()
    if found is None:
        raise Http404("There is no such workspace, or you are not a member of it.")
    return found

"""What every page of the setup is rendered with: the rail and the step's own words."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from connector.wizard.steps import Rail
from mappings.models import BoardMapping
from tenants.access import TenantRequest


def step_page(
    request: TenantRequest,
    here: str,
    context: dict[str, Any],
    *,
    mapping: BoardMapping | None = None,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one step, ``wizard/<step>.html`` unless another template is named."""
    rail = Rail(request.tenant, here, mapping)
    shown = {"rail": rail, "step": rail.here_step, "mapping": mapping, **context}
    return render(request, template or f"wizard/{here}.html", shown, status=status)


def fragment(
    request: TenantRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str = "",
    mapping: BoardMapping | None = None,
) -> HttpResponse:
    """A part of a page, for htmx to put in its place; with ``here`` the rail comes along."""
    rail = Rail(request.tenant, here, mapping) if here else None
    return render(request, f"wizard/{template}.html", {"rail": rail, **context})


def by_htmx(request: TenantRequest) -> bool:
    return bool(getattr(request, "htmx", False))

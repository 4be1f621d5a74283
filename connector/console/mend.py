"""Mending from Needs attention: what people changed on a board, answered in one or two clicks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_q.tasks import async_task

from connector.console.blockades import drift_id
from connector.console.causes import Cause, cause_of
from connector.console.own import mappings_of
from connector.errors import ConnectorError
from connector.models import SyncRun, Trigger
from connector.sync import drift, items, label_mending, mending, pauses, replay
from mappings.models import BoardMapping
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@require_http_methods(["GET", "POST"])
@role_required(Role.OWNER)
def change(request: TenantRequest, drift_id: str) -> HttpResponse:
    """The ways out of one thing that people changed on a board, each with its effect."""
    mapping, entry = _drift(request, drift_id)
    if request.method == "POST":
        return _mend(request, mapping, entry)
    context = {
        "mapping": mapping,
        "entry": entry,
        "ways": mending.ways(mapping, entry),
        "effect": mending.effect_of(mapping),
    }
    return render(request, "console/mend.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.OWNER)
def label(request: TenantRequest, cause_id: str) -> HttpResponse:
    """A label that records need: create it, or write another one instead."""
    cause = cause_of(request.tenant, cause_id)
    if cause is None or cause.code != label_mending.CODE:
        raise Http404("Nothing waits for this label any more.")
    mapping = _writable(cause.mapping)
    link = cause.links().select_related("record").order_by("pk").first()
    missing = label_mending.missing_of(mapping, link)
    if request.method == "POST" and missing is not None:
        return _mend_label(request, cause, mapping, missing)
    context = {"cause": cause, "mapping": mapping, "missing": missing}
    return render(request, "console/mend_label.html", context)


@require_POST
@role_required(Role.OPERATOR)
def look(request: TenantRequest, mapping_id: int) -> HttpResponse:
    """Look at a paused board now: somebody has just mended it in monday."""
    mapping: BoardMapping = get_object_or_404(mappings_of(request.tenant), pk=mapping_id)
    mapping = _writable(mapping)
    drift.wake(mapping)
    items.soon(mapping)
    if items.is_small(mapping):
        items.compare(mapping)
    if drift.look(mapping):
        messages.success(request, f"“{mapping.board_name}” can be read. What waited goes on now.")
    elif reason := pauses.reason_of(mapping):
        messages.error(request, f"Not yet: {reason}")
    else:
        messages.info(request, "A worker is at this board right now. Look again in a moment.")
    async_task("connector.tasks.nudge_lanes")
    return redirect("console:attention", request.tenant.slug)


# --- pieces -----------------------------------------------------------------------------------
def _drift(request: TenantRequest, wanted: str) -> tuple[BoardMapping, dict[str, Any]]:
    for mapping in mappings_of(request.tenant).exclude(drift=[]):
        for entry in mapping.drift:
            if not entry["over"] and drift_id(mapping, entry) == wanted:
                return _writable(mapping), entry
    raise Http404("This was mended meanwhile.")


def _writable(mapping: BoardMapping) -> BoardMapping:
    """With the connection whose board is looked at; `mappings_of` leaves its secret out."""
    rows = BoardMapping.objects.select_related("monday", "visma", "tenant")
    return rows.prefetch_related("pairings").get(pk=mapping.pk)


def _mend(request: TenantRequest, mapping: BoardMapping, entry: dict[str, Any]) -> HttpResponse:
    given, by = request.POST, request.user.get_username()
    try:
        planned = mending.mend(mapping, entry, given.get("way", ""), given.get("choice", ""), by=by)
    except ConnectorError as error:
        messages.error(request, f"Nothing was changed. {error.why.happened} {error.why.remedy}")
        return redirect(request.path)
    except LookupError:
        raise Http404("This way is not open any more.") from None
    return _to_run(request, mapping, planned)


def _mend_label(
    request: TenantRequest, cause: Cause, mapping: BoardMapping, missing: label_mending.Missing
) -> HttpResponse:
    by, instead = request.user.get_username(), request.POST.get("instead", "")
    try:
        if instead:
            planned = label_mending.use_instead(mapping, missing, instead, by=by)
            return _to_run(request, mapping, planned)
        label_mending.create(mapping, missing)
    except ConnectorError as error:
        messages.error(request, f"Nothing was changed. {error.why.happened} {error.why.remedy}")
        return redirect(request.path)
    except LookupError:
        raise Http404("The column has no such label.") from None
    messages.success(request, f"“{missing.column.title}” now has “{missing.label}”.")
    replay.replay_links(cause.links(), actor=by)
    return _to_run(request, mapping, cause.count, trigger=Trigger.REPLAY)


def _to_run(
    request: TenantRequest,
    mapping: BoardMapping,
    planned: int,
    *,
    trigger: str = Trigger.PERSON,
) -> HttpResponse:
    """The run that delivers what waited; its page shows how it goes on."""
    async_task("connector.tasks.nudge_lanes")
    run = SyncRun.objects.filter(mapping=mapping, trigger=trigger).order_by("-pk").first()
    if not planned or run is None:
        messages.success(request, f"{mapping.name} goes on like this.")
        return redirect("console:attention", request.tenant.slug)
    if trigger == Trigger.PERSON:
        messages.success(request, f"Version {mapping.version} of {mapping.name} is active.")
    return redirect("console:run", request.tenant.slug, run.pk)

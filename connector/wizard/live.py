"""Step 7: go live, or activate the changes to what is live; then on to the run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django_q.tasks import async_task

from connector.models import Action, SyncRun, Trigger
from connector.models.clock import database_now
from connector.sync import audit, board_hooks
from connector.sync.activate import activate, apply_draft, deactivate
from connector.wizard.drafts import Desk, simulation_of
from connector.wizard.pages import by_htmx, fragment, step_page
from mappings.content import Change
from mappings.models import BoardMapping, MappingDraft
from mappings.services import mapping_content, version_diff
from tenants.access import TenantRequest, role_required
from tenants.models import Role

EVERY = {1: "every minute", 5: "every 5 minutes", 15: "every 15 minutes", 60: "every hour"}
PATIENCE = 20  # seconds after which idle workers are worth a word


@role_required(Role.OWNER)
def live(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    desk = Desk(request, mapping_id)
    if desk.draft is None and desk.mapping.active:
        return redirect(desk.url("started"))  # a second press of the button
    found = simulation_of(desk.draft)
    if found is None:
        messages.info(request, "Look at the check first: it shows what will happen.")
        return redirect(desk.url("check"))
    if request.method == "POST":
        return _go(request, desk)
    context = {
        "desk": desk,
        "entity": desk.entity,
        "content": desk.content,
        "simulation": found,
        "every": EVERY,
        "minutes": desk.mapping.poll_minutes if desk.mapping.went_live_at else 5,
        "offers_webhooks": desk.mapping.parent_id is None,
        "webhooks": desk.mapping.webhooks or (desk.mapping.is_draft and board_hooks.is_reachable()),
        "public_url": settings.PUBLIC_URL,
        "changes": _changes(desk),
    }
    return step_page(request, "live", context, mapping=desk.mapping)


def _go(request: TenantRequest, desk: Desk) -> HttpResponseBase:
    mapping, by = desk.mapping, request.user.get_username()
    is_first, changes = mapping.is_draft, _changes(desk)
    _keep_schedule(request, mapping)
    replaced = _replaced(desk)
    try:
        planned = apply_draft(mapping, by=by)
    except MappingDraft.DoesNotExist:
        return redirect(desk.url("started"))  # somebody else pressed it at the same moment
    if is_first:
        activate(mapping, by=by)
    if is_first and replaced is not None:
        deactivate(replaced)
        messages.success(request, f"{replaced.name} is paused: this mapping takes its place.")
    _tell(mapping, by, is_first=is_first, changes=changes)
    _start(mapping, is_first=is_first)
    if is_first:
        return redirect(desk.url("started"))
    messages.success(
        request, f"Version {mapping.version} is active; {planned:,} records are planned anew."
    )
    return redirect("console:mapping", request.tenant.slug, mapping.pk)


def _keep_schedule(request: TenantRequest, mapping: BoardMapping) -> None:
    minutes = request.POST.get("poll_minutes", "")
    if minutes in {str(each) for each in EVERY}:
        mapping.poll_minutes = int(minutes)
    mapping.webhooks = "webhooks" in request.POST and mapping.parent_id is None
    mapping.save(update_fields=["poll_minutes", "webhooks"])


def _replaced(desk: Desk) -> BoardMapping | None:
    """The mapping whose board is lost and whose place this one takes."""
    old = desk.draft.facts.get("instead_of") if desk.draft else None
    return BoardMapping.objects.of(desk.tenant).filter(pk=old, active=True).first() if old else None


def _start(mapping: BoardMapping, *, is_first: bool) -> None:
    """Nudge the workers; the tick would find the same work within a minute."""
    if is_first:
        async_task("connector.tasks.poll_stream", *mapping.stream, Trigger.BACKFILL)
    async_task("connector.tasks.nudge_lanes")
    if mapping.webhooks:
        async_task("connector.tasks.tend_hooks", mapping.pk)


def _changes(desk: Desk) -> list[Change]:
    if desk.mapping.is_draft:
        return []
    before = mapping_content(desk.mapping)
    return version_diff(desk.mapping, old=before, new=desk.content)


def _tell(mapping: BoardMapping, by: str, *, is_first: bool, changes: list[Change]) -> None:
    what = "went live" if is_first else f"is now version {mapping.version}"
    told: list[dict[str, Any]] = [
        {"field": c.what, "column": "", "title": c.what, "before": c.before, "after": c.after}
        for c in changes
    ]
    audit.tell_of_mapping(
        mapping,
        actor=by,
        action=Action.CONFIGURE,
        message=f"{mapping.name} {what}.",
        changes=told,
    )


@role_required(Role.OWNER)
def started(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Until a worker has opened the run; then the run's own page."""
    desk = Desk(request, mapping_id)
    mapping = desk.mapping
    run = SyncRun.objects.filter(mapping=mapping).order_by("-pk").first()
    if run is not None:
        return _to_run(request, run)
    since = mapping.went_live_at
    waited = (database_now() - since).total_seconds() if since else 0
    context = {"desk": desk, "is_slow": waited > PATIENCE}
    if by_htmx(request):
        return fragment(request, "starting", {**context, "mapping": mapping})
    return step_page(request, "live", context, mapping=mapping, template="wizard/started.html")


def _to_run(request: TenantRequest, run: SyncRun) -> HttpResponseBase:
    response = redirect("console:run", request.tenant.slug, run.pk)
    if not by_htmx(request):
        return response
    # htmx would follow a redirect inside the page; this makes the browser go there.
    return HttpResponse(headers={"HX-Redirect": response.url})

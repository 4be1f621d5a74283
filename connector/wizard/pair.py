"""Step 5: which field goes to which column, each with what will land there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from connector import local_formats
from connector.sync.costs import calls_for
from connector.wizard.board_facts import refresh_board
from connector.wizard.drafts import Desk
from connector.wizard.links import Links, entered
from connector.wizard.offers import fitting, put_together
from connector.wizard.pages import by_htmx, fragment, step_page
from connector.wizard.rows import Row, Sheet
from connector.wizard.samples import samples_of
from connector.wizard.sheets import LABELLED, Sheets
from connector.wording import trouble_of
from mappings import services as mappings
from mappings.catalog import VISMA_KEY
from mappings.catalog.references import keeps_labels
from mappings.columns import Column
from mappings.content import Content, Pairing
from mappings.receiving import RECEIPTS
from tenants.access import TenantRequest, role_required
from tenants.models import Role

FILTERS = {
    "": "All",
    "unpaired": "Without a field",
    "required": "Required",
    "warnings": "Warnings",
}

ENTERED = ("field", "transform", "argument")


@role_required(Role.OWNER)
def pair(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    desk = Desk(request, mapping_id)
    if request.method == "POST":
        return _save_all(request, desk)
    trouble = refresh_board(desk)
    context = sheet_context(request, desk)
    context["board_trouble"] = trouble_of(trouble) if trouble else None
    if by_htmx(request):
        return fragment(request, "pair_list", context)
    return step_page(request, "pair", context, mapping=desk.mapping)


@require_POST
@role_required(Role.OWNER)
def row(request: TenantRequest, mapping_id: int, column: str) -> HttpResponseBase:
    """One column's pair: a field and a transform, a suggestion taken, or the pair removed."""
    desk = Desk(request, mapping_id)
    found = _column(desk, column)
    error = _save(desk, _entered(request, desk, found))
    if not by_htmx(request):
        if error:
            messages.error(request, error)
        return redirect(f"{desk.url('pair')}#row-{column}")
    context = sheet_context(request, desk)
    shown = next((r for r in context["sheet"].rows if r.column.id == column), None)
    if shown is not None and error:
        entered = {name: request.POST.get(f"{name}:{column}", "") for name in ENTERED}
        shown = replace(shown, error=error, entered=entered)
    return fragment(
        request, "pair_row_alone", {**context, "row": shown}, here="pair", mapping=desk.mapping
    )


@require_POST
@role_required(Role.OWNER)
def accept(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Take every suggestion for a column that has no field yet."""
    desk = Desk(request, mapping_id)
    taken = 0
    for each in sheet_of(request, desk)[0].open_suggestions:
        taken += _take(desk, each)
    messages.success(request, f"{taken} suggestion{'s'[: taken != 1]} taken. Each can be changed.")
    return redirect(desk.url("pair"))


@require_POST
@role_required(Role.OWNER)
def reread(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Look at the board now: somebody has just changed it in monday."""
    desk = Desk(request, mapping_id)
    trouble = refresh_board(desk, now=True)
    if trouble:
        messages.error(request, f"{trouble.happened} {trouble.remedy}")
    else:
        messages.success(request, f"“{desk.mapping.board_name}” was read again.")
    return redirect(desk.url("pair"))


@require_POST
@role_required(Role.OWNER)
def discard(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Forget the changes to a live mapping."""
    desk = Desk(request, mapping_id)
    if desk.draft is not None and not desk.mapping.is_draft:
        mappings.draft_discard(desk.draft)
        messages.success(request, f"The changes are gone; {desk.mapping.name} goes on as it was.")
    return redirect("console:mapping", request.tenant.slug, desk.mapping.pk)


# --- what the page shows ----------------------------------------------------------------------
def sheet_of(request: TenantRequest, desk: Desk) -> tuple[Sheet, Any]:
    given = request.POST if request.method == "POST" else request.GET
    samples = samples_of(
        desk, record=given.get("record", "")[:200], find=given.get("find", "").strip()[:100]
    )
    facts = desk.draft.facts if desk.draft else {}
    sheets = Sheets(
        desk.entity,
        desk.columns,
        samples,
        company_id=desk.mapping.visma.company_id,
        required=facts.get("required", ()),
        links=Links.of(desk.mapping, desk.entity),
        say=partial(local_formats.anything, tenant=request.tenant),
    )
    return sheets.sheet(desk.content), samples


def sheet_context(request: TenantRequest, desk: Desk) -> dict[str, Any]:
    sheet, samples = sheet_of(request, desk)
    wanted = request.GET.get("show", "")
    wanted = wanted if wanted in FILTERS else ""
    facts = desk.draft.facts if desk.draft else {}
    return {
        "desk": desk,
        "mapping": desk.mapping,
        "content": desk.content,
        "entity": desk.entity,
        "sheet": sheet,
        "rows": sheet.shown(wanted),
        "samples": samples,
        "show": wanted,
        "filters": FILTERS,
        "groups": facts.get("groups", []),
        "is_receivable": desk.entity.name in RECEIPTS,
        "unfinished": facts.get("unfinished", False),
        "unused": _unused(desk),
        "text_columns": [c for c in desk.columns.values() if c.type == "text"],
        "unique_columns": paired_texts(desk),
        "calls": calls_for(samples.total) if samples.total else None,
        "sample_trouble": trouble_of(samples.trouble) if samples.trouble else None,
    }


def paired_texts(desk: Desk) -> list[Column]:
    """Text columns that are paired: their values may be unique on the board."""
    paired = {pair.column_id for pair in desk.content.pairs}
    return [each for each in desk.columns.values() if each.type == "text" and each.id in paired]


def _unused(desk: Desk) -> list[Any]:
    """Fields that no column shows; those most wanted stand first in the catalogue."""
    used = {pair.field for pair in desk.content.pairs} | {VISMA_KEY}
    return [each for each in desk.entity.fields if each.path not in used]


# --- what a row says --------------------------------------------------------------------------
def _save_all(request: TenantRequest, desk: Desk) -> HttpResponse:
    """Without scripts the whole page is one form."""
    errors = [
        _save(desk, _entered(request, desk, column))
        for column in desk.columns.values()
        if f"field:{column.id}" in request.POST
    ]
    for error in filter(None, errors):
        messages.error(request, error)
    if not any(errors):
        messages.success(request, "The pairs are saved.")
    return redirect(desk.url("pair"))


def _column(desk: Desk, column_id: str) -> Column:
    known = desk.columns.get(column_id)
    gone = desk.content.pair_of(column_id)
    if known is None and gone is None:
        raise Http404("The board has no such column.")
    return known or Column(column_id, gone.column if gone else "", "text")


def _entered(request: TenantRequest, desk: Desk, column: Column) -> Pairing:
    """What was chosen for a column; a transform that cannot work with a new field is dropped."""
    link: int | None = None
    if "use" in request.POST:
        path, transform = request.POST["use"], request.POST.get("use_transform", "")
    else:
        path, link = entered(request.POST.get(f"field:{column.id}", ""))
        transform = put_together(
            request.POST.get(f"transform:{column.id}", ""),
            request.POST.get(f"argument:{column.id}", ""),
        )
    before = desk.content.pair_of(column.id)
    if before is None or before.field != path:
        transform = fitting(transform, desk.entity.field(path), column)
    field = desk.entity.field(path)
    keeps = field is not None and column.type in LABELLED and keeps_labels(desk.entity, field)
    labels = keeps and f"labels:{column.id}" in request.POST
    return Pairing(path, column.id, column.title, column.type, transform, link, labels)


def _save(desk: Desk, pairing: Pairing) -> str:
    """Returns why it was not saved, or an empty text."""
    if pairing.field and desk.entity.field(pairing.field) is None:
        return f"{desk.entity.plural} have no field “{pairing.field}”."
    if desk.content.pair_of(pairing.column_id) == pairing:
        return ""
    if pairing.link is not None and not _is_offered(desk, pairing):
        return f"“{pairing.column}” cannot link to that mapping's items."
    try:
        desk.content = mappings.draft_pair(desk.opened(), pairing=pairing, by=desk.by)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _is_offered(desk: Desk, pairing: Pairing) -> bool:
    column = desk.columns.get(pairing.column_id)
    choices = Links.of(desk.mapping, desk.entity).choices(column) if column else ()
    return any((c.field.path, c.target.pk) == (pairing.field, pairing.link) for c in choices)


def _take(desk: Desk, each: Row) -> bool:
    """Take a row's suggestion; for the key it is the column that is chosen."""
    chosen, column = each.chosen, each.column
    if chosen is None:
        return False
    if chosen.field == VISMA_KEY:
        save_content(desk, replace(desk.content, key_column=column.id, key_title=column.title))
        return True
    pairing = Pairing(chosen.field, column.id, column.title, column.type, chosen.transform)
    return not _save(desk, pairing)


def save_content(desk: Desk, content: Content) -> None:
    """Put another content into the draft, after it was previewed or checked."""
    desk.content = mappings.draft_change(desk.opened(), by=desk.by, change=lambda _old: content)

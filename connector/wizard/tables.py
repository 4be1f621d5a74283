"""Step 5 by other ways: a table uploaded or downloaded as CSV, or plainly by position."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from connector import local_formats
from connector.wizard.drafts import Desk
from connector.wizard.pages import step_page
from connector.wizard.pair import save_content
from connector.wizard.rows import type_in_words
from connector.wizard.samples import samples_of
from connector.wizard.sheets import is_fillable
from mappings.catalog import VISMA_KEY, Field
from mappings.columns import Column
from mappings.content import Content, Pairing
from mappings.matching import Match, match_by_position
from mappings.readymade import ready_board
from mappings.render import Pair
from mappings.showing import told
from mappings.table import match_by_table, table_csv
from tenants.access import TenantRequest, role_required
from tenants.models import Role

LARGEST = 2_000_000  # bytes; a board has a few hundred columns at most


@role_required(Role.OWNER)
def table(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """GET: the pairs as a CSV file. POST: a file's pairs take the place of those there are."""
    desk = Desk(request, mapping_id)
    if request.method == "POST":
        return _upload(request, desk)
    pairs = [Pair(p.field, p.column_id, p.transform) for p in desk.content.pairs]
    response = HttpResponse(
        "\ufeff" + table_csv(pairs, desk.entity, desk.columns),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="pairs-{desk.mapping.pk}.csv"'
    return response


def _upload(request: TenantRequest, desk: Desk) -> HttpResponseBase:
    file = request.FILES.get("table")
    if file is None or not hasattr(file, "read"):
        messages.error(request, "Choose a CSV file first.")
        return redirect(desk.url("pair"))
    raw = file.read(LARGEST + 1)
    text = _text(raw)
    if text is None or len(raw) > LARGEST:
        messages.error(request, "This is not a CSV file. Save it as “CSV UTF-8” and try again.")
        return redirect(desk.url("pair"))
    match = match_by_table(text, desk.entity, list(desk.columns.values()))
    if match.errors:
        for error in match.errors[:10]:
            messages.error(request, str(error))
        more = len(match.errors) - 10
        last = f"Nothing was changed{f'; {more} further errors' if more > 0 else ''}."
        messages.error(request, last)
        return redirect(desk.url("pair"))
    save_content(desk, with_pairs(desk, match.pairs))
    messages.success(request, f"{len(match.pairs)} pairs taken from the file.")
    return redirect(desk.url("pair"))


def _text(raw: bytes) -> str | None:
    """Spreadsheets write UTF-8 with a mark, or the old Western European code page."""
    for coding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return None


def with_pairs(desk: Desk, pairs: tuple[Pair, ...]) -> Content:
    """The content with these pairs instead of its own; the key column keeps to itself."""
    found = [
        Pairing(
            pair.field,
            pair.column_id,
            desk.columns[pair.column_id].title,
            desk.columns[pair.column_id].type,
            pair.transform,
            _link(desk.content, pair),
        )
        for pair in pairs
        if pair.field != VISMA_KEY and pair.column_id != desk.content.key_column
    ]
    key = next((pair.column_id for pair in pairs if pair.field == VISMA_KEY), "")
    content = replace(desk.content, pairs=tuple(found))
    if not key or content.key_column:
        return content
    return replace(content, key_column=key, key_title=desk.columns[key].title)


def _link(content: Content, pair: Pair) -> int | None:
    """A table has no place for links: one that is there stays while its field stays."""
    before = content.pair_of(pair.column_id)
    return before.link if before and before.field == pair.field else None


# --- by position ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Preview:
    """One pair as it would be made, with a sample of the field."""

    field: Field
    column: Column
    sample: str

    @property
    def type(self) -> str:
        return type_in_words(self.column)


@role_required(Role.OWNER)
def position(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """First field into first column, and so on: shown first, done when confirmed."""
    desk = Desk(request, mapping_id)
    match = by_position(desk)
    if request.method == "POST":
        save_content(desk, with_pairs(desk, match.pairs))
        messages.success(request, f"{len(match.pairs)} columns paired by position.")
        return redirect(desk.url("pair"))
    samples = samples_of(desk)
    payload = samples.chosen.payload if samples.chosen else {}
    say = partial(local_formats.anything, tenant=request.tenant)
    pairs = [
        Preview(
            desk.entity.by_path[pair.field],
            desk.columns[pair.column_id],
            told(payload, desk.entity, pair.field, say),
        )
        for pair in match.pairs
    ]
    context = {"desk": desk, "pairs": pairs, "notes": match.notes, "replaced": desk.content.pairs}
    return step_page(
        request, "pair", context, mapping=desk.mapping, template="wizard/position.html"
    )


def by_position(desk: Desk) -> Match:
    """In the order of the ready-made board, which is the order people expect."""
    ready = ready_board(desk.mapping.entity)
    order = [column.field for column in ready.columns] if ready else []
    fields = [desk.entity.by_path[path] for path in order if path != VISMA_KEY]
    columns = [
        c
        for c in desk.columns.values()
        if c.id != desk.content.key_column and is_fillable(desk.entity, c)
    ]
    return match_by_position(fields, columns)

"""What step 5 does to the board itself, each when asked: key column, labels, further columns."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from connector.errors import ConnectorError
from connector.monday import layout
from connector.monday.layout import NewColumn
from connector.sync.boards import monday_of, read_board
from connector.sync.ready_boards import KEY_HELP
from connector.wizard.drafts import Desk
from connector.wizard.offers import new_column_type
from connector.wizard.pair import save_content, sheet_of
from connector.wizard.what import in_words
from mappings.catalog import VISMA_KEY, Kind
from mappings.content import Pairing
from mappings.readymade import CURRENCIES, KEY_TITLE
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@require_POST
@role_required(Role.OWNER)
def key(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Choose the key column, create one, or go without (an empty choice)."""
    desk = Desk(request, mapping_id)
    wanted = request.POST.get("key", "")
    if wanted == "create":
        _create(request, desk, NewColumn(KEY_TITLE, "text", description=KEY_HELP), VISMA_KEY)
        return redirect(desk.url("pair"))
    column = desk.columns.get(wanted)
    if wanted and (column is None or column.type != "text"):
        raise Http404("The board has no such text column.")
    title = column.title if column else ""
    content = desk.content.without_pair(wanted) if wanted else desk.content
    save_content(desk, replace(content, key_column=wanted, key_title=title))
    return redirect(desk.url("pair"))


@require_POST
@role_required(Role.OWNER)
def add_column(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """A new column on the board for a field that has none, paired with it."""
    desk = Desk(request, mapping_id)
    field = desk.entity.by_path.get(request.POST.get("field", ""))
    if field is None or field.path == VISMA_KEY:
        messages.error(request, "Choose a field for the new column.")
        return redirect(desk.url("pair"))
    labels = field.choices if field.kind is Kind.CHOICE else ()
    type_ = new_column_type(field)
    if field.label == "Currency":
        type_, labels = "dropdown", CURRENCIES
    _create(request, desk, NewColumn(field.label, type_, labels), field.path)
    return redirect(desk.url("pair"))


@require_POST
@role_required(Role.OWNER)
def labels(request: TenantRequest, mapping_id: int, column: str) -> HttpResponseBase:
    """Create the labels that Visma's values need and the column lacks."""
    desk = Desk(request, mapping_id)
    rows = sheet_of(request, desk)[0].rows
    row = next((row for row in rows if row.column.id == column), None)
    if row is None:
        raise Http404("The board has no such column.")
    if not row.missing_labels:
        messages.info(request, f"“{row.column.title}” has all the labels it needs.")
        return redirect(desk.url("pair"))
    try:
        layout.add_labels(
            monday_of(desk.mapping), desk.mapping.board_id, column, row.missing_labels
        )
        read_board(desk.mapping)
    except ConnectorError as error:
        messages.error(request, f"No label was created. {in_words(error)}")
    else:
        made = ", ".join(f"“{label}”" for label in row.missing_labels)
        messages.success(request, f"“{row.column.title}” now has {made}.")
    return redirect(f"{desk.url('pair')}#row-{column}")


def _create(request: TenantRequest, desk: Desk, new: NewColumn, path: str) -> None:
    attempt = request.POST.get("attempt", "")[:50] or str(uuid.uuid4())
    try:
        made = layout.create_columns(
            monday_of(desk.mapping), desk.mapping.board_id, [new], idempotency_key=attempt
        )[0]
        if isinstance(made, ConnectorError):
            raise made
        read_board(desk.mapping)
    except ConnectorError as error:
        messages.error(request, f"No column was created. {in_words(error)}")
        return
    title = made["title"]
    if path == VISMA_KEY:
        save_content(desk, replace(desk.content, key_column=made["id"], key_title=title))
    else:
        pairing = Pairing(path, made["id"], title, made["type"])
        save_content(desk, desk.content.with_pair(pairing))
    messages.success(request, f"The board now has the column “{title}”.")

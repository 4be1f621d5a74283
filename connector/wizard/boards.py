"""Step 4, with a board that is there already: found, looked at, chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from connector.clients import monday_client
from connector.errors import ConnectorError
from connector.monday.boards import Board
from connector.monday.queries import BOARDS
from connector.sync.boards import read_board
from connector.sync.budget import Ledger
from connector.sync.probes import read_board as look_at
from connector.wizard.ends import Ends, ends_of
from connector.wizard.pages import by_htmx, fragment, step_page
from connector.wizard.what import in_words
from connector.wording import trouble_of
from mappings import services as mappings
from mappings.catalog import ENTITIES, VISMA_KEY, Entity
from mappings.columns import Column
from mappings.content import Content
from mappings.models import BoardMapping, MappingDraft
from mappings.suggest import suggest
from tenants.access import TenantRequest, role_required
from tenants.models import Role


@role_required(Role.OWNER)
def boards(request: TenantRequest, entity: str) -> HttpResponseBase:
    """The boards of the account, searchable and paged; a POST chooses one.

    With ``instead``, the new mapping takes over what another one says, whose board is lost.
    """
    if entity not in ENTITIES:
        raise Http404("There is nothing of this name to sync.")
    ends = ends_of(request)
    if ends is None:
        return redirect("wizard:start", request.tenant.slug)
    old = _instead(request, entity)
    if request.method == "POST":
        return _choose(request, ends, ENTITIES[entity], old)
    context = {"entity": ENTITIES[entity], "ends": ends, "old": old, **_found(request, ends)}
    if by_htmx(request):
        return fragment(request, "board_list", context)
    return step_page(request, "what", context, template="wizard/boards.html")


def _found(request: TenantRequest, ends: Ends) -> dict[str, Any]:
    page = _page(request.GET.get("page", ""))
    search = request.GET.get("search", "").strip()[:100]
    client = monday_client(ends.monday, Ledger.of_monday(ends.monday))
    told = {"boards": [], "search": search, "page": page, "previous": page - 1, "next": 0}
    try:
        found = client.boards(page, search)
    except ConnectorError as error:
        return {**told, "trouble": trouble_of(error.why)}
    used = BoardMapping.objects.filter(monday=ends.monday).values_list("board_id", "name")
    names = dict(used)
    rows = [{**board, "used_by": names.get(str(board["id"]), "")} for board in found]
    # monday tells no total, and leaves out folders and documents: a page that is nearly full
    # may have another one behind it.
    more = page + 1 if not search and len(found) > BOARDS // 2 else 0
    return {**told, "boards": rows, "next": more}


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 1000 else 1


def _instead(request: TenantRequest, entity: str) -> BoardMapping | None:
    given = (request.POST if request.method == "POST" else request.GET).get("instead", "")
    if not given:
        return None
    rows = BoardMapping.objects.of(request.tenant).filter(entity=entity)
    old = rows.filter(pk=int(given)).first() if given.isascii() and given.isdigit() else None
    if old is None:
        raise Http404("There is no such mapping in this workspace.")
    return old


def _choose(
    request: TenantRequest, ends: Ends, entity: Entity, old: BoardMapping | None
) -> HttpResponseBase:
    try:
        board = look_at(ends.monday, request.POST.get("board", "")[:32])
        mapping = mappings.mapping_create(
            tenant=request.tenant,
            visma=ends.visma,
            monday=ends.monday,
            entity=entity.name,
            board_id=board.id,
            board_name=board.name,
            by=request.user.get_username(),
            content=taken_over(old, entity, board) if old else first_content(entity, board),
        )
        if old is not None:
            MappingDraft.objects.filter(mapping=mapping).update(facts={"instead_of": old.pk})
        read_board(mapping)
    except (ConnectorError, ValidationError) as error:
        messages.error(request, in_words(error))
        return redirect("wizard:boards", request.tenant.slug, entity.name)
    return redirect("wizard:pair", request.tenant.slug, mapping.pk)


def taken_over(old: BoardMapping, entity: Entity, board: Board) -> Content:
    """What another mapping says, as far as this board has columns of the same name and type."""
    said, first = mappings.mapping_content(old), first_content(entity, board)
    there = {(c["title"].casefold(), c["type"]): c["id"] for c in board.columns}
    pairs = [
        replace(pair, column_id=there[pair.column_title.casefold(), pair.column_type])
        for pair in said.pairs
        if (pair.column_title.casefold(), pair.column_type) in there
    ]
    return replace(
        said,
        group_id=first.group_id,
        group_title=first.group_title,
        key_column=first.key_column,
        key_title=first.key_title,
        receive={},
        pairs=tuple(pair for pair in pairs if pair.column_id != first.key_column),
    )


def first_content(entity: Entity, board: Board) -> Content:
    """What can be taken for granted on a board: its first group, and a key column by its name."""
    content = Content(item_name=entity.item_name)
    if board.groups:
        first = board.groups[0]
        content = replace(content, group_id=first["id"], group_title=first["title"])
    columns = [Column(**column) for column in board.columns if column["type"] == "text"]
    for suggestion in suggest(entity, columns):
        if suggestion.chosen and suggestion.chosen.field == VISMA_KEY:
            key = suggestion.column
            return replace(content, key_column=key.id, key_title=key.title)
    return content

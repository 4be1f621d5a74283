"""Step 5 on a board without a key column: values that are unique on it find items instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from connector.errors import ConnectorError
from connector.monday.boards import Item
from connector.sync.boards import monday_of
from connector.wizard.drafts import Desk
from connector.wizard.pair import paired_texts, save_content
from connector.wizard.what import in_words
from tenants.access import TenantRequest, role_required
from tenants.models import Role

NAME = "name"


@require_POST
@role_required(Role.OWNER)
def find(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """Choose the column, after a look whether its values are unique; an empty choice goes without.

    Item names and paired text columns only: a text is looked up exactly as it was written.
    """
    desk = Desk(request, mapping_id)
    titles = {NAME: "Item name"} | {column.id: column.title for column in paired_texts(desk)}
    wanted = request.POST.get("find", "")
    if not wanted:
        save_content(desk, replace(desk.content, find_column="", find_title=""))
        return redirect(desk.url("pair"))
    if wanted not in titles:
        raise Http404("The board has no such paired text column.")
    columns = [] if wanted == NAME else [wanted]
    try:
        twice = repeated(monday_of(desk.mapping).items(desk.mapping.board_id, columns), wanted)
    except ConnectorError as error:
        messages.error(request, f"The board could not be read. {in_words(error)}")
        return redirect(desk.url("pair"))
    if twice:
        happened = f"“{twice}” stands on the board more than once in “{titles[wanted]}”."
        messages.error(request, f"{happened} Items cannot be found by it; choose another column.")
    else:
        save_content(desk, replace(desk.content, find_column=wanted, find_title=titles[wanted]))
    return redirect(desk.url("pair"))


def repeated(items: Iterable[Item], column_id: str) -> str:
    """The first text that a second item shows too; "" where each stands once."""
    seen: set[str] = set()
    for item in items:
        text = item.text(column_id)
        if text in seen:
            return text
        seen.update([text] if text else [])
    return ""

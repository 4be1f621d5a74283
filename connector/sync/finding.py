"""Finding: which items on a board show certain records, by the key or by a unique value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connector.errors import ConnectorError, TryAgain
from connector.models import RecordLink
from connector.sync.boards import Desk
from connector.sync.deliver import LaneStops
from connector.visma.records import decode


@dataclass
class Found:
    """``items``: ids by record key. ``sure``: keys whose absence means that there is no item."""

    items: dict[str, list[str]] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()


def find(desk: Desk, texts: Mapping[str, str]) -> Found:
    """Look active items up by what each record's item must show in the column that finds them.

    A text that is empty, or that two of these records share, finds nothing and proves nothing.
    """
    column = desk.finds_by
    keys: dict[str, list[str]] = {}
    for key, text in texts.items():
        keys.setdefault(text, []).append(key)
    by_text = {text: some[0] for text, some in keys.items() if text and len(some) == 1}
    if not column or not by_text:
        return Found()
    try:
        items = desk.client.items_by_key(desk.mapping.board_id, column, list(by_text))
    except ConnectorError as error:
        after = error.after if isinstance(error, TryAgain) else None
        raise LaneStops(error, after or timedelta(0)) from error
    found = Found(sure=frozenset(by_text.values()))
    others = _linked(desk, [item.id for item in items])
    for item in items:
        key = by_text[item.text(column)]
        if others.get(item.id, key) == key:
            found.items.setdefault(key, []).append(item.id)
    return found


def _linked(desk: Desk, item_ids: list[str]) -> dict[str, str]:
    """Items that show another record already; a key of our own cannot stand for two."""
    if desk.mapping.key_column:
        return {}
    links = RecordLink.objects.filter(mapping=desk.mapping, item_id__in=item_ids)
    return {item or "": key for item, key in links.values_list("item_id", "record__key")}


def texts_of_members(desk: Desk, members: list[dict[str, Any]]) -> dict[str, str]:
    """As they were frozen: what the record says today is of no interest."""
    return {
        member["key"]: _text(desk, member["key"], member["name"], member["cells"])
        for member in members
    }


def texts_of_links(desk: Desk, links: list[RecordLink]) -> dict[str, str]:
    texts = {}
    for link in links:
        key = link.record.key
        if desk.mapping.key_column:
            texts[key] = desk.key_of(key)
        else:
            shown = desk.render(decode(link.record.payload.encode()), key)
            texts[key] = _text(desk, key, shown.name, shown.cells)
    return texts


def _text(desk: Desk, key: str, name: str, cells: Mapping[str, Any]) -> str:
    if desk.mapping.key_column:
        return desk.key_of(key)
    value = name if desk.finds_by == "name" else cells.get(desk.finds_by)
    return value if isinstance(value, str) else ""

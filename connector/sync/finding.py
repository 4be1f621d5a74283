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


@dataclass(frozen=True)
class Sought:
    """What an item shows that may be there; ``version``: of the mapping it was written under."""

    text: str
    version: int


@dataclass
class Found:
    """``items``: ids by record key. ``sure``: keys whose absence means that there is no item.

    ``others``: keys that stand in an item of another record.
    """

    items: dict[str, list[str]] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()
    others: set[str] = field(default_factory=set)


def find(desk: Desk, sought: Mapping[str, Sought]) -> Found:
    """Look active items up by what each record's item must show in the column that finds them.

    A text that is empty, or that two of these records share, finds nothing and proves nothing.
    What was written before the column was filled may be there without showing its text.
    """
    column = desk.finds_by
    keys: dict[str, list[str]] = {}
    for key, one in sought.items():
        keys.setdefault(one.text, []).append(key)
    by_text = {text: some[0] for text, some in keys.items() if text and len(some) == 1}
    if not column or not by_text:
        return Found()
    try:
        items = desk.client.items_by_key(desk.mapping.board_id, column, list(by_text))
    except ConnectorError as error:
        after = error.after if isinstance(error, TryAgain) else None
        raise LaneStops(error, after or timedelta(0)) from error
    since = desk.found_since
    found = Found(sure=frozenset(key for key in by_text.values() if sought[key].version >= since))
    others = linked(desk, [item.id for item in items])
    for item in items:
        key = by_text[item.text(column)]
        if others.get(item.id, key) == key:
            found.items.setdefault(key, []).append(item.id)
        else:
            found.others.add(key)
    return found


def linked(desk: Desk, item_ids: list[str]) -> dict[str, str]:
    """The record that each of these items shows already.

    It may be another than its key tells: Visma has used the number anew, or a person wrote the key.
    """
    links = RecordLink.objects.filter(mapping=desk.mapping, item_id__in=item_ids)
    return {item or "": key for item, key in links.values_list("item_id", "record__key")}


def sought_members(desk: Desk, members: list[dict[str, Any]]) -> dict[str, Sought]:
    """As they were frozen: what the record says today is of no interest."""
    return {
        member["key"]: Sought(
            _text(desk, member["key"], member["name"], member["cells"]), member["mapping_version"]
        )
        for member in members
    }


def sought_links(desk: Desk, links: list[RecordLink]) -> dict[str, Sought]:
    sought = {}
    for link in links:
        key = link.record.key
        if desk.mapping.key_column:
            text = desk.key_of(key)
        else:
            shown = desk.render(decode(link.record.payload.encode()), key)
            text = _text(desk, key, shown.name, shown.cells)
        sought[key] = Sought(text, link.delivered_mapping)
    return sought


def _text(desk: Desk, key: str, name: str, cells: Mapping[str, Any]) -> str:
    if desk.mapping.key_column:
        return desk.key_of(key)
    value = name if desk.finds_by == "name" else cells.get(desk.finds_by)
    return value if isinstance(value, str) else ""

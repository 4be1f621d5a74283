"""Subitems: what a link of a line needs to know of the item it stands under."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from connector.models import LinkState, RecordLink
from connector.sync.runs import OPEN
from mappings.models import BoardMapping

NOT_THERE = "Its document has no item on the board."
LEFT_OUT = "Its document is left out by the filter."


@dataclass(frozen=True)
class Over:
    """The link of the document: its item, and whether the mapping's filter leaves it out."""

    item_id: str | None = None
    excluded: bool = False

    @property
    def in_the_way(self) -> str:
        """Why nothing may be written under it; empty where it may."""
        if self.excluded:
            return LEFT_OUT
        return NOT_THERE if self.item_id is None else ""


def ready(links: QuerySet[RecordLink]) -> QuerySet[RecordLink]:
    """Of links of lines, those whose document is not still on its way to the board."""
    coming = RecordLink.objects.filter(
        mapping=OuterRef("mapping__parent"),
        record=OuterRef("record__parent"),
        state__in=OPEN,
        item_id=None,
    )
    return links.exclude(Exists(coming))


def over(mapping: BoardMapping, links: Sequence[RecordLink]) -> dict[int, Over]:
    """By the document's record, what the lines of these links stand under."""
    documents = {link.record.parent_id for link in links}
    found = RecordLink.objects.filter(mapping=mapping.parent_id, record__in=documents)
    return {
        record: Over(item_id, state == LinkState.EXCLUDED)
        for record, item_id, state in found.values_list("record_id", "item_id", "state")
    }

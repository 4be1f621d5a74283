"""Copies: items on a board that carry the key of another, because a person duplicated it."""

from django.db import transaction

from connector.models import RecordLink
from connector.models.clock import database_now
from connector.sync import board_state
from mappings import drift
from mappings.columns import Column
from mappings.models import BoardMapping

NAMED = 10  # copies that are named one by one


def tell(mapping: BoardMapping, keys: dict[str, str]) -> None:
    """Items that carry the key of another: both are named, none is touched."""
    column = next((c for c in mapping.board_columns if c["id"] == mapping.key_column), None)
    by_key: dict[str, list[str]] = {}
    for item, key in keys.items():
        by_key.setdefault(key, []).append(item)
    found_twice = [ids for key, ids in by_key.items() if key and len(ids) > 1]
    ours = set(
        RecordLink.objects.filter(
            mapping=mapping, item_id__in=[item for ids in found_twice for item in ids]
        ).values_list("item_id", flat=True)
    )
    told = [sorted(ids, key=lambda i: (i not in ours, i)) for ids in found_twice if ours & set(ids)]
    found = []
    if told and column is not None:
        found = [drift.key_twice(Column(**column), told[:NAMED], len(told[NAMED:]))]
    with transaction.atomic():
        row = BoardMapping.objects.select_for_update(no_key=True).get(pk=mapping.pk)
        others = [each for each in row.drift if each["kind"] != board_state.OF_ITEMS]
        before = [each for each in row.drift if each["kind"] == board_state.OF_ITEMS]
        known = board_state.carried(before, found, database_now()) if found else []
        mapping.drift = [*others, *known]
        mapping.save(update_fields=["drift"])

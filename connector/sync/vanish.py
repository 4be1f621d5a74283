"""Vanish: records that Visma no longer has, and what becomes of their items.

A void is a status and comes like any change. A hard delete leaves no trace in Visma but a missing
key, so it is believed only after two complete readings in a row have not met the key.
"""

from datetime import datetime

from django.db import transaction

from connector.models import SourceRecord
from connector.sync import intake
from connector.sync.reading import Stream, prolong
from connector.sync.runs import RunBook
from connector.sync.seen import SeenKeys
from tenants.models import VismaConnection

CHUNK = 500
DELETED = "It no longer exists in Visma."


def missing(
    connection: VismaConnection, entity: str, seen: SeenKeys, *, before: datetime
) -> set[int]:
    """Ids of the records known ``before`` the reading whose key it did not meet."""
    rows = SourceRecord.objects.filter(
        connection=connection, entity=entity, vanished_at=None, changed_at__lt=before
    )
    found = rows.values_list("pk", "key").iterator(chunk_size=5000)
    return {pk for pk, key in found if key not in seen}


def vanish(stream: Stream, ids: set[int]) -> list[int]:
    """Mark the records and let their links be planned again; returns the ids of the runs."""
    book = RunBook(stream.mappings, stream.trigger)
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        with transaction.atomic():
            prolong(stream.mark)
            book.serve(stream.mappings)
            intake.vanish(ordered[start : start + CHUNK], book)
    book.close()
    return book.ids

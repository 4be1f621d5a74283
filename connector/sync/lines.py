"""Lines of documents: records of their own, taken out of the documents they came in.

They are stored only where an active mapping shows them as subitems.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connector.models import SourceRecord
from connector.sync import streams
from connector.visma.client import Row
from mappings.catalog import DOCUMENT_LINES, Payload
from mappings.models import BoardMapping
from tenants.models import VismaConnection


@dataclass(frozen=True)
class Lines:
    """The lines that some documents have now: their rows, and whose line each key is."""

    entity: str
    rows: Sequence[Row]
    parents: Mapping[str, int]


def shown_by(connection: VismaConnection, entity: str) -> list[BoardMapping]:
    """The active mappings that show lines of this entity's documents."""
    if entity not in DOCUMENT_LINES:
        return []
    return streams.served(connection.pk, DOCUMENT_LINES[entity].entity.name)


def lines_of(entity: str, documents: Iterable[tuple[SourceRecord, Payload]]) -> Lines:
    """The lines of these stored documents, each with the time its document was changed."""
    kind = DOCUMENT_LINES[entity]
    rows: list[Row] = []
    parents: dict[str, int] = {}
    for record, payload in documents:
        for key, line in kind.split(record.key, payload).items():
            rows.append(Row(key=key, modified_at=record.modified_at, etag="", payload=line))
            parents[key] = record.pk
    return Lines(kind.entity.name, rows, parents)


def left_out(lines: Lines, document_ids: Iterable[int]) -> list[int]:
    """Ids of the stored lines that their documents no longer have."""
    stored = SourceRecord.objects.filter(parent__in=list(document_ids), vanished_at=None)
    return [pk for pk, key in stored.values_list("pk", "key") if key not in lines.parents]

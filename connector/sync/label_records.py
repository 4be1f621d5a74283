"""Records as labels: what each is called, whether it may be chosen, and who has to read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from connector.models import LabelColumn, SourceRecord
from connector.models.prepared import Prepared
from connector.visma.records import decode
from mappings import catalog
from mappings.catalog.references import reference_of
from mappings.label_books import LABELLED, LabelBook
from mappings.label_upkeep import Kept, Wanted, label_text
from mappings.models import BoardMapping, FieldPairing
from mappings.naming import ItemName
from mappings.render import Pair
from tenants.models import Health

# Statuses of suppliers, customers and employees with whom there is no more business.
CLOSED = ("Inactive", "Closed")


def wanted(records: QuerySet[SourceRecord], entity: str) -> dict[str, Wanted]:
    """By key; what Visma no longer has is not among them."""
    of = catalog.entity(entity)
    name = ItemName(of, of.item_name)
    found: dict[str, Wanted] = {}
    taken: set[str] = set()
    rows = records.filter(vanished_at=None).order_by("key").only("key", "payload")
    for record in rows.iterator(chunk_size=500):
        payload = decode(record.payload.encode())
        text = label_text("", name(payload, record.key, record.key))
        if text.casefold() in taken:  # alike once they are shortened
            text = label_text("", record.key)
        taken.add(text.casefold())
        found[record.key] = Wanted(text, _is_open(payload))
    return found


def _is_open(payload: dict[str, Any]) -> bool:
    return payload.get("active") is not False and payload.get("status") not in CLOSED


def books(mapping: BoardMapping, pairs: Iterable[Pair]) -> dict[str, LabelBook]:
    """The labels of the columns that are kept in step, as they were last brought in step."""
    of = catalog.entity(mapping.entity)
    columns = {pair.column_id: of.field(pair.field) for pair in pairs if pair.labels}
    if not columns:
        return {}
    rows = LabelColumn.objects.filter(mapping=mapping.pk, column_id__in=list(columns))
    kept = {row.column_id: row.labels for row in rows}
    made = {}
    for column, field in columns.items():
        entity = reference_of(of, field) if field is not None else None
        noun = catalog.entity(entity).label if entity else "Record"
        labels = {value: Kept(**known) for value, known in kept.get(column, {}).items()}
        made[column] = LabelBook(noun, labels)
    return made


def entity_of(mapping: BoardMapping, path: str) -> str | None:
    """The entity whose records a field of the mapping names."""
    of = catalog.entity(mapping.entity)
    field = of.field(path)
    return reference_of(of, field) if field is not None else None


def newest(mapping: BoardMapping, entity: str) -> datetime | None:
    rows = SourceRecord.objects.filter(connection=mapping.visma_id, entity=entity)
    found: datetime | None = rows.aggregate(at=Max("changed_at"))["at"]
    return found


def _pairs() -> Iterable[tuple[FieldPairing, str]]:
    for pair in LABEL_PAIRS():
        if entity := entity_of(pair.mapping, pair.field):
            yield pair, entity


LABEL_PAIRS = Prepared(
    lambda: FieldPairing.objects.filter(labels=True, mapping__active=True).select_related(
        "mapping__monday"
    )
)


def streams() -> Iterable[tuple[int, str, int]]:
    """What has to be read for labels: connection, entity, and how often in minutes."""
    for pair, entity in _pairs():
        yield pair.mapping.visma_id, entity, pair.mapping.poll_minutes


def due(now: datetime) -> Iterable[BoardMapping]:
    """Mappings whose labels are behind the records, on columns that are there."""
    pairs = [(pair, entity) for pair, entity in _pairs() if _can_be_written(pair)]
    if not pairs:
        return
    newest_of = _newest({(pair.mapping.visma_id, entity) for pair, entity in pairs})
    rows = LabelColumn.objects.filter(mapping__in=[pair.mapping_id for pair, _ in pairs])
    seen = {(row.mapping_id, row.column_id): row for row in rows}
    for pair, entity in pairs:
        at = newest_of.get((pair.mapping.visma_id, entity))
        row = seen.get((pair.mapping_id, pair.column_id))
        rests = row is not None and row.not_before is not None and row.not_before > now
        is_behind = row is None or row.seen_at is None or (at is not None and row.seen_at < at)
        if at is not None and is_behind and not rests:
            yield pair.mapping


def _can_be_written(pair: FieldPairing) -> bool:
    types = {raw["id"]: raw["type"] for raw in pair.mapping.board_columns}
    well = pair.mapping.monday.health != Health.NEEDS_PERSON
    return well and types.get(pair.column_id) in LABELLED


def _newest(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], datetime]:
    """When anything of these streams last changed, in one statement for all of them."""
    rows = SourceRecord.objects.filter(
        connection__in={connection for connection, _ in wanted},
        entity__in={entity for _, entity in wanted},
    )
    changed = rows.values_list("connection", "entity").annotate(at=Max("changed_at"))
    return {(connection, entity): at for connection, entity, at in changed.order_by()}

"""Label columns: labels added, renamed and switched off in step with the records they stand for.

A change of labels is a batch like any other: frozen, sent with a key, looked at again where its
answer was lost. Labels that people made are never in it but as they are.
"""

import json
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from connector.errors import AskAPerson, ConnectorError, OutcomeUnknown, Throttled, TryAgain
from connector.models import (
    Action,
    AuditEntry,
    Batch,
    LabelColumn,
    Operation,
    Outcome,
    SourceRecord,
)
from connector.models.clock import database_now
from connector.monday import layout, queries
from connector.monday.documents import Document
from connector.sync import label_records, references
from connector.sync.audit import SYSTEM
from connector.sync.boards import Desk, forget_board
from connector.sync.deliver import LaneStops, key_is_old, mark_sent
from connector.sync.lanes import Lease, hold
from connector.sync.settlement import back_off
from mappings.label_books import LABELLED
from mappings.label_upkeep import Kept, Upkeep, Wanted, recognize, upkeep

# After a refusal, for instance without the right to change columns.
LATER = timedelta(hours=1)
# monday's columns may be changed by people between our look and our change.
AFTER_CONFLICT = timedelta(minutes=1)


def tend(lease: Lease, desk: Desk) -> None:
    """Bring the labels of the mapping's columns in step. Raises LaneStops where it has to wait."""
    for pair in desk.render.rules.pairs:
        column = desk.columns.get(pair.column_id)
        entity = label_records.entity_of(desk.mapping, pair.field)
        if not pair.labels or column is None or column.type not in LABELLED or not entity:
            continue
        row, _ = LabelColumn.objects.get_or_create(mapping=desk.mapping, column_id=column.id)
        if _is_due(row, desk, entity):
            _bring_in_step(lease, desk, row, entity)
        desk.render.rules.label_books[column.id].labels = kept_of(row)


def kept_of(row: LabelColumn) -> dict[str, Kept]:
    return {value: Kept(**known) for value, known in row.labels.items()}


def _is_due(row: LabelColumn, desk: Desk, entity: str) -> bool:
    if row.not_before and row.not_before > database_now():
        return False
    newest = label_records.newest(desk.mapping, entity)
    if newest is None:
        return False
    there = {label["id"] for label in layout.labels_of(_raw(desk, row.column_id))}
    lost = any(known["id"] not in there for known in row.labels.values())
    return row.seen_at is None or newest > row.seen_at or lost


def _raw(desk: Desk, column_id: str) -> dict[str, Any]:
    return next(raw for raw in desk.mapping.board_columns if raw["id"] == column_id)


def _records(desk: Desk, entity: str) -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(connection=desk.mapping.visma_id, entity=entity)


def _bring_in_step(lease: Lease, desk: Desk, row: LabelColumn, entity: str) -> None:
    seen_at = label_records.newest(desk.mapping, entity)
    wanted = label_records.wanted(_records(desk, entity), entity)
    column = _look(desk, row.column_id)
    if column is None:
        row.not_before = database_now() + LATER
        row.save(update_fields=["not_before"])
        return
    labels = layout.labels_of(column)
    plan = upkeep(wanted, recognize(wanted, kept_of(row), labels), labels, column["type"])
    if not plan.changed:
        with transaction.atomic():
            hold(lease)
            _keep(desk, row, plan.kept, plan.left, seen_at)
        return
    batch = _freeze(lease, desk, row, column, plan, wanted, seen_at)
    _send(lease, desk, batch)
    row.refresh_from_db()


def _look(desk: Desk, column_id: str) -> dict[str, Any] | None:
    try:
        data = desk.client.execute(queries.column(desk.mapping.board_id, column_id)).data
    except ConnectorError as error:
        raise LaneStops(error, _wait(error)) from error
    found = [each for board in data.get("boards") or () for each in board.get("columns") or ()]
    return found[0] if found else None


def _freeze(
    lease: Lease,
    desk: Desk,
    row: LabelColumn,
    column: dict[str, Any],
    plan: Upkeep,
    wanted: Mapping[str, Wanted],
    seen_at: datetime | None,
) -> Batch:
    document = layout.labels_replaced(desk.mapping.board_id, column, plan.labels)
    member = {
        "alias": "a0",
        "column": row.column_id,
        "wanted": {value: [each.text, each.active] for value, each in wanted.items()},
        "before": [int(label["id"]) for label in layout.labels_of(column)],
        "left": list(plan.left),
        "seen_at": seen_at.isoformat() if seen_at else None,
    }
    with transaction.atomic():
        hold(lease)
        return Batch.objects.create(
            lane=lease.lane,
            mapping=desk.mapping,
            operation=Operation.LABELS,
            idempotency_key=uuid.uuid4(),
            document=document.text,
            variables=json.dumps(document.variables, ensure_ascii=False),
            members=[member],
            fence=lease.fence,
        )


def recover(lease: Lease, desk: Desk, batch: Batch) -> None:
    """The same bytes with the same key; later than that, the column itself says what became."""
    now = database_now()
    if batch.not_before and batch.not_before > now:
        raise LaneStops(OutcomeUnknown(layout.LABELS_UNKNOWN), batch.not_before - now)
    if not key_is_old(batch, now):
        _send(lease, desk, batch)
        return
    column = _look(desk, batch.members[0]["column"])
    _settle(lease, desk, batch, layout.labels_of(column or {}))


def _send(lease: Lease, desk: Desk, batch: Batch) -> None:
    document = Document("labels", batch.document, json.loads(batch.variables), mutation=True)
    try:
        slot = desk.ledger.reserve(document.operation, mutation=True, cost=document.cost)
    except Throttled as error:
        raise LaneStops(error, _wait(error)) from error
    began = time.monotonic()
    mark_sent(lease, desk, batch, slot)
    key = str(batch.idempotency_key)
    try:
        answer = desk.client.execute(document, slot=slot, idempotency_key=key, began=began)
        outcome = answer.outcome("a0")
    except ConnectorError as error:
        outcome = error
    if not isinstance(outcome, ConnectorError):
        batch.request_id = answer.request_id[:100]
        _settle(lease, desk, batch, layout.labels_of(dict(outcome)))
        return
    batch.error = outcome.why.happened
    if isinstance(outcome, OutcomeUnknown) or batch.sends > 1:
        batch.state, batch.not_before = Batch.State.UNKNOWN, database_now() + back_off(batch.sends)
        batch.save(update_fields=["state", "not_before", "error"])
        raise LaneStops(OutcomeUnknown(outcome.why), back_off(batch.sends))
    _refused(lease, desk, batch, outcome)


def _refused(lease: Lease, desk: Desk, batch: Batch, error: ConnectorError) -> None:
    """Nothing was changed. Records go out with a note; the board does not stop for its labels."""
    with transaction.atomic():
        now = hold(lease)
        _close(batch, now)
        wait = LATER if isinstance(error, AskAPerson) else AFTER_CONFLICT
        column = batch.members[0]["column"]
        LabelColumn.objects.filter(mapping=desk.mapping, column_id=column).update(
            not_before=now + wait, problem=error.why.happened
        )
        _tell(desk, column, Outcome.FAILED, error.why.happened, error.why.remedy, [])
    if isinstance(error, TryAgain):
        raise LaneStops(error, _wait(error))


def _settle(lease: Lease, desk: Desk, batch: Batch, labels: list[dict[str, Any]]) -> None:
    member = batch.members[0]
    wanted = {value: Wanted(*each) for value, each in member["wanted"].items()}
    seen_at = datetime.fromisoformat(member["seen_at"]) if member["seen_at"] else None
    with transaction.atomic():
        now = hold(lease)
        rows = LabelColumn.objects.select_for_update()
        row = rows.get(mapping=desk.mapping, column_id=member["column"])
        kept = recognize(wanted, kept_of(row), labels, frozenset(member["before"]))
        told = _changes(row, kept, desk)
        _keep(desk, row, kept, member["left"], seen_at)
        _close(batch, now)
        _tell(desk, row.column_id, Outcome.DONE, "Labels follow Visma.", "", told)
    forget_board(desk.mapping)


def _keep(
    desk: Desk,
    row: LabelColumn,
    kept: Mapping[str, Kept],
    left: Any,
    seen_at: datetime | None,
) -> None:
    """What can be set now and could not before, or the other way round, is planned again."""
    before = {v: (k["id"], k["active"]) for v, k in row.labels.items()}
    after = {v: (k.id, k.active) for v, k in kept.items()}
    moved = {v for v in {*before, *after} if before.get(v) != after.get(v)}
    row.labels = {value: known.dump() for value, known in kept.items()}
    row.left, row.seen_at, row.not_before, row.problem = list(left), seen_at, None, ""
    row.save()
    references.planned_again(desk.mapping, moved)


def _changes(row: LabelColumn, kept: Mapping[str, Kept], desk: Desk) -> list[dict[str, Any]]:
    told = []
    for value, known in kept.items():
        before = row.labels.get(value)
        was = _said(before["text"], before["active"]) if before else None
        if was != (now := _said(known.text, known.active)):
            title = desk.title_of(row.column_id)
            facts = {"field": value, "column": row.column_id, "title": title}
            told.append({**facts, "before": was, "after": now})
    return told


def _said(text: str, active: bool) -> str:
    return text if active else f"{text} (switched off)"


def _close(batch: Batch, now: datetime) -> None:
    batch.state, batch.settled_at = Batch.State.SETTLED, now
    batch.save(update_fields=["state", "settled_at", "request_id", "error"])


def _tell(
    desk: Desk, column: str, outcome: str, message: str, remedy: str, changes: list[Any]
) -> None:
    mapping = desk.mapping
    AuditEntry.objects.create(
        tenant_id=mapping.tenant_id,
        at=database_now(),
        actor=SYSTEM,
        action=Action.UPDATE,
        outcome=outcome,
        mapping_name=mapping.name,
        mapping_version=mapping.version,
        entity=mapping.entity,
        board_id=mapping.board_id,
        changes=changes,
        message=f"Column “{desk.title_of(column)}”: {message}",
        remedy=remedy,
    )


def _wait(error: ConnectorError) -> timedelta:
    return (error.after if isinstance(error, TryAgain) else None) or timedelta(0)

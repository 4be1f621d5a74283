"""Bulk: hundreds of new items become one frozen load instead of many batches.

A load is worth its wait from a threshold on, needs a key column by which monday tells a row that
is there already from a new one, and carries only what a CSV file can: the rest goes as batches.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from connector.models import Batch, LinkState, Operation, RecordLink
from connector.models.clock import database_now
from connector.monday import bulk, documents
from connector.sync import plan
from connector.sync.boards import Desk
from connector.sync.choose import choose
from connector.sync.deliver import Wanted, member_of
from connector.sync.lanes import Lease, due_links, hold
from connector.sync.references import HOLD
from mappings.columns import labels_of
from mappings.linking import COMING
from mappings.models import BoardMapping

Member = dict[str, Any]

# Half of what monday takes in one load, and of what a worker holds in memory at a time.
MOST = 5_000
PLANNED_AT_ONCE = 500
# monday has refused a load: batches go on, and a load is tried again after an hour.
AFTER_REFUSAL = timedelta(hours=1)
# Few of what waits can be carried by a load: not worth planning it all again and again.
AFTER_NOTHING_FIT = timedelta(minutes=10)


def room(desk: Desk) -> int:
    """How many rows may be loaded now; 0 where batches are the way."""
    mapping = desk.mapping
    key = desk.columns.get(mapping.key_column)
    if not settings.BULK_THRESHOLD or key is None or key.type not in bulk.MATCHABLE:
        return 0
    if mapping.key_column == "name" or mapping.parent_id is not None:
        return 0  # a load makes items, no subitems
    now = database_now()
    if mapping.bulk_not_before and mapping.bulk_not_before > now:
        return 0
    if not _new_items(desk).order_by("waiting_since")[settings.BULK_THRESHOLD - 1 :].exists():
        return 0
    rows = min(desk.ledger.load_room(), MOST)
    return rows if rows >= settings.BULK_THRESHOLD else 0


def freeze_load(lease: Lease, desk: Desk, room: int) -> Batch | None:
    """Plan up to ``room`` new items and commit them as one load, before anything is sent.

    Returns None where too few of them can be carried by a load.
    """
    group = desk.group_id or _first_group(desk)
    carrier = _Carrier(desk)
    members: list[Member] = []
    rows: list[bulk.Row] = []
    for links in _chunks(desk):
        hold(lease)
        for one in choose(lease, desk, links):
            if (row := carrier.row(one)) is not None:
                members.append(member_of(desk, f"r{len(members)}", one))
                rows.append(row)
        if len(members) >= room:
            break
    if len(members) < settings.BULK_THRESHOLD:
        hold_off(desk.mapping, HOLD if _held(desk) else AFTER_NOTHING_FIT)
        return None
    return _freeze(lease, desk, members[:room], carrier.sheet.file(rows[:room]), group)


def hold_off(mapping: BoardMapping, wait: timedelta) -> None:
    """No load for a while; batches go on."""
    mapping.bulk_not_before = database_now() + wait
    BoardMapping.objects.filter(pk=mapping.pk).update(bulk_not_before=mapping.bulk_not_before)


def _held(desk: Desk) -> bool:
    """Items wait for what they link to; once that is there, a load may be worth it."""
    links = RecordLink.objects.filter(mapping=desk.mapping, failure_code=COMING)
    return links.filter(state=LinkState.WAITING).exists()


def _new_items(desk: Desk) -> QuerySet[RecordLink]:
    """Waiting links that have had no trouble yet."""
    return due_links(database_now()).filter(
        mapping=desk.mapping, item_id=None, look_up_first=False, attempts=0
    )


def _chunks(desk: Desk) -> Iterator[list[RecordLink]]:
    # Those that need no item (left out, invalid) are settled on the way: ids stay, offsets move.
    ids = list(_new_items(desk).order_by("waiting_since", "id").values_list("pk", flat=True))
    for start in range(0, len(ids), PLANNED_AT_ONCE):
        links = RecordLink.objects.filter(
            pk__among=ids[start : start + PLANNED_AT_ONCE], state=LinkState.WAITING
        )
        yield desk.adopt(links.order_by("waiting_since", "id"), payload=True)


class _Carrier:
    """What a CSV file can say: types it knows, labels that are on the board already."""

    def __init__(self, desk: Desk) -> None:
        self.sheet = bulk.Sheet(
            {column: desk.columns[column].type for column in desk.written_columns}
        )
        self.labels = {
            column.id: {label.text for label in labels_of(column) if not label.deactivated}
            for column in desk.columns.values()
            if column.type in ("status", "dropdown")
        }

    def row(self, wanted: Wanted) -> bulk.Row | None:
        """None where this is nothing for a file."""
        new = wanted.decision
        if not isinstance(new, plan.Create):
            return None
        for column, labels in self.labels.items():
            if column in new.cells and not self._known(new.cells[column], labels):
                return None
        return self.sheet.row(new.name, new.cells)

    def _known(self, cell: dict[str, Any], labels: set[str]) -> bool:
        return labels.issuperset([cell["label"]] if "label" in cell else cell.get("labels", ()))


def _first_group(desk: Desk) -> str:
    return desk.client.board(desk.mapping.board_id).groups[0]["id"]


def _freeze(lease: Lease, desk: Desk, members: list[Member], rows: str, group: str) -> Batch | None:
    document = documents.ingest_items(desk.mapping.board_id, group, desk.mapping.key_column)
    with transaction.atomic():
        hold(lease)
        batch = Batch.objects.create(
            lane=lease.lane,
            mapping=desk.mapping,
            operation=Operation.BULK,
            idempotency_key=uuid.uuid4(),
            document=document.text,
            variables=json.dumps(document.variables, ensure_ascii=False),
            members=members,
            rows=rows,
            fence=lease.fence,
        )
        if _take(batch, [member["link"] for member in members]) != len(members):
            transaction.set_rollback(True)
            return None
    return batch


def _take(batch: Batch, link_ids: list[int]) -> int:
    taken = 0
    for start in range(0, len(link_ids), PLANNED_AT_ONCE):
        some = link_ids[start : start + PLANNED_AT_ONCE]
        waiting = RecordLink.objects.filter(pk__among=some, state=LinkState.WAITING)
        taken += waiting.update(state=LinkState.SENDING, batch=batch)
    return taken

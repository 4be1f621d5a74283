"""Recover: a request whose outcome is not known is asked again, or looked up, never guessed.

monday keeps the answer to an idempotency key for 30 minutes. Younger than 25, the same bytes go
out with the same key: either they are executed now, or the first answer comes back. Older, the
item is looked up by its key column before anything is created.
"""

from datetime import timedelta

from django.db import transaction

from connector.errors import Explanation
from connector.models import Batch, Operation, RecordLink
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync.boards import Desk
from connector.sync.deliver import key_is_old, not_known_yet, send
from connector.sync.finding import Found, find, sought_links, sought_members
from connector.sync.lanes import Lease, hold
from connector.sync.settle import links_of, lock_planned, newest_versions
from connector.sync.settlement import MAX_ATTEMPTS, Settlement
from connector.sync.waits import NEEDS_DECISION

# A server may work on a request for 60 s after it arrived, and its index may lag 90 s behind.
QUARANTINE = timedelta(seconds=150)
SECOND_LOOK = timedelta(seconds=30)
# Each round takes half an hour, so that the next batch is a quarter of this one.
STEPS = 2


def unsettled(lease: Lease) -> Batch | None:
    return UNSETTLED.one(lane=lease.lane.pk)


UNSETTLED = Prepared(
    lambda: (
        Batch.objects.filter(lane=Given("lane"))
        .exclude(state=Batch.State.SETTLED)
        .select_related("mapping__monday", "mapping__visma", "mapping__tenant")
        .order_by("pk")[:1]
    )
)


def recover(lease: Lease, desk: Desk, batch: Batch) -> None:
    """Bring an unsettled batch one step further. Raises LaneStops where it has to wait."""
    now = database_now()
    if batch.not_before and batch.not_before > now:
        raise not_known_yet(batch, batch.not_before - now)
    if not key_is_old(batch, now):
        send(lease, desk, batch)
        return
    assert batch.last_sent_at is not None  # noqa: S101  it was sent
    # What was sent last may still be carried out, over whatever is written from here on.
    ready_at = batch.last_sent_at + QUARANTINE
    if now < ready_at:
        raise not_known_yet(batch, ready_at - now)
    if batch.operation == Operation.CREATE:
        _look_up_batch(lease, desk, batch)
    else:
        _write_again(lease, desk, batch)


def look_up(lease: Lease, desk: Desk, links: list[RecordLink]) -> None:
    """Link items that already carry these records' keys; what is not found may be created."""
    found = find(desk, sought_links(desk, links))
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk)
        lock_planned(links)
        for link in links:
            _settle_found(settlement, link, found, link.record.key)
        settlement.write()


def _look_up_batch(lease: Lease, desk: Desk, batch: Batch) -> None:
    """Look twice before saying that an item was never created."""
    sought = sought_members(desk, batch.members)
    # As they were sent: Visma may have used a number anew since, and the record has another key.
    keys = {member["link"]: member["key"] for member in batch.members}
    found = find(desk, sought)
    last_look = batch.lookups > 0 or not desk.finds_by
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk, batch)
        newest_versions([member["record"] for member in batch.members])
        for link in links_of(desk, batch):
            key = keys[link.pk]
            if key in found.items or last_look:
                settlement.own_up(link)
                link.delivered_mapping = sought[key].version
                _settle_found(settlement, link, found, key)
            else:
                settlement.unknown = True
        settlement.write()
        _note_look(batch, settlement)
    if settlement.unknown:
        raise not_known_yet(batch, SECOND_LOOK)


def _note_look(batch: Batch, settlement: Settlement) -> None:
    batch.lookups += 1
    if settlement.unknown:
        batch.not_before = settlement.now + SECOND_LOOK
    else:
        batch.state, batch.settled_at = Batch.State.SETTLED, settlement.now
    batch.save(update_fields=["lookups", "not_before", "state", "settled_at"])


def _write_again(lease: Lease, desk: Desk, batch: Batch) -> None:
    """Changes and archivings say how things shall be: doing them twice is doing them once.

    What the board shows is not known, so that the next plan writes every field.
    """
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk, batch)
        for link in links_of(desk, batch):
            settlement.own_up(link)
            link.delivered = {}
            _send_anew(settlement, link)
        settlement.write()
        batch.state, batch.settled_at = Batch.State.SETTLED, settlement.now
        batch.save(update_fields=["state", "settled_at"])


def _settle_found(settlement: Settlement, link: RecordLink, found: Found, key: str) -> None:
    items = found.items.get(key, [])
    if len(items) > 1:
        settlement.leave_to_a_person(link, duplicate(items))
    elif items:
        settlement.find(link, items[0])
    elif key in found.sure:
        if key in found.others:
            link.attempts = max(link.attempts, 1)  # no load takes it, which would write over that
        _send_anew(settlement, link)
    else:
        settlement.leave_to_a_person(link, UNDECIDED)


def _send_anew(settlement: Settlement, link: RecordLink) -> None:
    """In a smaller batch, alone in the end: a record that monday never answers to spoils no other.

    An outage counts once, however long: nothing comes here before monday has answered to a look.
    """
    if settlement.members:
        link.attempts += STEPS
    if link.attempts >= MAX_ATTEMPTS and len(settlement.members) == 1:
        settlement.leave_to_a_person(link, NEVER_ANSWERED)
    else:
        settlement.find(link, None)


def duplicate(items: list[str]) -> Explanation:
    return Explanation(
        code="duplicate",
        happened=f"Items {', '.join(items)} on the board carry the key of the same record.",
        remedy="Open them in monday, keep the right one, archive the others, then press Replay.",
    )


UNDECIDED = Explanation(
    code=NEEDS_DECISION,
    happened="This item may have been created already: monday’s answer was lost, or the database "
    "was restored. The board has nothing by which the item could surely be found.",
    remedy="Look for the item on the board, and archive it if it is there. Then press Replay: it "
    "is created.",
)
NEVER_ANSWERED = Explanation(
    code="never_answered",
    happened="monday.com never said what became of this record, though it was sent by itself and "
    "asked after for 25 minutes.",
    remedy="Press Replay to have it tried again. If that does not help, look for an unusual value "
    "in the record in Visma.",
)

"""Restored: after a backup was played back or a replica took over, no link is believed blindly.

The database has forgotten its last minutes; the boards have not. What was created in them has an
item that no link knows, and what was changed in them shows what no link remembers. So nothing is
created before it was looked up, and everything Visma has changed since the watermark is written
in full. That ends with the first complete reading that began afterwards; for a mapping that is not
active then, once it goes on and has caught up.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from connector.models import (
    Action,
    Batch,
    LinkState,
    Pass,
    RecordLink,
    Watermark,
)
from connector.models.clock import database_now
from connector.sync import audit
from connector.sync.boards import Desk, forget_board
from connector.sync.lanes import Lease, hold, keep_quiet, lane_of, seize
from connector.sync.recover import QUARANTINE
from connector.sync.settle import links_of
from connector.sync.settlement import Settlement
from connector.sync.waits import look_first
from mappings.models import BoardMapping
from tenants.models import Tenant


@dataclass(frozen=True)
class Doubt:
    """What was found doubtful on one mapping's board."""

    mapping: BoardMapping
    unsent: int  # links in requests whose fate the database may have forgotten
    without_item: int
    waiting: int


def distrust(tenant: Tenant, *, actor: str) -> list[Doubt]:
    """Have everything doubtful of a tenant looked at before it is written. May be repeated.

    Workers that go on meanwhile lose their leases; boards rest until what was sent last shows.
    """
    known = BoardMapping.objects.of(tenant)
    # A draft, too, may have been active in the lost minutes. An older doubt stays as old as it is.
    known.filter(doubtful_since=None).update(doubtful_since=database_now())
    for stream in {mapping.stream for mapping in known}:
        _read_again(*stream)
    mappings = known.exclude(went_live_at=None, active=False)
    found = list(mappings.select_related("tenant", "visma", "monday").prefetch_related("pairings"))
    return [_distrust(mapping, actor) for mapping in found]


def _read_again(visma_id: int, entity: str) -> None:
    """The stream is read from its watermark on, by nobody who has begun before."""
    with transaction.atomic():
        mark, _ = Watermark.objects.get_or_create(connection_id=visma_id, entity=entity)
        Watermark.objects.filter(pk=mark.pk).update(
            fence=F("fence") + 1,
            lease_owner="",
            lease_until=None,
            last_started_at=None,
            not_before=None,
            # An older doubt stays as old as it is, here too.
            doubtful_since=Coalesce("doubtful_since", Value(database_now())),
        )
        Pass.objects.filter(mark=mark).delete()


def _distrust(mapping: BoardMapping, actor: str) -> Doubt:
    with transaction.atomic():
        lease = seize(lane_of(mapping))
        unsent = _take_back(lease, mapping)
        links = RecordLink.objects.filter(mapping=mapping)
        look_first(links.filter(item_id=None), database_now())
        found = Doubt(
            mapping,
            unsent=unsent,
            without_item=links.filter(item_id=None).count(),
            waiting=links.filter(state=LinkState.WAITING)
            .exclude(item_id=None)
            .update(delivered={}),
        )
        forget_board(mapping)
        _tell(found, actor)
        keep_quiet(lease, hold(lease) + QUARANTINE)
    return found


def _take_back(lease: Lease, mapping: BoardMapping) -> int:
    """Members of an unsettled request wait again: its key may be older than its row says."""
    unsettled = Batch.objects.filter(lane=lease.lane, mapping=mapping)
    batch = unsettled.exclude(state=Batch.State.SETTLED).first()
    if batch is None:
        return 0
    desk = Desk.of(mapping)
    settlement = Settlement(hold(lease), desk, batch)
    links = links_of(desk, batch)
    versions = {member["link"]: member["mapping_version"] for member in batch.members}
    for link in links:
        settlement.own_up(link)
        settlement.find(link, None)
        link.delivered, link.look_up_first = {}, link.item_id is None
        link.delivered_mapping = versions[link.pk]
    settlement.write()
    batch.state, batch.settled_at, batch.rows = Batch.State.SETTLED, settlement.now, ""
    batch.save(update_fields=["state", "settled_at", "rows"])
    return len(links)


def _tell(found: Doubt, actor: str) -> None:
    mapping = found.mapping
    audit.tell_of_mapping(
        mapping,
        actor=actor,
        action=Action.RECOVER,
        message=f"{actor} had “{mapping.name}” recovered after a restore: {found.without_item} "
        f"records without an item are looked up before they are created, and {found.waiting} "
        "waiting changes are written in full.",
    )

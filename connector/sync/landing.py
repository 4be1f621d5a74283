"""Landing: what a bulk load made is read back from the board and settled record by record.

monday names no item when a load is over. The board is read newest first until every member was
seen; an item counts as delivered only if it shows exactly what was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from connector.errors import ConnectorError, Explanation, OutcomeUnknown, TryAgain
from connector.models import Batch, Outcome, RecordLink
from connector.monday.boards import Item
from connector.monday.bulk import LoadState
from connector.sync.ageing import plan_again
from connector.sync.board_readings import going_on
from connector.sync.boards import Desk
from connector.sync.deliver import LaneStops
from connector.sync.finding import linked
from connector.sync.lanes import Lease, hold
from connector.sync.recover import duplicate
from connector.sync.settle import newest_versions
from connector.sync.settlement import Settlement, back_off
from connector.sync.waits import IN_FLIGHT
from mappings.columns import shows

# monday's index may lag: what its counts say is there is looked for this often, this far apart.
LOOKS = 5
LOOK_AGAIN = timedelta(seconds=30)
SETTLED_AT_ONCE = 500

Member = dict[str, Any]


@dataclass
class Sighting:
    """Items that carry one member's key; ``as_sent``: the first shows exactly what was sent."""

    as_sent: bool
    items: list[str]


def land(lease: Lease, desk: Desk, batch: Batch, state: LoadState | None) -> None:
    """Settle an ended load. ``state`` is None where monday does not say what became of it.

    Raises LaneStops while items that monday counts, or may have written, are not to be seen yet.
    """
    members = {desk.key_of(member["key"]): member for member in batch.members}
    try:
        seen = _look(lease, desk, batch, members)
    except ConnectorError as error:
        after = error.after if isinstance(error, TryAgain | OutcomeUnknown) else None
        raise LaneStops(error, after or back_off(batch.lookups + 1)) from error
    found = [(members[key], sighting) for key, sighting in seen.items()]
    for start in range(0, len(found), SETTLED_AT_ONCE):
        _settle(lease, desk, batch, found[start : start + SETTLED_AT_ONCE])
    written = state.written if state else None
    unseen = written is None or written > len(seen)
    if unseen and len(seen) < len(members) and batch.lookups < LOOKS:
        _look_later(lease, batch)
    # What was there before stands further back on the board; its key finds it.
    _release(lease, desk, batch, look_up_first=unseen)


def _look(
    lease: Lease, desk: Desk, batch: Batch, members: dict[str, Member]
) -> dict[str, Sighting]:
    """Members by key, as the newest items show them; a page without any of them is the last."""
    board, columns = desk.mapping.board_id, desk.written_columns
    with going_on(desk.mapping, f"load {batch.pk}") as look:
        pages = desk.client.pages(board, columns, cursor=look.cursor, newest_first=True)
        for page, cursor in pages:
            hold(lease)
            ours = _note(desk, page, members, look.seen)
            look.cursor = cursor
            if not ours or len(look.seen) == len(members):
                break
    return {key: Sighting(*sighting) for key, sighting in look.seen.items()}


def _note(desk: Desk, page: list[Item], members: dict[str, Member], seen: dict[str, Any]) -> bool:
    """Whether any item of the page is of the load. ``seen``: what a Sighting has, by key."""
    key_column = desk.mapping.key_column
    ours = [item for item in page if item.text(key_column) in members]
    for item in ours:
        key = item.text(key_column)
        if key not in seen:
            seen[key] = [_shows(desk, item, members[key]), []]
        if item.id not in seen[key][1]:  # what comes in between moves it on to the next page
            seen[key][1].append(item.id)
    return bool(ours)


def _shows(desk: Desk, item: Item, member: Member) -> bool:
    """Whether the item reads as it was sent, column by column."""
    if item.name != member["name"]:
        return False
    for column_id, cell in member["cells"].items():
        column = desk.columns.get(column_id)
        if column is not None and not shows(column, item.cells.get(column_id, {}), cell):
            return False
    return True


def _settle(
    lease: Lease, desk: Desk, batch: Batch, found: Sequence[tuple[Member, Sighting]]
) -> None:
    found = _own(desk, found)
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk, batch)
        versions = newest_versions([member["record"] for member, _ in found])
        links = _links(desk, batch, [member["link"] for member, _ in found])
        for member, sighting in found:
            link = links.get(member["link"])
            if link is None:
                continue  # settled by an earlier look
            _settle_one(settlement, link, member, sighting, versions.get(link.record_id, 0))
        settlement.write()


def _own(desk: Desk, found: Sequence[tuple[Member, Sighting]]) -> list[tuple[Member, Sighting]]:
    """Without items of other records, which carry the key because a person has written it there,
    or because Visma has used the number anew. What was loaded over those is written again."""
    owners = linked(desk, [item for _, sighting in found for item in sighting.items])
    own, strange = [], list[str]()
    for member, seen in found:
        items = [i for i in seen.items if owners.get(i, member["key"]) == member["key"]]
        own.append((member, Sighting(seen.as_sent and items[:1] == seen.items[:1], items)))
        strange += set(seen.items) - set(items)
    if strange:
        _write_again(desk, strange)
    return own


def _write_again(desk: Desk, items: list[str]) -> None:
    links = RecordLink.objects.filter(mapping=desk.mapping, item_id__in=items)
    with transaction.atomic():
        links.exclude(state__in=IN_FLIGHT).update(delivered={})
        plan_again(desk.mapping, list(links.values_list("pk", flat=True)))


def _settle_one(
    settlement: Settlement, link: RecordLink, member: Member, sighting: Sighting, newest: int
) -> None:
    link.delivered_mapping = member["mapping_version"]  # what a look-up has to know
    if not sighting.items:
        settlement.find(link, None)
        link.look_up_first = True  # or a load would do it again
        settlement.tell(link, Outcome.LATER, ANOTHERS)
    elif len(sighting.items) > 1:
        settlement.leave_to_a_person(link, duplicate(sighting.items))
    elif sighting.as_sent:
        settlement.apply(link, member, newest, {"id": sighting.items[0]})
    else:
        settlement.find(link, sighting.items[0])


def _links(desk: Desk, batch: Batch, link_ids: list[int]) -> dict[int, RecordLink]:
    links = RecordLink.objects.filter(batch=batch, pk__among=link_ids).order_by("pk")
    locked = links.select_for_update(of=("self",))
    adopted = desk.adopt(locked)
    return {link.pk: link for link in adopted}


def _look_later(lease: Lease, batch: Batch) -> None:
    with transaction.atomic():
        batch.not_before = hold(lease) + LOOK_AGAIN
        batch.lookups += 1
        batch.save(update_fields=["not_before", "lookups"])
    raise LaneStops(OutcomeUnknown(UNSEEN), LOOK_AGAIN)


def _release(lease: Lease, desk: Desk, batch: Batch, *, look_up_first: bool) -> None:
    """What did not land goes on by batches, which tell why monday refuses a record."""
    versions = {member["link"]: member["mapping_version"] for member in batch.members}
    while left := _left(batch):
        with transaction.atomic():
            settlement = Settlement(hold(lease), desk, batch)
            for link in _links(desk, batch, left).values():
                settlement.find(link, None)
                link.look_up_first = look_up_first
                link.delivered_mapping = versions[link.pk]
            settlement.write()
    with transaction.atomic():
        batch.state, batch.settled_at, batch.rows = Batch.State.SETTLED, hold(lease), ""
        batch.save(update_fields=["state", "settled_at", "rows"])


def _left(batch: Batch) -> list[int]:
    left = RecordLink.objects.filter(batch=batch).order_by("pk")
    return list(left.values_list("pk", flat=True)[:SETTLED_AT_ONCE])


UNSEEN = Explanation(
    code="outcome_unknown",
    happened="Items of a bulk load are counted by monday.com but not to be seen on the board yet.",
    remedy="Nothing to do: it is looked again.",
    fixer="nobody",
)
ANOTHERS = Explanation(
    code="item_of_another",
    happened="The load has written this record into another one’s item, which carries its key.",
    remedy="Nothing to do: that item is written again, and this record gets one of its own.",
    fixer="nobody",
)

"""Choose: what is due on a board is planned; what needs no call is settled at once."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from connector.errors import Explanation
from connector.models import Batch, Operation, RecordLink
from connector.models.prepared import Given, Prepared
from connector.sync import gone, plan, references, subitems, vanish
from connector.sync.boards import Desk
from connector.sync.deliver import BATCH_SIZE, Wanted, parked
from connector.sync.lanes import FEW, Lease, due_links, hold
from connector.sync.settle import lock_planned
from connector.sync.settlement import Settlement
from connector.visma.records import decode
from mappings import filters
from mappings.columns import clean
from mappings.problems import Problem
from mappings.render import Rendered

log = logging.getLogger(__name__)

# Of a helping of a backlog, so many are the newest: a change of today does not wait for them all.
NEWEST = BATCH_SIZE

NOTHING = plan.Shown()
Quiet = plan.Unchanged | plan.Excluded | plan.Invalid | plan.Held | plan.Gone | plan.Awaiting


def due(desk: Desk, now: datetime) -> list[RecordLink]:
    """A helping of links to work on: those that waited longest, of a backlog also the newest."""
    links = due_links(now).filter(mapping=desk.mapping)
    if desk.mapping.parent_id is not None:
        links = subitems.ready(links)
    oldest = desk.adopt(links.order_by("waiting_since", "id")[:FEW], payload=True)
    desk.ledger.backlog = len(oldest) == FEW
    if not desk.ledger.backlog:
        return oldest
    newest = desk.adopt(links.order_by("-waiting_since", "-id")[:NEWEST], payload=True)
    taken = {link.pk for link in newest}
    return newest + [link for link in oldest if link.pk not in taken][: FEW - len(newest)]


def is_of_backlog(batch: Batch, now: datetime) -> bool:
    """Whether a batch that was frozen earlier is one of many: what waits with it is as much."""
    return bool(AS_MUCH(mapping=batch.mapping_id, now=now))


AS_MUCH = Prepared(
    lambda: (
        due_links(Given("now"))
        .filter(mapping=Given("mapping"))
        .order_by()
        .values_list("pk")[FEW - BATCH_SIZE : FEW - BATCH_SIZE + 1]
    )
)


def decide(desk: Desk, link: RecordLink) -> plan.Decision:
    """The decision about one link; also what a simulation and a replay preview show."""
    payload = decode(link.record.payload)
    rendered = desk.render(payload, link.record.key)
    if in_the_way := desk.over(link).in_the_way if desk.mapping.parent_id is not None else "":
        return plan.Excluded(in_the_way)
    if link.record.vanished_at is not None:
        rule = filters.when_deleted(desk.mapping.filter)
        return plan.decide(rendered, _shown(desk, link), excluded=vanish.DELETED, on_leave=rule)
    if gone.is_known(link):
        return plan.Gone()
    reason = desk.excluded(payload)
    decision = plan.decide(
        rendered,
        _shown(desk, link),
        excluded=reason,
        on_leave=desk.mapping.on_leave,
        mark=desk.render.marked(reason) if reason else None,
    )
    if isinstance(decision, plan.Create) and (lost := _lost_key_column(desk, rendered)):
        # Without the key an item whose creation goes unanswered could never be found again.
        return plan.Held((lost,))
    return decision


def _decide_in_any_case(desk: Desk, link: RecordLink) -> plan.Decision:
    """An error of our own about one record is that record's failure, and its neighbours go on."""
    try:
        return decide(desk, link)
    except Exception as error:
        log.exception("Planning %s failed", link.record)
        return plan.Invalid((own_error(error),))


def own_error(error: Exception) -> Problem:
    return Problem(
        code="internal_error",
        message=f"ml-connector itself failed at this record ({type(error).__name__}).",
        remedy="Look for a newer version of ml-connector; the log of the workers says more.",
    )


def _shown(desk: Desk, link: RecordLink) -> plan.Shown:
    if link.item_id is None:
        return NOTHING
    return plan.Shown(
        item_id=link.item_id,
        name=link.delivered.get("name", ""),
        cells=link.delivered.get("cells", {}),
        doubtful=desk.doubtful(link),
    )


def _lost_key_column(desk: Desk, rendered: Rendered) -> Problem | None:
    key = desk.mapping.key_column
    return next((p for p in rendered.parked if key and p.column_id == key), None)


def choose(lease: Lease, desk: Desk, links: list[RecordLink]) -> list[Wanted]:
    """Plan the links: settle those that need no call, return those that do."""
    wanted: list[Wanted] = []
    quiet: list[tuple[RecordLink, Quiet]] = []
    references.lay_out(desk, links)
    desk.look_over(links)
    for link in links:
        decision = _decide_in_any_case(desk, link)
        if awaiting := plan.awaiting(decision):
            quiet.append((link, awaiting))
        elif isinstance(decision, plan.Create):
            wanted.append(Wanted(link, decision, Operation.CREATE))
        elif isinstance(decision, plan.Update):
            wanted.append(Wanted(link, decision, Operation.UPDATE))
        elif isinstance(decision, plan.Archive):
            wanted.append(Wanted(link, decision, Operation.ARCHIVE))
        else:
            quiet.append((link, decision))
    _settle_quiet(lease, desk, quiet)
    return wanted


def batches(wanted: list[Wanted]) -> list[list[Wanted]]:
    """Groups of one operation; what was refused as a whole comes back in ever smaller groups.

    25, 12, 6, 3, 1: a record that spoils its request is alone after four more calls. What changes
    on the board goes before what is new there.
    """
    open_: dict[tuple[str, int], list[Wanted]] = {}
    groups: list[list[Wanted]] = []
    for one in wanted:
        size = max(BATCH_SIZE >> one.link.attempts, 1)
        group = open_.setdefault((one.operation, size), [])
        group.append(one)
        if len(group) == size:
            groups.append(open_.pop((one.operation, size)))
    groups += open_.values()
    return sorted(groups, key=lambda group: group[0].operation == Operation.CREATE)


def _settle_quiet(lease: Lease, desk: Desk, quiet: list[tuple[RecordLink, Quiet]]) -> None:
    if not quiet:
        return
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk)
        versions = lock_planned([link for link, _ in quiet])
        for link, decision in quiet:
            # Visma or the mapping has moved on since the link was read: it is planned again.
            is_current = versions.get(link.record_id) == link.record.version
            if is_current and not settlement.rules_changed:
                _settle_one(settlement, link, decision)
        settlement.write()


def _settle_one(settlement: Settlement, link: RecordLink, decision: Quiet) -> None:
    if isinstance(decision, plan.Unchanged):
        shown: dict[str, Any] = {"name": decision.name, "cells": decision.cells}
        settlement.leave_unchanged(link, shown, parked(decision.parked))
    elif isinstance(decision, plan.Excluded):
        settlement.exclude(link, decision.reason)
    elif isinstance(decision, plan.Gone):
        settlement.stay_gone(link)
    elif isinstance(decision, plan.Held):
        settlement.hold_until_mended(link, _explain(decision))
    elif isinstance(decision, plan.Awaiting):
        settlement.wait_for_reference(link, decision.note)
    else:
        settlement.fail(link, _explain(decision))


def _explain(invalid: plan.Invalid | plan.Held) -> Explanation:
    """All problems of a record in one text, under the code of the first."""
    first = invalid.problems[0]
    return Explanation(
        code=first.code,
        # A message quotes what Visma sent, and PostgreSQL takes no NUL in a text.
        happened=clean(" ".join(dict.fromkeys(problem.message for problem in invalid.problems))),
        remedy=" ".join(dict.fromkeys(problem.remedy for problem in invalid.problems)),
    )

"""Deliver: due links become frozen batches, and each batch one request.

Nothing leaves before the commit that froze it; no transaction is open during a call.
"""

import json
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import CallReport
from connector.models import Batch, LinkState, Operation, RecordLink
from connector.monday import documents
from connector.monday.documents import Document
from connector.sync import plan
from connector.sync.boards import Desk
from connector.sync.budget import REQUEST_COST
from connector.sync.lanes import Lease, hold
from connector.sync.settle import Applied, settle
from connector.sync.settlement import back_off
from mappings.models import BoardMapping

# 25 divides monday's complexity minute evenly (500 items of 10,000 points) and keeps what is
# uncertain after a lost answer small.
BATCH_SIZE = 25
# A batch of a backlog waits about three seconds for its place in the minute; planning anew after
# each would cost more than the wait. Far shorter than a lease.
LONGEST_NAP = timedelta(seconds=5)
# monday keeps the answer to a key for 30 minutes; older than this, a key is never sent again.
KEY_LIFE = timedelta(minutes=25)


class LaneStops(Exception):
    """The lane cannot go on now; ``error`` says why, ``after`` when to look again."""

    def __init__(self, error: ConnectorError, after: timedelta) -> None:
        super().__init__(error.why.happened)
        self.error = error
        self.after = after
        self.mapping: BoardMapping | None = None  # whose work stopped; set on the way up


@dataclass(frozen=True)
class Wanted:
    """One link with the decision about it."""

    link: RecordLink
    decision: plan.Create | plan.Update | plan.Archive
    operation: Operation


def freeze(lease: Lease, desk: Desk, members: list[Wanted]) -> Batch | None:
    """Commit one request with everything in it, before anything is sent.

    Returns None if a link is no longer waiting; then it is planned again.
    """
    document = _document(desk, members)
    with transaction.atomic():
        hold(lease)
        batch = Batch.objects.create(
            lane=lease.lane,
            mapping=desk.mapping,
            operation=members[0].operation,
            idempotency_key=uuid.uuid4(),
            document=document.text,
            variables=json.dumps(document.variables, ensure_ascii=False),
            members=[member_of(desk, f"a{n}", wanted) for n, wanted in enumerate(members)],
            fence=lease.fence,
        )
        links = RecordLink.objects.filter(
            pk__among=[wanted.link.pk for wanted in members], state=LinkState.WAITING
        )
        if links.update(state=LinkState.SENDING, batch=batch) != len(members):
            transaction.set_rollback(True)
            return None
    return batch


def send(
    lease: Lease,
    desk: Desk,
    batch: Batch,
    *,
    until: float = 0.0,
    links: Sequence[RecordLink] | None = None,
) -> None:
    """Send a frozen batch, for the first time or again: same bytes, same key. Then settle it.

    ``until``: monotonic time up to which a limit that asks for a short wait is waited for.
    ``links``: the batch's members as they were planned, where they are at hand.
    Raises LaneStops where the whole request was refused or its outcome is not known.
    """
    document = _frozen_document(batch)
    slot = _reserve(desk, document, until)
    # A worker that is frozen from here on must not send what others have meanwhile recovered.
    began = time.monotonic()
    mark_sent(lease, desk, batch, slot)
    refusal: ConnectorError | None = None
    try:
        answer = desk.client.execute(
            document, slot=slot, idempotency_key=str(batch.idempotency_key), began=began
        )
    except ConnectorError as error:
        refusal = error
        batch.request_id, batch.error = error.why.request_id, error.why.happened
        verdict = _of_all_sendings(batch, error)
        outcomes: dict[str, Applied] = {m["alias"]: verdict for m in batch.members}
    else:
        batch.request_id, batch.error = answer.request_id, ""
        outcomes = {m["alias"]: answer.outcome(m["alias"]) for m in batch.members}
        if answer.cost:
            desk.learn_item_cost(answer.cost, document.items)
    _plan_next_send(batch, outcomes)
    settle(lease, desk, batch, outcomes, whole=refusal is not None, links=links)
    _stop_if_asked(refusal, outcomes.values(), batch)


def _document(desk: Desk, members: list[Wanted]) -> Document:
    mapping = desk.mapping
    decisions: list[Any] = [wanted.decision for wanted in members]
    match members[0].operation:
        case Operation.CREATE if mapping.parent_id is not None:
            over = [str(desk.over(wanted.link).item_id) for wanted in members]
            under = [(i, d.name, _cells(d.cells)) for i, d in zip(over, decisions, strict=True)]
            return documents.create_subitems(under, create_labels=mapping.create_labels)
        case Operation.CREATE:
            rows = [(d.name, _cells(d.cells)) for d in decisions]
            return documents.create_items(
                mapping.board_id, desk.group_id, rows, create_labels=mapping.create_labels
            )
        case Operation.UPDATE:
            changed = [(d.item_id, _cells(_with_name(d))) for d in decisions]
            return documents.update_items(
                mapping.board_id, changed, create_labels=mapping.create_labels
            )
    return documents.archive_items([d.item_id for d in decisions])


def _cells(cells: plan.Cells) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _with_name(update: plan.Update) -> plan.Cells:
    return update.cells if update.name is None else {"name": update.name, **update.cells}


def member_of(desk: Desk, alias: str, wanted: Wanted) -> dict[str, Any]:
    """What settle needs to know about a member, frozen with the batch.

    ``sent_name`` and ``sent_cells`` are what is written where that is not all of it.
    """
    link, decision = wanted.link, wanted.decision
    member: dict[str, Any] = {
        "alias": alias,
        "link": link.pk,
        "record": link.record_id,
        "key": link.record.key,
        "version": link.record.version,
        "mapping_version": desk.mapping.version,
        "day": f"{desk.render.rules.day}",
        "name": "",
        "cells": {},
        "parked": {},
    }
    if isinstance(decision, plan.Create):
        member |= {"name": decision.name, "cells": decision.cells}
    elif isinstance(decision, plan.Update):
        member |= {"name": decision.wanted_name, "cells": decision.wanted_cells}
        member |= {"sent_name": decision.name, "sent_cells": decision.cells}
    else:
        member |= {"sent_name": None, "sent_cells": {}}
    if isinstance(decision, plan.Archive):
        member["left_out"] = decision.reason
    else:
        member["parked"] = parked(decision.parked)
    if isinstance(decision, plan.Update):
        member["left_out"] = decision.left_out
    return member


def parked(problems: Iterable[Any]) -> dict[str, str]:
    return {problem.column_id: problem.message for problem in problems}


def _frozen_document(batch: Batch) -> Document:
    return Document(
        operation=f"{batch.operation}_items",
        text=batch.document,
        variables=json.loads(batch.variables),
        mutation=True,
        items=len(batch.members),
    )


def _reserve(desk: Desk, document: Document, until: float) -> int:
    cost = REQUEST_COST + document.items * desk.item_cost
    while True:
        try:
            return desk.ledger.reserve(document.operation, mutation=True, cost=cost)
        except Throttled as error:
            wait = error.after or timedelta(seconds=1)
            if wait > LONGEST_NAP or time.monotonic() + wait.total_seconds() > until:
                raise LaneStops(error, wait) from error
            time.sleep(wait.total_seconds())


def mark_sent(lease: Lease, desk: Desk, batch: Batch, slot: int) -> None:
    """The last step before the wire: prolong the lease and write down that sending starts.

    Raises LaneStops where the key has grown too old: a host may have slept since somebody looked.
    """
    try:
        with transaction.atomic():
            now = hold(lease)
            if key_is_old(batch, now):
                raise not_known_yet(batch, back_off(1))
            batch.state = Batch.State.SENT
            batch.sends += 1
            batch.first_sent_at = batch.first_sent_at or now
            batch.last_sent_at = now
            batch.save(update_fields=["state", "sends", "first_sent_at", "last_sent_at"])
    except BaseException:
        desk.ledger.record(slot, CallReport(status=0, duration_ms=0))
        raise


def key_is_old(batch: Batch, now: datetime) -> bool:
    """monday may have forgotten the key: sent again, it would be executed again."""
    return batch.first_sent_at is not None and now - batch.first_sent_at >= KEY_LIFE


def not_known_yet(batch: Batch, after: timedelta) -> LaneStops:
    why = Explanation(
        code="outcome_unknown",
        happened=f"The outcome of {batch} is not known yet.",
        remedy="Nothing to do: it is being found out.",
        fixer="nobody",
    )
    return LaneStops(OutcomeUnknown(why), after)


def _of_all_sendings(batch: Batch, refusal: ConnectorError) -> ConnectorError:
    """A refusal speaks of this sending only: an earlier one of the same request may have worked."""
    if batch.sends == 1:
        return refusal
    return OutcomeUnknown(refusal.why, refusal.after if isinstance(refusal, TryAgain) else None)


def _plan_next_send(batch: Batch, outcomes: dict[str, Applied]) -> None:
    assert batch.last_sent_at is not None  # noqa: S101  mark_sent has set it
    waits = [
        outcome.after or back_off(batch.sends)
        for outcome in outcomes.values()
        if isinstance(outcome, OutcomeUnknown)
    ]
    batch.not_before = batch.last_sent_at + max(waits) if waits else None


def _stop_if_asked(
    refusal: ConnectorError | None, outcomes: Iterable[Applied], batch: Batch
) -> None:
    for outcome in [refusal, *outcomes]:
        if isinstance(outcome, AskAPerson) and outcome.reach in ("board", "connection"):
            raise LaneStops(outcome, timedelta(0))
        if isinstance(outcome, OutcomeUnknown):
            raise LaneStops(outcome, outcome.after or back_off(batch.sends))
        if isinstance(outcome, Throttled):
            raise LaneStops(outcome, outcome.after or timedelta(0))
    if isinstance(refusal, TryAgain):
        raise LaneStops(refusal, refusal.after or timedelta(0))

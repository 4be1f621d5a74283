"""A receipt left on hold: once somebody has released it in Visma, invoices are linked to it.

Linking may be repeated, so a worker may die anywhere here: the next look does what is left.
"""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from connector.clients import monday_client
from connector.errors import GiveUp
from connector.models import GoodsReceipt, OnHold, Outcome
from connector.models.clock import database_now
from connector.monday import talk
from connector.sync import hints, matching
from connector.sync.boards import ledger_of
from connector.sync.matching import Linked
from connector.sync.receipt_case import CLAIM, QUIET, Case, Pause, note, save
from connector.sync.receipt_find import UNFINISHED
from connector.sync.receipt_waits import relieve
from connector.sync.telling import moment
from connector.visma.client import Row
from connector.visma.resources import RESOURCES

# One call a look; people release at the end of a shift, not within seconds. What is on hold for
# longer waits for something else, and many of them must not use up Visma's calls of the hour.
LOOK, LATER_LOOK = timedelta(minutes=15), timedelta(hours=1)
FRESH = timedelta(days=1)
# What nobody has released for so long nobody will.
LONGEST = timedelta(days=60)
# Names our comments, so that a repeated one is known to monday.
COMMENTS = uuid.UUID("0b0c4d0e-6a57-4f0e-8f0a-5d8d4a3c9e21")


def follow(case: Case) -> None:
    """Raises Pause while the receipt waits in Visma, ConnectorError where nobody can tell."""
    row = case.row
    if row.on_hold != OnHold.WAITS:
        return
    if _is_older(row, LONGEST):  # first: it ends also where Visma cannot be read any more
        _end(case, row.status, _given_up(row))
        return
    _rest_on_trial(case)
    ours = case.client.fetch(RESOURCES["purchase_receipt"], f"PoReceipt:{row.number}")
    status = str(ours.payload.get("status") or "") if ours else ""
    if status in UNFINISHED:
        relieve(row)
        raise Pause(LATER_LOOK if _is_older(row, FRESH) else LOOK)
    if ours is None or status != "Released":
        status = status or "Deleted"
        words = f"Receipt {row.number} was {status.lower()} in Visma; nothing is linked to it."
        _end(case, status, words)
        return
    _link(case, ours)


def _rest_on_trial(case: Case) -> None:
    """What is not tried waits for nobody, and is not listed as if it did."""
    if case.rule.dry:
        relieve(case.row)
        raise Pause(LOOK)


def _link(case: Case, ours: Row) -> None:
    row = case.row
    save(row, claimed_until=database_now() + CLAIM)
    order_key = matching.order_key(row, row.order_number)
    order = case.client.fetch(RESOURCES["purchase_order"], order_key)
    linked = matching.link_invoices(row, case.client, order=order, ours=ours)
    words = " ".join([f"Receipt {row.number} was released in Visma.", *linked.said])
    _end(case, "Released", words, linked)


def _is_older(row: GoodsReceipt, than: timedelta) -> bool:
    return row.finished_at is None or database_now() - row.finished_at > than


def _given_up(row: GoodsReceipt) -> str:
    return (
        f"Receipt {row.number} was left on hold {LONGEST.days} days ago and is looked at no more. "
        "Once it is released, link its supplier invoice in Visma."
    )


def _end(case: Case, status: str, words: str, linked: Linked | None = None) -> None:
    """What could not be linked somebody has to link: that is still to be said on the item."""
    left = OnHold.COMMENT if linked and linked.problems else OnHold.NONE
    with transaction.atomic():
        save(case.row, on_hold=left, status=status, happened=words, **QUIET)
        note(case, Outcome.DONE, words)
        for entity, key in linked.touched if linked else ():
            hints.remember(case.mapping.visma, entity, key)
    hints.nudge(case.mapping.visma)


def tell(case: Case) -> None:
    """Say the saved words on the item; the label and the lines stay. Raises ConnectorError."""
    row = case.row
    if row.on_hold != OnHold.COMMENT:
        return
    _rest_on_trial(case)
    client = monday_client(row.mapping.monday, ledger_of(row.mapping))
    key = str(uuid.uuid5(COMMENTS, f"{row.pk}:{moment(row)}"))
    with suppress(GiveUp):  # the item is gone: the row and the audit keep the words
        talk.comment(client, row.item_id, row.happened, idempotency_key=key)
    save(row, on_hold=OnHold.NONE, **QUIET)

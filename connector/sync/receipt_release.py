"""A receipt left on hold: once somebody has released it in Visma, invoices are linked to it.

Linking may be repeated, so a worker may die anywhere here: the next look does what is left.
"""

import uuid
from datetime import timedelta

from django.db import transaction

from connector.clients import monday_client
from connector.errors import GiveUp
from connector.models import GoodsReceipt, Outcome
from connector.models.clock import database_now
from connector.monday import talk
from connector.sync import hints, matching
from connector.sync.boards import ledger_of
from connector.sync.matching import Linked
from connector.sync.receipt_case import QUIET, Case, Pause, note, save
from connector.sync.receipt_find import UNFINISHED
from connector.visma.resources import RESOURCES

# One call a look; people release at the end of a shift, not within seconds.
LOOK = timedelta(minutes=15)
# What nobody has released for so long nobody will.
LONGEST = timedelta(days=60)
# Names our comments, so that a repeated one is known to monday.
COMMENTS = uuid.UUID("0b0c4d0e-6a57-4f0e-8f0a-5d8d4a3c9e21")
BY_HAND = "If it is released later, link its supplier invoice there."


def follow(case: Case) -> None:
    """Raises Pause while the receipt waits in Visma, ConnectorError where nobody can tell."""
    row = case.row
    if not row.awaits_release:
        return
    if case.rule.dry:
        raise Pause(LOOK)
    ours = case.client.fetch(RESOURCES["purchase_receipt"], f"PoReceipt:{row.number}")
    status = str(ours.payload.get("status") or "") if ours else "Deleted"
    if status in UNFINISHED and not _is_too_old(row):
        save(row, **QUIET)
        raise Pause(LOOK)
    if ours is None or status != "Released":
        _end(case, status, _given_up(row, status))
        return
    order_key = matching.order_key(row, row.order_number)
    order = case.client.fetch(RESOURCES["purchase_order"], order_key)
    linked = matching.link_invoices(row, case.client, order=order, ours=ours)
    words = " ".join([f"Receipt {row.number} was released in Visma.", *linked.said])
    if linked.problems:
        _comment(row, words)
    _end(case, status, words, linked)


def _is_too_old(row: GoodsReceipt) -> bool:
    return row.finished_at is None or database_now() - row.finished_at > LONGEST


def _given_up(row: GoodsReceipt, status: str) -> str:
    if status in UNFINISHED:
        return f"Receipt {row.number} has waited on hold for {LONGEST.days} days. {BY_HAND}"
    return f"Receipt {row.number} was {status.lower()} in Visma; nothing is linked to it."


def _end(case: Case, status: str, words: str, linked: Linked | None = None) -> None:
    with transaction.atomic():
        save(case.row, awaits_release=False, status=status, happened=words, **QUIET)
        note(case, Outcome.DONE, words)
        for entity, key in linked.touched if linked else ():
            hints.remember(case.mapping.visma, entity, key)
    hints.nudge(case.mapping.visma)


def _comment(row: GoodsReceipt, words: str) -> None:
    """What could not be linked somebody has to link; the label and the lines stay as they are."""
    client = monday_client(row.mapping.monday, ledger_of(row.mapping))
    try:
        talk.comment(
            client, row.item_id, words, idempotency_key=str(uuid.uuid5(COMMENTS, str(row.pk)))
        )
    except GiveUp:
        return  # the item is gone: the row and the audit keep the words

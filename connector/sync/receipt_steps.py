"""The steps of a receipt: look at Visma, decide, do one thing, write down what came of it.

The row first, the effect second, the result third: after a crash anywhere, the documents in Visma
say what is left to do, and a receipt that was made is found again by its marker.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import transaction

from connector.errors import AskAPerson, GiveUp, TryAgain
from connector.models import GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.sync import (
    hints,
    matching,
    receipt_actions,
    receipt_find,
    receipt_lines,
    receipt_plan,
)
from connector.sync.receipt_case import (
    OPEN,
    Case,
    Pause,
    end,
    refuse,
    save,
    save_asking,
    why,
)
from connector.sync.receipt_plan import (
    Create,
    Finish,
    Refuse,
    Wish,
)
from connector.sync.receipt_waits import relieve, stop_if_refused
from connector.visma.client import Row
from connector.visma.resources import RESOURCES

# A receipt that was begun before the rule was put on trial waits for the end of the trial.
TRIAL_PAUSE = timedelta(minutes=10)
BY_LINE = why(
    "rule_lines",
    "Receiving line by line is possible on purchase orders only.",
    "Choose “everything the order still waits for” in the receive rule of the mapping.",
)
NO_ORDER = why(
    "order_none",
    "The invoice names no purchase order.",
    "Link the invoice's lines to an order in Visma, then set the label again.",
)


def step(case: Case) -> None:
    """Raises Pause where something has to end first, GiveUp where Visma refuses."""
    row = case.row
    # First: from the moment it is seen released on, nothing may say any more that it is refused.
    ours = receipt_find.known(case)
    order_number = row.order_number or _order_number(case)
    order = case.client.fetch(RESOURCES["purchase_order"], matching.order_key(row, order_number))
    if order is not None and not row.order_number:
        save(row, order_number=order_number)
    ours = ours or receipt_find.search(case, order)
    wish = Wish(
        number=order_number,
        release=case.rule.release,
        lines=receipt_lines.wanted_of(row.lines),
        filled=row.filled,
    )
    next_step = receipt_plan.decide(
        order.payload if order else None, ours.payload if ours else None, wish
    )
    if case.rule.dry:
        _only_show(case, next_step)
    else:
        _perform(case, next_step, order, ours)


def _order_number(case: Case) -> str:
    """The order that the item is about; GiveUp where there is not exactly one."""
    if case.rule.by_lines and case.mapping.entity != "purchase_order":
        raise GiveUp(BY_LINE)
    found = matching.orders(case.row, case.client)
    if not found:
        raise GiveUp(NO_ORDER)
    if len(found) > 1:
        happened = f"The invoice names several orders: {', '.join(found)}."
        raise GiveUp(why("orders_many", happened, "Set the label on each order's own item."))
    return found[0]


def _perform(case: Case, step: receipt_plan.Step, order: Row | None, ours: Row | None) -> None:
    if isinstance(step, Refuse):
        refuse(case, step.why)
    elif isinstance(step, Create):
        _create(case, step)
    elif isinstance(step, Finish):
        _finish(case, step, order, ours)
    else:
        assert ours is not None  # noqa: S101  decided from it
        receipt_actions.go_on(case, step, ours)


def _only_show(case: Case, step: receipt_plan.Step) -> None:
    """Say what would be done, and write nothing anywhere."""
    row = case.row
    if row.state != ReceiptState.WAITING:
        relieve(row)
        raise Pause(TRIAL_PAUSE)
    if isinstance(step, Refuse):
        refuse(case, step.why)
        return
    if isinstance(step, Create):
        ends = "release it" if case.rule.release else "leave it on hold"
        message = f"Would make a receipt of order {row.order_number} ({step.what}) and {ends}."
    elif isinstance(step, Finish):
        message = step.message
    else:
        message = f"Would go on with the receipt that was begun for order {row.order_number}."
    end(case, ReceiptState.DRY, message=message)


def _create(case: Case, step: Create) -> None:
    row = case.row
    _wait_for_others(row)
    stop_if_refused(row)  # looked for in vain, after the time of every call for it
    was_sent = row.sent_at
    # A worker that stalls from here on for too long must not send: others may have made it by then.
    began = time.monotonic()
    save_asking(row, state=ReceiptState.SENT, sent_at=database_now())
    try:
        number = case.client.create_receipt(_body(case, step), began=began)
    except (TryAgain, AskAPerson):
        save(row, sent_at=was_sent)  # this sending has surely done nothing
        raise
    receipt_find.made(case, number)


def _wait_for_others(row: GoodsReceipt) -> None:
    """One receipt at a time for an order: what one of them brings, the next must see."""
    same = GoodsReceipt.objects.filter(
        mapping__visma=row.mapping.visma_id, order_number=row.order_number, state__in=OPEN
    )
    begun = same.exclude(pk=row.pk).exclude(state=ReceiptState.WAITING)
    if begun.exists() or same.filter(pk__lt=row.pk).exists():
        relieve(row)
        raise Pause(receipt_actions.LOOK)


def _body(case: Case, step: Create) -> dict[str, Any]:
    body: dict[str, Any] = {
        "receiptType": {"value": "PoReceipt"},
        "supplierId": {"value": step.supplier},
        "hold": {"value": True},
        # The supplier's invoice comes by its own way; a second one would be paid twice.
        "createBill": {"value": False},
        "supplierRef": {"value": case.row.marker},
        "note": {"value": f"monday.com item {case.row.item_id}"},
    }
    if step.currency:
        body["currency"] = {"value": step.currency}
    if step.branch:
        body["branchNumber"] = {"value": step.branch}
    return body


def _finish(case: Case, step: Finish, order: Row | None, ours: Row | None) -> None:
    """AP matching before the end: a receipt that stands alone is half the work."""
    linked = matching.link_invoices(case.row, case.client, order=order, ours=ours)
    row = case.row
    # Also one that somebody else made: its release links this item's invoices, too.
    waits = bool(step.number) and step.status in receipt_find.UNFINISHED
    with transaction.atomic():
        found = {"number": step.number, "status": step.status, "more_to_come": step.more}
        save(row, on_hold=OnHold.WAITS if waits else OnHold.NONE, **found)
        message = " ".join([step.message, *linked.said])
        # People typed quantities, or read of a refusal: they read what became of it.
        tell = ours is None or bool(linked.problems) or row.lines is not None or row.replayed
        end(case, ReceiptState.DONE, message=message, tell=tell)
        for entity, key in linked.touched:
            hints.remember(case.mapping.visma, entity, key)
    hints.nudge(case.mapping.visma)

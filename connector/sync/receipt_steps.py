"""The steps of a receipt: look at Visma, decide, do one thing, write down what came of it.

The row first, the effect second, the result third: after a crash anywhere, the documents in Visma
say what is left to do, and a receipt that was made is found again by its marker.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import transaction

from connector.errors import AskAPerson, GiveUp, TryAgain
from connector.models import GoodsReceipt, Outcome, ReceiptState
from connector.models.clock import database_now
from connector.sync import hints, matching, receipt_find, receipt_lines, receipt_plan
from connector.sync.receipt_case import (
    OPEN,
    Case,
    Pause,
    end,
    note,
    refuse,
    save,
    save_asking,
    why,
)
from connector.sync.receipt_lines import AddLines, SetQuantities
from connector.sync.receipt_plan import (
    AddOrder,
    Create,
    Finish,
    Refuse,
    Release,
    TakeOffHold,
    Wish,
)
from connector.visma.client import Row
from connector.visma.resources import RESOURCES
from connector.visma.writing import Result

# An action that Visma queued is looked after this often, asked for again after a minute, and
# three times at most.
QUEUE_LOOK = timedelta(seconds=3)
QUEUE_PATIENCE = timedelta(seconds=60)
QUEUE_TRIES = 3
WORDS = {
    "addpurchaseorder": "add the order to",
    "addpurchaseorderlines": "add lines of the order to",
    "release": "release",
}
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
    order_number = row.order_number or _order_number(case)
    order = case.client.fetch(RESOURCES["purchase_order"], matching.order_key(row, order_number))
    if order is not None and not row.order_number:
        save(row, order_number=order_number)
    ours = receipt_find.ours(case, order)
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
    row = case.row
    if isinstance(step, Refuse):
        refuse(case, step.why)
    elif isinstance(step, Create):
        _create(case, step)
    elif isinstance(step, Finish):
        _finish(case, step, order, ours)
    elif isinstance(step, AddOrder):
        one = {"orderNbr": row.order_number, "orderType": step.order_type}
        _act(case, "addpurchaseorder", {"purchaseOrders": [one]})
    elif isinstance(step, AddLines):
        lines = [{"lineNbr": str(line)} for line in step.lines]  # texts here, numbers elsewhere
        some = {"orderNbr": row.order_number, "lines": lines}
        _act(case, "addpurchaseorderlines", {"purchaseOrderLines": [some]})
    elif isinstance(step, Release):
        _act(case, "release", None)
    else:
        assert ours is not None  # noqa: S101  decided from it
        _correct(case, step, ours.etag)


def _only_show(case: Case, step: receipt_plan.Step) -> None:
    """Say what would be done, and write nothing anywhere."""
    row = case.row
    if row.state != ReceiptState.WAITING:
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
        raise Pause(QUEUE_LOOK)


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


def _act(case: Case, action: str, body: dict[str, Any] | None) -> None:
    """Ask for an action unless it was asked for a moment ago; its effect is seen by looking."""
    row, now = case.row, database_now()
    asked = 1
    if row.action == action and row.action_at is not None:
        if now < row.action_at + QUEUE_PATIENCE:
            raise Pause(QUEUE_LOOK)
        asked = row.action_asked + 1
    if asked > QUEUE_TRIES:
        happened = f"Visma has accepted “{action}” for receipt {row.number}, but did not do it."
        raise GiveUp(why("action_ignored", happened, "Finish the receipt by hand in Visma."))
    began = time.monotonic()
    save_asking(row, action=action, action_at=now, action_asked=asked)
    try:
        result = case.client.act_on_receipt(row.number, action, body, began=began)
    except TryAgain:
        save(row, action_at=None)
        raise
    _judge(case, action, result)


def _judge(case: Case, action: str, result: Result) -> None:
    if result.word == "Failed":
        happened = f"Visma refused to {WORDS[action]} receipt {case.row.number}: {result.error}"
        remedy = "Put it right in Visma, then set the label again: this receipt is taken up again."
        raise GiveUp(why("receipt_refused", happened, remedy))
    if result.word in ("Queued", "InProcess"):
        raise Pause(QUEUE_LOOK)
    note(case, Outcome.DONE, f"Visma was asked to {WORDS[action]} receipt {case.row.number}.")


def _correct(case: Case, step: SetQuantities | TakeOffHold, etag: str) -> None:
    row = case.row
    try:
        case.client.update_receipt(row.number, etag, _correction(step))
    except TryAgain as error:
        if error.why.code != "changed_meanwhile":
            raise
        return  # somebody else changed it: look again, decide again
    if isinstance(step, SetQuantities):
        brought = receipt_lines.in_words(receipt_lines.wanted_of(row.lines) or {})
        with transaction.atomic():
            save(row, filled=True)
            note(case, Outcome.DONE, f"Receipt {row.number} got its quantities: {brought}.")
    else:
        note(case, Outcome.DONE, f"Receipt {row.number} was taken off hold.")


def _correction(step: SetQuantities | TakeOffHold) -> dict[str, Any]:
    if isinstance(step, TakeOffHold):
        return {
            "hold": {"value": False},
            "controlQty": {"value": step.quantity},
            "controlAmount": {"value": step.amount},
        }
    changes: list[dict[str, Any]] = [
        {
            "operation": "Update",
            "lineNbr": {"value": line},
            "receiptQty": {"value": quantity},
            "completePoLine": {"value": False},
        }
        for line, quantity in step.quantities
    ]
    gone = [{"operation": "Delete", "lineNbr": {"value": line}} for line in step.surplus]
    return {"lines": changes + gone}


def _finish(case: Case, step: Finish, order: Row | None, ours: Row | None) -> None:
    """AP matching before the end: a receipt that stands alone is half the work."""
    linked = matching.link_invoices(case.row, case.client, order=order, ours=ours)
    row = case.row
    save(row, number=step.number, status=step.status, more_to_come=step.more)
    with transaction.atomic():
        message = " ".join([step.message, *linked.said])
        # People typed quantities, or read of a refusal: they read what became of it.
        tell = ours is None or bool(linked.problems) or row.lines is not None or row.replayed
        end(case, ReceiptState.DONE, message=message, tell=tell)
        for entity, key in linked.touched:
            hints.remember(case.mapping.visma, entity, key)
    hints.nudge(case.mapping.visma)

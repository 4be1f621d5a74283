"""What a receipt that is in Visma still lacks: asked of Visma, and seen by looking."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from connector.errors import GiveUp, TryAgain
from connector.models import GoodsReceipt, Outcome
from connector.models.clock import database_now
from connector.sync import receipt_lines
from connector.sync.receipt_case import Case, Pause, note, save, save_asking, why
from connector.sync.receipt_lines import AddLines, SetQuantities
from connector.sync.receipt_plan import AddOrder, Release, TakeOffHold
from connector.sync.receipt_waits import stop_if_refused
from connector.visma.client import Row
from connector.visma.resources import RESOURCES
from connector.visma.writing import Result

# An action that Visma queued is looked after this often, asked for again after a minute, and
# three times at most.
LOOK = timedelta(seconds=3)
PATIENCE = timedelta(seconds=60)
TRIES = 3
OFF_HOLD = "off hold"  # a change like others to Visma, but as often in vain as an action
WORDS = {
    "addpurchaseorder": "add the order to receipt {}",
    "addpurchaseorderlines": "add lines of the order to receipt {}",
    OFF_HOLD: "take receipt {} off hold",
    "release": "release receipt {}",
}


def go_on(
    case: Case, step: AddOrder | AddLines | SetQuantities | TakeOffHold | Release, ours: Row
) -> None:
    row = case.row
    if isinstance(step, AddOrder):
        one = {"orderNbr": row.order_number, "orderType": step.order_type}
        _ask(case, "addpurchaseorder", ours, {"purchaseOrders": [one]})
    elif isinstance(step, AddLines):
        lines = [{"lineNbr": str(line)} for line in step.lines]  # texts here, numbers elsewhere
        some = {"orderNbr": row.order_number, "lines": lines}
        _ask(case, "addpurchaseorderlines", ours, {"purchaseOrderLines": [some]})
    elif isinstance(step, SetQuantities):
        _set_quantities(case, step, ours)
    elif isinstance(step, TakeOffHold):
        _off_hold(case, step, ours)
    else:
        _ask(case, "release", ours, None)


def _ask(case: Case, action: str, ours: Row, body: dict[str, Any] | None) -> None:
    number = case.row.number
    send = partial(case.client.act_on_receipt, number, action, body)
    _act(case, action, ours, lambda began: send(began=began))


def _act(case: Case, action: str, ours: Row, send: Callable[[float], Result]) -> None:
    """Ask for an action unless it was asked for a moment ago; its effect is seen by looking."""
    row, now = case.row, database_now()
    is_same = row.action == action
    if is_same and row.action_at is not None and now < row.action_at + PATIENCE:
        raise Pause(LOOK)
    asked = row.action_asked if is_same else 0
    if asked >= TRIES:
        happened = f"Visma has taken on to {_in_words(row, action)}, but did not do it."
        raise GiveUp(why("action_ignored", happened, "Finish the receipt by hand in Visma."))
    stop_if_refused(row)
    began = time.monotonic()
    save_asking(row, action=action, action_at=now, action_asked=asked)
    try:
        result = send(began)
        _judge(row, action, result)
    except TryAgain:
        save(row, action_at=None)
        raise
    except GiveUp:
        if _has_moved(case, ours):
            return  # an earlier asking was late, or somebody else was faster: decide again
        raise
    with transaction.atomic():
        save(row, action_asked=asked + 1)
        note(case, Outcome.DONE, f"Visma was asked to {_in_words(row, action)}.")
    if result.word in ("Queued", "InProcess"):
        raise Pause(LOOK)


def _judge(row: GoodsReceipt, action: str, result: Result) -> None:
    if result.word == "Failed":
        happened = f"Visma refused to {_in_words(row, action)}: {result.error}"
        remedy = "Put it right in Visma, then set the label again: this receipt is taken up again."
        raise GiveUp(why("receipt_refused", happened, remedy))


def _in_words(row: GoodsReceipt, action: str) -> str:
    return WORDS[action].format(row.number)


def _has_moved(case: Case, ours: Row) -> bool:
    found = case.client.fetch(RESOURCES["purchase_receipt"], ours.key)
    return found is not None and _looks(found) != _looks(ours)


def _looks(receipt: Row) -> tuple[Any, ...]:
    said = receipt.payload
    return said.get("status"), said.get("hold"), len(said.get("lines") or ())


def _off_hold(case: Case, step: TakeOffHold, ours: Row) -> None:
    def send(began: float) -> Result:
        case.client.update_receipt(case.row.number, ours.etag, _correction(step))
        return Result("")

    try:
        _act(case, OFF_HOLD, ours, send)
    except TryAgain as error:
        if error.why.code != "changed_meanwhile":
            raise  # otherwise somebody else changed it: look again, decide again


def _set_quantities(case: Case, step: SetQuantities, ours: Row) -> None:
    row = case.row
    try:
        case.client.update_receipt(row.number, ours.etag, _correction(step))
    except TryAgain as error:
        if error.why.code != "changed_meanwhile":
            raise
        return
    brought = receipt_lines.in_words(receipt_lines.wanted_of(row.lines) or {})
    with transaction.atomic():
        save(row, filled=True)
        note(case, Outcome.DONE, f"Receipt {row.number} got its quantities: {brought}.")


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

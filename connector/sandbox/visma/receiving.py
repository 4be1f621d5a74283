"""What receiving goods does: receipts, their states, and the order that follows them.

Refusals are ``Refused`` with Visma's kind of words; the caller decides how they are told.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import ZERO, shortest, spelled
from connector.sandbox.visma.records.order_state import follow, open_quantity
from connector.sandbox.visma.records.receipt import (
    line_from_order,
    receipt,
    set_quantity,
    summary,
    total,
)
from connector.sandbox.visma.tables import Payload

RECEIVABLE = ("Open", "Closed", "Printed")


class RefusedError(Exception):
    """A business rule says no."""


def new_receipt(company: Company, supplier: Payload, *, currency: str, rate: Decimal) -> Payload:
    """On hold and empty; not stored yet."""
    number = company.next_number("purchase_receipt")
    now = company.stamps.now()
    return receipt(number, supplier, date=now, currency=currency, rate=rate)


def add_order_lines(
    company: Company, target: Payload, order_number: str, places: Iterable[int] | None = None
) -> None:
    """Append the open lines of an order, all or the given ones; RefusedError if none fits."""
    order = receivable(company, order_number)
    if order["supplier"]["number"] != target["supplier"]["number"]:
        raise RefusedError(f"Order {order_number} belongs to another supplier.")
    wanted = None if places is None else set(places)
    known = {line["lineNbr"] for line in order["lines"]}
    if wanted and wanted - known:
        raise RefusedError(f"Order {order_number} has no line {min(wanted - known)}.")
    taken = {(ln["poOrderNbr"], ln["poOrderLineNbr"]) for ln in target["lines"]}
    fitting = [
        line
        for line in order["lines"]
        if (line["lineNbr"] in wanted if wanted else open_quantity(line))
        and not line["completed"]
        and line["lineType"] != "Description"
        and (order["orderNbr"], line["lineNbr"]) not in taken
    ]
    if not fitting:
        raise RefusedError(f"Order {order_number} has no open line to receive.")
    for line in fitting:
        place = max((ln["lineNbr"] for ln in target["lines"]), default=0) + 1
        target["lines"].append(line_from_order(place, line, order, open_quantity(line)))
    total(target)


def receivable(company: Company, order_number: str) -> Payload:
    """The order, if its state lets goods in."""
    order = company.tables["purchase_order"].get(order_number)
    if order is None:
        raise RefusedError(f"Purchase order '{order_number}' cannot be found in the system.")
    if order["status"] not in RECEIVABLE:
        raise RefusedError(
            f"Purchase order {order_number} has status {order['status']} and cannot be received."
        )
    return order


def check_quantities(company: Company, target: Payload) -> None:
    """The over-receipt rule of each order line; ``AcceptButWarn`` lets it pass."""
    for line in target["lines"]:
        if line["receiptQty"] < 0:
            raise RefusedError("Receipt quantity cannot be negative.")
        source = order_line(company, line)
        if source is None or source["receiptAction"] != "Reject":
            continue
        held = _on_receipts(company, line["poOrderNbr"], but=target["receiptNbr"])
        sum_ = held.get(line["poOrderLineNbr"], ZERO) + line["receiptQty"]
        most = source["orderQty"] * source["maxReceipt"] / 100
        if sum_ > most:
            raise RefusedError(
                f"Quantity received {shortest(sum_)} exceeds the maximum {shortest(most)} "
                f"of order {line['poOrderNbr']}, line {line['poOrderLineNbr']}."
            )


def order_line(company: Company, line: Payload) -> Payload | None:
    order = company.tables["purchase_order"].get(line["poOrderNbr"] or "")
    lines = order["lines"] if order else []
    return next((ln for ln in lines if ln["lineNbr"] == line["poOrderLineNbr"]), None)


def release(company: Company, target: Payload) -> None:
    """Balanced → Released; RefusedError for any other state. The caller stores it."""
    if target["status"] == "Hold":
        raise RefusedError("The document is on hold and cannot be released.")
    if target["status"] != "Balanced":
        raise RefusedError(f"A document with status {target['status']} cannot be released.")
    if not any(line["receiptQty"] for line in target["lines"]):
        raise RefusedError("The receipt has no quantity to release.")
    check_quantities(company, target)
    target["status"] = "Released"


def put_on_hold(target: Payload, *, hold: bool) -> None:
    target["hold"] = hold
    if target["status"] in ("Hold", "Balanced"):
        target["status"] = "Hold" if hold else "Balanced"


def set_quantities(target: Payload, quantities: Mapping[int, Decimal]) -> None:
    """Per line of the order; a line of the receipt not named is taken out."""
    target["lines"] = [ln for ln in target["lines"] if quantities.get(ln["poOrderLineNbr"])]
    for line in target["lines"]:
        set_quantity(line, quantities[line["poOrderLineNbr"]])
    total(target)


def store(company: Company, target: Payload, kind: str, at: datetime | None = None) -> Payload:
    """Keep a receipt and let its orders follow; ``at`` is for seeding only."""
    before = company.tables["purchase_receipt"].get(target["receiptNbr"])
    if at:
        company.plant("purchase_receipt", target, at)
    else:
        company.change("purchase_receipt", target, kind)
    touched = {ln["poOrderNbr"] for doc in (before, target) if doc for ln in doc["lines"]}
    for number in sorted(touched - {None}):
        _follow(company, number, target, at)
    return target


def _follow(company: Company, number: str, source: Payload, at: datetime | None) -> None:
    order = company.draft("purchase_order", number)
    held, released = _on_receipts(company, number), _on_receipts(company, number, released=True)
    for line in order["lines"]:
        line["qtyOnReceipts"] = shortest(held.get(line["lineNbr"], ZERO))
        got = released.get(line["lineNbr"], ZERO)
        line["receivedAmt"] = spelled(got * line["unitCost"], number)
    if source["status"] == "Released":
        _complete(order, source)
    order["purchaseReceipts"] = [summary(each) for each in receipts_of(company, number)]
    follow(order, released)
    if at:
        company.plant("purchase_order", order, at)
    elif company.quirks.receipts_stamp_orders:
        company.change("purchase_order", order, "order_followed_receipt")
    else:
        company.keep_stamps("purchase_order", order, "order_followed_receipt")


def _complete(order: Payload, source: Payload) -> None:
    """``completePoLine`` finishes a line whatever the quantity, also zero."""
    asked = {
        ln["poOrderLineNbr"]
        for ln in source["lines"]
        if ln["completePoLine"] and ln["poOrderNbr"] == order["orderNbr"]
    }
    for line in order["lines"]:
        line["completed"] = line["completed"] or line["lineNbr"] in asked


def receipts_of(company: Company, order_number: str) -> list[Payload]:
    return [
        each
        for each in company.tables["purchase_receipt"].rows()
        if any(line["poOrderNbr"] == order_number for line in each["lines"])
    ]


def _on_receipts(
    company: Company, order_number: str, *, released: bool = False, but: str = ""
) -> dict[int, Decimal]:
    """Quantity per order line on receipts that count; returns count negative."""
    found: dict[int, Decimal] = {}
    for each in receipts_of(company, order_number):
        counts = each["status"] == "Released" or (not released and each["status"] != "Cancelled")
        if not counts or each["receiptNbr"] == but:
            continue
        sign = -1 if each["receiptType"] == "PoReturn" else 1
        for line in each["lines"]:
            place = line["poOrderLineNbr"]
            if line["poOrderNbr"] == order_number:
                found[place] = found.get(place, ZERO) + sign * line["receiptQty"]
    return found

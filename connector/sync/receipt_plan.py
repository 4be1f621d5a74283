"""What the receipt of an order needs next, decided from what Visma shows. Pure: no I/O, no clock.

Whatever happened to an earlier request, the answer to "what now" is in the documents: so every
step may be repeated, and none is done twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.errors import Explanation
from connector.sync import receipt_lines
from connector.sync.receipt_lines import AddLines, SetQuantities, Wanted

Payload = Mapping[str, Any]
# Words of Visma's order status under which goods cannot come in, and what to do about each.
CLOSED_DOORS = {
    "hold": "Take the order off hold in Visma: Purchase orders → the order → Hold",
    "balanced": "Approve the order in Visma",
    "pendingapproval": "Approve the order in Visma",
    "pendingemail": "Send the order to the supplier in Visma",
    "pendingprint": "Print the order in Visma",
    "rejected": "Correct the order in Visma and have it approved",
    "cancelled": "Make a new order in Visma for what came, or send the goods back",
    "voided": "Make a new order in Visma for what came, or send the goods back",
}


@dataclass(frozen=True)
class Create:
    """Make an empty receipt on hold, marked as ours."""

    supplier: str
    currency: str
    branch: str
    what: str  # in words, such as “3 lines, quantity 42”


@dataclass(frozen=True)
class AddOrder:
    """Let Visma fill the receipt with what the order still waits for."""

    order_type: str


@dataclass(frozen=True)
class TakeOffHold:
    """Control figures go along: some companies insist that they match."""

    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Release:
    pass


@dataclass(frozen=True)
class Finish:
    """Nothing is left to do on the receipt; ``number`` is empty where none was needed.

    ``more``: the order still waits for goods.
    """

    number: str
    status: str
    message: str
    more: bool = False


@dataclass(frozen=True)
class Refuse:
    why: Explanation


Step = Create | AddOrder | AddLines | SetQuantities | TakeOffHold | Release | Finish | Refuse


@dataclass(frozen=True)
class Wish:
    """What is asked for. ``lines``: quantities by line; None means all that the order waits for.

    ``filled``: the receipt had these quantities once; what it says now, people made of it.
    """

    number: str  # of the order
    release: bool
    lines: Wanted | None = None
    filled: bool = False


# Of a receipt, and of an invoice.
OPEN_FOR_CHANGE = ("Hold", "Balanced")
RELEASE_IT = (
    "Check it and release it in Visma: Purchase receipts. Supplier invoices are linked to it then."
)


def decide(order: Payload | None, receipt: Payload | None, wish: Wish) -> Step:
    """``receipt`` is ours, found by its number or marker."""
    if receipt is not None and _is_settled(receipt, wish):
        return _go_on(receipt, order, wish)
    refusal = _refusal(order, receipt, wish)
    if refusal is not None:
        return Refuse(refusal)
    assert order is not None  # noqa: S101  refused otherwise
    if receipt is not None:
        return _go_on(receipt, order, wish)
    lines = open_lines(order)
    if wish.lines is None and not lines:
        return _nothing_left(order, wish.number)
    return Create(
        supplier=_text(order, "supplier", "number"),
        currency=str(order.get("currency") or ""),
        branch=_text(order, "branch", "number"),
        what=_what(lines) if wish.lines is None else receipt_lines.in_words(wish.lines),
    )


def _is_settled(receipt: Payload, wish: Wish) -> bool:
    """Whether the order has no say any more in what comes onto the receipt."""
    is_over = receipt.get("status") not in OPEN_FOR_CHANGE
    return wish.lines is None or wish.filled or is_over


def _refusal(order: Payload | None, receipt: Payload | None, wish: Wish) -> Explanation | None:
    number = wish.number
    if order is None:
        return _why("order_missing", f"Visma has no purchase order {number}.", "Check the order.")
    status = str(order.get("status") or "")
    door = CLOSED_DOORS.get(status.replace(" ", "").lower())
    if door:
        happened = f"Order {number} is {status} in Visma, so goods cannot be received on it."
        return _why("order_closed", happened, f"{door}, then set the label again.")
    if order.get("orderType") == "DropShip":
        happened = f"Order {number} is delivered straight to the customer: nothing comes in here."
        return _why("order_drop_ship", happened, "Confirm the delivery in Visma instead.")
    if wish.lines is None:
        return None
    held = receipt_lines.on_receipt(receipt, number)
    return receipt_lines.refusal(order, number, wish.lines, held)


def _what(lines: list[Payload]) -> str:
    quantity = sum((_open(line) for line in lines), Decimal(0))
    many = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
    return f"{many}, quantity {receipt_lines.plain(quantity)}"


def open_lines(order: Payload) -> list[Payload]:
    """Lines that still wait for goods. Receipts that are not released count as come."""
    return [
        line
        for line in order.get("lines") or ()
        if not line.get("completed")
        and not line.get("canceled")
        and line.get("lineType") != "Description"
        and _open(line) > 0
    ]


def _go_on(receipt: Payload, order: Payload | None, wish: Wish) -> Step:
    number, status = str(receipt["receiptNbr"]), str(receipt.get("status") or "")
    if status == "Cancelled":
        happened = f"Receipt {number} was cancelled in Visma."
        return Refuse(_why("receipt_cancelled", happened, "Set the label again for a new one."))
    if status == "Released":
        return _finish(receipt, order, wish, "is made and released")
    filling = _filling(receipt, order, wish)
    if filling is not None:
        return filling
    if not wish.release:
        return _finish(receipt, order, wish, "is made and waits on hold")
    if status == "Hold" or receipt.get("hold"):
        return TakeOffHold(_number(receipt, "totalQty"), _number(receipt, "totalAmt"))
    return Release()


def _filling(
    receipt: Payload, order: Payload | None, wish: Wish
) -> AddOrder | AddLines | SetQuantities | None:
    if wish.lines is not None:
        return None if wish.filled else receipt_lines.fill(receipt, wish.number, wish.lines)
    if not receipt.get("lines"):
        return AddOrder(str((order or {}).get("orderType") or "RegularOrder"))
    return None


def _finish(receipt: Payload, order: Payload | None, wish: Wish, how: str) -> Finish:
    number, status = str(receipt["receiptNbr"]), str(receipt.get("status") or "")
    brought = receipt_lines.on_receipt(receipt, wish.number)
    told = f": {receipt_lines.in_words(brought)}" if wish.lines is not None and brought else ""
    message = f"Receipt {number} {how}{told}."
    if status != "Released":
        message += f" {RELEASE_IT}"
    return Finish(number, status, message, more=bool(open_lines(order or {})))


def _nothing_left(order: Payload, number: str) -> Finish:
    receipts = [each for each in order.get("purchaseReceipts") or () if _counts(each)]
    # One that is not released yet: the others' invoices can be linked at once, its own only then.
    on_hold = [each for each in receipts if each.get("status") in OPEN_FOR_CHANGE]
    last = (on_hold or receipts or [{}])[-1]
    named = str(last.get("receiptNumber") or "")
    there = f": it is on receipt {named}" if named else ""
    message = f"Nothing was left to receive on order {number}{there}. No receipt was made."
    if on_hold:
        message += f" Receipt {named} is on hold. {RELEASE_IT}"
    return Finish(named, str(last.get("status") or ""), message)


def _counts(receipt: Payload) -> bool:
    return receipt.get("status") != "Cancelled" and receipt.get("type") != "PoReturn"


def _open(line: Payload) -> Decimal:
    return _number(line, "orderQty") - _number(line, "qtyOnReceipts")


def _number(payload: Payload, name: str) -> Decimal:
    return Decimal(payload.get(name) or 0)


def _text(payload: Payload, name: str, inner: str) -> str:
    return str((payload.get(name) or {}).get(inner) or "")


def _why(code: str, happened: str, remedy: str) -> Explanation:
    return Explanation(code=code, happened=happened, remedy=remedy, fixer="visma_admin")


# --- AP matching ------------------------------------------------------------------------------


def orders_of(invoice: Payload) -> list[str]:
    """Purchase orders that an invoice's lines name."""
    lines = invoice.get("invoiceLines") or ()
    return list(dict.fromkeys(str(line["poNumber"]) for line in lines if line.get("poNumber")))


@dataclass(frozen=True)
class Links:
    """``changes`` link an invoice's lines; ``apart``: lines that bill more than the receipt has.

    ``is_linked``: a line names this receipt already.
    """

    changes: list[dict[str, Any]]
    apart: list[str]
    is_linked: bool = False


def links(invoice: Payload, receipt: Payload, *, in_parts: bool = False) -> Links:
    """Link an invoice's lines to the lines of a receipt that brought their goods.

    Visma links an invoice line to one receipt line. Where an order comes ``in_parts``, a line that
    bills more than this part is left to people, who may split it.
    """
    places = {
        (str(line.get("poOrderNbr")), line.get("poOrderLineNbr")): line
        for line in receipt.get("lines") or ()
    }
    lines = invoice.get("invoiceLines") or ()
    found = Links([], [], any(line.get("poReceiptNbr") == receipt["receiptNbr"] for line in lines))
    for line in lines:
        source = places.get((str(line.get("poNumber")), line.get("poLineNr")))
        if source is None or line.get("poReceiptNbr"):
            continue
        if in_parts and _number(line, "quantity") > _number(source, "receiptQty"):
            found.apart.append(str(line.get("poLineNr")))
            continue
        found.changes.append(_linking(line, receipt, source))
    return found


def _linking(line: Payload, receipt: Payload, source: Payload) -> dict[str, Any]:
    return {
        "operation": "Update",
        "lineNumber": {"value": line["lineNumber"]},
        "linkLine": {
            "purchaseType": "PurchaseReceipt",
            "purchaseNumber": {"value": str(receipt["receiptNbr"])},
            "purchaseLineNbr": {"value": source["lineNbr"]},
        },
    }

"""Matching: which order an item is about, and which invoices a receipt is linked to."""

from dataclasses import dataclass, field

from connector.errors import ConnectorError, GiveUp, OutcomeUnknown, TryAgain
from connector.models import GoodsReceipt, SourceRecord
from connector.sync import receipt_plan
from connector.sync.receipt_waits import REFERENCE, is_refused
from connector.visma.client import Row
from connector.visma.resources import RESOURCES
from connector.visma.writing import REFUSED_OR_BROKEN, VismaWriter

BY_HAND = "Put it right in Visma, and link the invoice to the receipt there."
TRIES = 3  # an invoice that changes while we write is read again so often


@dataclass
class Linked:
    """``touched``: (entity, key) of what has changed in Visma and is to be read again.

    ``is_ours``: said of our own receipt, not of those that were there before.
    """

    is_ours: bool = True
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    touched: list[tuple[str, str]] = field(default_factory=list)


def orders(row: GoodsReceipt, client: VismaWriter) -> list[str]:
    """Numbers of the orders that the item is about."""
    record = row.link.record
    if record.entity == "purchase_order":
        return [record.key.rpartition(":")[2]]
    invoice = client.fetch(RESOURCES["supplier_invoice"], record.key)
    return receipt_plan.orders_of(invoice.payload) if invoice else []


def order_key(row: GoodsReceipt, number: str) -> str:
    record = row.link.record
    if record.entity == "purchase_order":
        return record.key
    known = SourceRecord.objects.filter(
        connection=record.connection_id, entity="purchase_order", number=number
    ).values_list("key", flat=True)[:2]
    return known[0] if len(known) == 1 else f"RegularOrder:{number}"


def link_invoices(
    row: GoodsReceipt, client: VismaWriter, *, order: Row | None, ours: Row | None
) -> Linked:
    """Link the lines of every invoice that waits for these goods. Repeating is harmless."""
    linked = Linked(ours is not None, touched=[("purchase_order", order.key)] if order else [])
    if ours is not None:
        linked.touched.append(("purchase_receipt", ours.key))
    try:
        receipts = [ours] if ours else _others(client, order)
    except GiveUp as error:
        _problem(linked, f"The order's receipts could not be read: {_said(error)} {BY_HAND}")
        return linked
    released = [each for each in receipts if each.payload.get("status") == "Released"]
    for key in _invoices(row):
        for receipt in released:
            _try(row, client, key, receipt, linked)
    return linked


def _try(row: GoodsReceipt, client: VismaWriter, key: str, receipt: Row, linked: Linked) -> None:
    """What one invoice is refused stands beside the receipt, which is made all the same."""
    number = key.rpartition(":")[2]
    try:
        _link(client, key, receipt, linked, in_parts=row.lines is not None)
    except (GiveUp, OutcomeUnknown) as error:
        if isinstance(error, OutcomeUnknown) and not _is_refusal(error, row):
            raise
        _problem(linked, f"Invoice {number} could not be linked: {_said(error)} {BY_HAND}")


def _is_refusal(error: OutcomeUnknown, row: GoodsReceipt) -> bool:
    return error.why.code == REFUSED_OR_BROKEN and is_refused(row)


def _others(client: VismaWriter, order: Row | None) -> list[Row]:
    """Receipts that were there before us."""
    listed = (order.payload.get("purchaseReceipts") if order else None) or ()
    keys = [f"PoReceipt:{each['receiptNumber']}" for each in listed if each.get("receiptNumber")]
    found = [client.fetch(RESOURCES["purchase_receipt"], key) for key in keys]
    return [each for each in found if each is not None]


def _invoices(row: GoodsReceipt) -> list[str]:
    record = row.link.record
    if record.entity == "supplier_invoice":
        return [record.key]
    rows = SourceRecord.objects.filter(
        connection=record.connection_id,
        entity="supplier_invoice",
        vanished_at=None,
        payload__contains=f'"poNumber":"{row.order_number}"',
    )
    return list(rows.order_by("key").values_list("key", flat=True))


def _link(client: VismaWriter, key: str, receipt: Row, linked: Linked, *, in_parts: bool) -> None:
    for _ in range(TRIES):
        invoice = client.fetch(RESOURCES["supplier_invoice"], key)
        if invoice is None:
            return
        found = receipt_plan.links(invoice.payload, receipt.payload, in_parts=in_parts)
        number, status = invoice.payload["referenceNumber"], invoice.payload.get("status")
        if not found.changes:
            if found.is_linked:  # by a worker that died before it said so, or by a person
                _linked(linked, key, number, receipt)
            _tell_apart(linked, number, found.apart)
            return
        if status not in receipt_plan.OPEN_FOR_CHANGE:
            _problem(linked, f"Invoice {number} is {status}, so Visma links its lines no more.")
            return
        try:
            client.update_invoice(key, invoice.etag, {"invoiceLines": found.changes})
        except TryAgain as error:
            if error.why.code != "changed_meanwhile":
                raise
            continue
        _linked(linked, key, number, receipt)
        _tell_apart(linked, number, found.apart)
        return
    _problem(linked, f"Invoice {key.rpartition(':')[2]} is being changed by others: link it there.")


def _linked(linked: Linked, key: str, number: str, receipt: Row) -> None:
    which = "it" if linked.is_ours else f"receipt {receipt.payload['receiptNbr']}"
    linked.touched.append(("supplier_invoice", key))
    linked.said.append(f"Invoice {number} is linked to {which}.")


def _said(error: ConnectorError) -> str:
    """Visma's own words, without their reference number, as a sentence."""
    words = REFERENCE.sub("", error.why.detail).strip() or error.why.happened
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _tell_apart(linked: Linked, number: str, lines: list[str]) -> None:
    """Lines that bill more than came: Visma links a line to one receipt only."""
    if not lines:
        return
    which = f"line{'s'[: len(lines) > 1]} {', '.join(lines)} of the order"
    _problem(
        linked,
        f"Invoice {number} bills more of {which} than came: split it there in Visma to link it.",
    )


def _problem(linked: Linked, words: str) -> None:
    linked.problems.append(words)
    linked.said.append(words)

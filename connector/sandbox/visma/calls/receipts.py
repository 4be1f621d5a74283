"""Purchase receipts: made by POST, filled by actions, corrected by PUT, released by an action.

Reads are v2; v1 reads are gone since 2026-09-15, while everything that writes stays on v1.
"""

from collections.abc import Callable

from connector.sandbox.visma import answers
from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.billing import bill
from connector.sandbox.visma.calls import writing
from connector.sandbox.visma.calls.receipt_body import fill, one_of, supplier_of
from connector.sandbox.visma.calls.writing import value
from connector.sandbox.visma.money import RATES
from connector.sandbox.visma.receiving import (
    RefusedError,
    add_order_lines,
    new_receipt,
    release,
    store,
)
from connector.sandbox.visma.routes import Call, Route
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Response

PATH = "/v1/PurchaseReceipt"
Wanted = tuple[str, list[int] | None]  # an order, and its lines or all that are open
TYPES = ("PoReceipt", "PoReturn", "TransferReceipt")


def routes() -> list[Route]:
    one = "v1/purchasereceipt/{number}"
    return [
        Route("GET", "v1/purchasereceipt", gone),
        Route("GET", one, gone),
        Route("POST", "v1/purchasereceipt", create),
        Route("PUT", one, update),
        Route("POST", f"{one}/action/addpurchaseorder", add_orders),
        Route("POST", f"{one}/action/addpurchaseorderlines", add_lines),
        Route("POST", f"{one}/action/release", release_receipt),
        Route("POST", f"{one}/action/cancelreceipt", cancel_receipt),
        Route("POST", "v1/purchaseorder/{number}/action/createpurchasereceipt", create_from_order),
    ]


def gone(_call: Call) -> Response:
    return answers.message(404, "No HTTP resource was found that matches the request URI.")


def create(call: Call) -> Response:
    """On hold unless said otherwise. Lines that name an order are lines without an order."""
    body = call.body()
    supplier = supplier_of(call, value(body, "supplierId", ""))
    currency = value(body, "currency", supplier["currencyId"])
    if currency not in RATES:
        raise refuse(f"Currency '{currency}' cannot be found in the system.")
    target = new_receipt(call.company, supplier, currency=currency, rate=RATES[currency])
    target["receiptType"] = one_of(value(body, "receiptType", "PoReceipt"), TYPES)
    fill(call, target, body)
    store(call.company, target, "receipt_created")
    return writing.created(call, target, f"{PATH}/{target['receiptNbr']}")


def update(call: Call) -> Response:
    target = writing.draft(call, "purchase_receipt", call.path["number"])
    if target["status"] not in ("Hold", "Balanced"):
        raise refuse(f"A document with status {target['status']} cannot be changed.")
    fill(call, target, call.body())
    store(call.company, target, "receipt_updated")
    return writing.updated(target)


def add_orders(call: Call) -> Response:
    wanted: list[Wanted] = [
        (each.get("orderNbr", ""), None) for each in call.body().get("purchaseOrders") or []
    ]
    return _add(call, wanted)


def add_lines(call: Call) -> Response:
    """Line numbers are texts in this body, and numbers everywhere else."""
    wanted: list[Wanted] = []
    for each in call.body().get("purchaseOrderLines") or []:
        texts = [line.get("lineNbr") for line in each.get("lines") or []]
        if not all(isinstance(text, str) and text.isdecimal() for text in texts):
            raise refuse("The request is invalid. 'lineNbr' expects a text of digits.")
        wanted.append((each.get("orderNbr", ""), [int(text) for text in texts]))
    return _add(call, wanted)


def release_receipt(call: Call) -> Response:
    """With ``createBill`` this also makes a supplier invoice."""

    def act(target: Payload) -> None:
        release(call.company, target)
        if target["createBill"]:
            bill(call.company, target)

    return _action(call, act, "receipt_released")


def cancel_receipt(call: Call) -> Response:
    def act(target: Payload) -> None:
        if target["status"] not in ("Hold", "Balanced"):
            raise RefusedError(f"A document with status {target['status']} cannot be cancelled.")
        target["status"], target["hold"] = "Cancelled", False

    return _action(call, act, "receipt_cancelled")


def create_from_order(call: Call) -> Response:
    """The whole order in one call. Where the new number is told is documented nowhere."""
    body, company = call.body(), call.company
    order = company.tables["purchase_order"].get(call.path["number"])
    if order is None:
        raise answers.not_found()
    if body.get("orderType") != order["orderType"]:
        raise refuse("The request is invalid. 'orderType' is missing or is not the order's.")
    supplier = company.get("supplier", order["supplier"]["number"])
    target = new_receipt(company, supplier, currency=order["currency"], rate=order["exchangeRate"])
    target["branchNumber"], target["warehouse"] = order["branch"], order["warehouse"]
    try:
        add_order_lines(company, target, order["orderNbr"])
    except RefusedError as why:
        raise refuse(f"Error creating document. Error: {why}") from None
    store(company, target, "receipt_created")
    response = answers.answer({})
    if not company.quirks.new_receipt_is_named:
        return response
    return answers.with_headers(response, Location=f"{PATH}/{target['receiptNbr']}")


def _add(call: Call, wanted: list[Wanted]) -> Response:
    if not wanted:
        raise refuse("The request is invalid. No purchase order was given.")

    def act(target: Payload) -> None:
        if target["status"] not in ("Hold", "Balanced"):
            raise RefusedError(f"A document with status {target['status']} cannot be changed.")
        for order_number, places in wanted:
            add_order_lines(call.company, target, order_number, places)

    return _action(call, act, "receipt_filled")


def _action(call: Call, act: Callable[[Payload], None], kind: str) -> Response:
    key = call.path["number"]
    writing.draft(call, "purchase_receipt", key)

    def run() -> Payload:
        # Read anew: a queued action meets the document as it is then.
        target = call.company.draft("purchase_receipt", key)
        act(target)
        return store(call.company, target, kind)

    return writing.action(call, run)

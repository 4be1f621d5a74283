"""Supplier invoices: PUT with the links that AP matching needs, and the actions on a document."""

from collections.abc import Callable

from connector.sandbox.visma.answers import empty, refuse
from connector.sandbox.visma.calls import writing
from connector.sandbox.visma.calls.linking import add_order, add_receipt_line, link
from connector.sandbox.visma.calls.writing import Fields, boolean, date, text, value
from connector.sandbox.visma.receiving import RefusedError
from connector.sandbox.visma.records.invoice import settle, total, vat_in_currency
from connector.sandbox.visma.routes import Call, Route
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Response

HEADER: Fields = {
    "description": ("description", text),
    "note": ("note", text),
    "dueDate": ("dueDate", date),
    "payDate": ("payDate", date),
    "paySelected": ("paySelected", boolean),
    "paymentRefNo": ("paymentRefNo", text),
    "paymentMessage": ("paymentMessage", text),
    "supplierReference": ("supplierReference", text),
}
OPEN_FOR_CHANGE = ("Hold", "Balanced")


def routes() -> list[Route]:
    one = "v1/supplierinvoice/{type}/{number}"
    plain = "v1/supplierinvoice/{number}"
    acts: dict[str, Callable[[Payload], None]] = {
        "release": _release,
        "prebook": _prebook,
        "sendtoapproval": _send_to_approval,
        "voidinvoice": _void,
    }
    found = [Route("PUT", one, update), Route("PUT", plain, update)]
    found += [Route("DELETE", one, delete), Route("DELETE", plain, delete)]
    found += [Route("POST", f"{one}/action/{name}", _acting(act)) for name, act in acts.items()]
    return [*found, Route("POST", f"{plain}/action/release", _acting(_release))]


def update(call: Call) -> Response:
    invoice, body = writing.draft(call, "supplier_invoice", _key(call)), call.body()
    writing.write(invoice, body, HEADER)
    changes_lines = any(
        body.get(name) for name in ("invoiceLines", "addPOReceiptLines", "addPurchaseOrders")
    )
    if changes_lines and invoice["status"] not in OPEN_FOR_CHANGE:
        raise refuse(f"Lines of a document with status {invoice['status']} cannot be changed.")
    _lines(call, invoice, body)
    if body.get("hold") is not None:
        _hold(invoice, hold=boolean(value(body, "hold")))
    call.company.change("supplier_invoice", invoice, "invoice_updated")
    return writing.updated(invoice)


def delete(call: Call) -> Response:
    """Only what was never released can be deleted."""
    invoice = writing.draft(call, "supplier_invoice", _key(call))
    if invoice["status"] not in OPEN_FOR_CHANGE:
        raise refuse(f"A document with status {invoice['status']} cannot be deleted.")
    call.company.drop("supplier_invoice", _key(call), "invoice_deleted")
    return empty(204)


def _lines(call: Call, invoice: Payload, body: Payload) -> None:
    for operation, place, line in writing.lines(body, "invoiceLines", "lineNumber"):
        if operation == "Insert":
            raise refuse("The sandbox does not insert invoice lines.", 501)
        found = writing.line_numbered(invoice["invoiceLines"], "lineNumber", place)
        if operation == "Delete":
            invoice["invoiceLines"].remove(found)
            total(invoice, vat_in_currency(invoice))
        else:
            writing.write(found, line, {"note": ("note", text)})
            if line.get("linkLine"):
                link(call, invoice, found, line["linkLine"])
    for wanted in body.get("addPOReceiptLines") or []:
        add_receipt_line(call, invoice, wanted)
    for wanted in body.get("addPurchaseOrders") or []:
        add_order(call, invoice, str(value(wanted, "poOrderNumber", "")))


def _hold(invoice: Payload, *, hold: bool) -> None:
    if invoice["status"] not in OPEN_FOR_CHANGE:
        raise refuse(f"A document with status {invoice['status']} cannot be put on hold.")
    invoice["status"] = "Hold" if hold else "Balanced"
    invoice["hold"] = hold


def _acting(act: Callable[[Payload], None]) -> Callable[[Call], Response]:
    def handler(call: Call) -> Response:
        key = _key(call)
        writing.draft(call, "supplier_invoice", key)

        def run() -> Payload:
            invoice = call.company.draft("supplier_invoice", key)
            act(invoice)
            settle(invoice)
            return call.company.change("supplier_invoice", invoice, f"invoice{act.__name__}")

        return writing.action(call, run)

    return handler


def _release(invoice: Payload) -> None:
    _must_be(invoice, "Balanced", "Prebooked")
    invoice["status"] = "Open"


def _prebook(invoice: Payload) -> None:
    _must_be(invoice, "Balanced")
    invoice["status"] = "Prebooked"


def _send_to_approval(invoice: Payload) -> None:
    _must_be(invoice, "Hold", "Balanced")
    invoice["approvalStatus"] = "SentToApproval"


def _void(invoice: Payload) -> None:
    _must_be(invoice, "Open", "Prebooked")
    invoice |= {"status": "Voided", "approvalStatus": "Canceled"}


def _must_be(invoice: Payload, *statuses: str) -> None:
    if invoice["status"] not in statuses:
        raise RefusedError(f"The document has status {invoice['status']}.")


def _key(call: Call) -> str:
    return f"{call.path.get('type', 'Invoice')}:{call.path['number']}"

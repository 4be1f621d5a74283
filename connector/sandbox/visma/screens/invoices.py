"""Supplier invoices: the list, one invoice, a new one."""

from typing import Any

from connector.sandbox.visma.money import RATES, shown
from connector.sandbox.visma.people.invoices import KINDS, InvoiceDesk
from connector.sandbox.visma.records.invoice import gross
from connector.sandbox.visma.resources import INVOICE_STATUSES
from connector.sandbox.visma.screens.parts import (
    acted,
    day_of,
    list_page,
    missing,
    moment_of,
    page,
    shelf,
)
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Request, Response

LIST = "/company/invoices/"
KIND_WORDS = {"Invoice": "Invoice", "DebitAdj": "Credit note", "CreditAdj": "Further charge"}
EDITABLE = ("amount", "due_date", "date", "description", "status", "supplier_reference")


def invoice_list(desk: InvoiceDesk, request: Request) -> Response:
    found = shelf(desk.company.tables["supplier_invoice"], request, _words)
    rows = [_row(row) for row in found.rows]
    return list_page("invoices.html", request, found, rows=rows, statuses=INVOICE_STATUSES)


def new_invoice(desk: InvoiceDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _add(desk, form), request.form(), back=LIST)
    suppliers = [
        (row["number"], f"{row['name']} ({row['currencyId']})")
        for row in desk.company.tables["supplier"].rows()
    ]
    return page(
        "new_invoice.html",
        request,
        suppliers=suppliers,
        kinds=[(kind, KIND_WORDS[kind]) for kind in KINDS],
        currencies=list(RATES),
    )


def one_invoice(desk: InvoiceDesk, request: Request, kind: str, number: str) -> Response:
    payload = desk.company.tables["supplier_invoice"].get(f"{kind}:{number}")
    if payload is None:
        return missing()
    if request.method == "POST":
        form = request.form()
        deleted = form.get("act") == "delete"
        back = LIST if deleted else f"{LIST}{kind}/{number}/"
        return acted(lambda form: _do(desk, payload, form), form, back=back)
    return page("invoice.html", request, statuses=INVOICE_STATUSES, **_detail(payload))


def _add(desk: InvoiceDesk, form: dict[str, str]) -> str:
    key = desk.add_invoice(
        supplier=form.get("supplier", ""),
        amount=form.get("amount", ""),
        kind=form.get("kind", "Invoice"),
        currency=form.get("currency", ""),
        due_date=form.get("due_date") or None,
        description=form.get("description", ""),
    )
    return f"{KIND_WORDS[key.partition(':')[0]]} {key.rpartition(':')[2]} is added."


def _do(desk: InvoiceDesk, payload: Payload, form: dict[str, str]) -> str:
    number, kind = payload["referenceNumber"], payload["documentType"]
    act = form.get("act", "save")
    if act == "void":
        desk.void_invoice(number, kind=kind)
    elif act == "pay":
        desk.pay_invoice(number, kind=kind)
    elif act == "delete":
        desk.delete_invoice(number, kind=kind)
    else:
        desk.edit_invoice(number, kind=kind, **_changes(payload, form))
    words = {"void": "voided", "pay": "paid", "delete": "deleted"}
    return f"{KIND_WORDS.get(kind, kind)} {number} is {words.get(act, 'saved')}."


def _changes(payload: Payload, form: dict[str, str]) -> dict[str, str]:
    """Only what differs from the form as it was shown: nobody types an amount they only saw."""
    before = _fields(payload)
    given = {name: form[name] for name in EDITABLE if name in form}
    # A browser sends line breaks as two characters.
    plain = {name: value.replace("\r\n", "\n") for name, value in given.items()}
    return {name: value for name, value in plain.items() if value != before[name]}


def _fields(payload: Payload) -> dict[str, str]:
    return {
        "amount": str(gross(payload)),
        "due_date": day_of(payload["dueDate"]),
        "date": day_of(payload["date"]),
        "description": payload["description"],
        "status": payload["status"],
        "supplier_reference": payload["supplierReference"],
    }


def _detail(payload: Payload) -> dict[str, Any]:
    rows = [
        ("Supplier", f"{payload['supplier']['number']} {payload['supplier']['name']}"),
        ("In kroner", f"{shown(payload['amount'])} NOK at {payload['exchangeRate']}"),
        ("Balance", f"{shown(payload['balanceInCurrency'])} {payload['currencyId']}"),
        ("VAT", f"{shown(payload['vatTotalInCurrency'])} {payload['currencyId']}"),
        ("Payment reference", payload["paymentRefNo"]),
        ("Approval", payload["approvalStatus"]),
        ("Last modified", moment_of(payload["lastModifiedDateTime"])),
    ]
    return {
        "number": payload["referenceNumber"],
        "kind": KIND_WORDS.get(payload["documentType"], payload["documentType"]),
        "currency": payload["currencyId"],
        "fields": _fields(payload),
        "facts": rows,
        "lines": [_line(line) for line in payload["invoiceLines"]],
    }


def _line(line: Payload) -> dict[str, str]:
    order = f"{line['poNumber']} line {line['poLineNr']}" if line["poNumber"] else ""
    return {
        "number": str(line["lineNumber"]),
        "text": line["transactionDescription"],
        "quantity": f"{line['quantity']} {line['uom']}",
        "cost": shown(line["costInCurrency"]),
        "account": f"{line['account']['number']} {line['account']['description']}",
        "sub": line["subaccount"]["subaccountNumber"],
        "vat": line["vatCode"]["id"],
        "order": order,
        "receipt": line["poReceiptNbr"] or "",
    }


def _row(row: Payload) -> dict[str, str]:
    return {
        "link": f"{LIST}{row['documentType']}/{row['referenceNumber']}/",
        "number": row["referenceNumber"],
        "kind": KIND_WORDS.get(row["documentType"], row["documentType"]),
        "supplier": row["supplier"]["name"],
        "date": day_of(row["date"]),
        "due": day_of(row["dueDate"]),
        "amount": shown(gross(row)),
        "currency": row["currencyId"],
        "balance": shown(row["balanceInCurrency"]),
        "status": row["status"],
        "description": row["description"],
    }


def _words(row: Payload) -> str:
    texts = (row["referenceNumber"], row["supplier"]["name"], row["description"])
    return "\n".join((*texts, row["supplierReference"], row["paymentRefNo"]))

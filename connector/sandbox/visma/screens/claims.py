"""Customer documents: the list, one document, and a customer who pays."""

from typing import Any

from connector.sandbox.visma.money import shown
from connector.sandbox.visma.people.customers import CustomerDesk
from connector.sandbox.visma.receivable_resources import CLAIM_STATUSES
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

LIST = "/company/customer-documents/"
EDITABLE = ("due_date", "status", "description")
KIND_WORDS = {"CreditNote": "Credit note"}


def claim_list(desk: CustomerDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _add(desk, form), request.form(), back=LIST)
    found = shelf(desk.company.tables["customer_document"], request, _words)
    return list_page(
        "claims.html",
        request,
        found,
        rows=[_row(row) for row in found.rows],
        statuses=CLAIM_STATUSES,
        customers=[(r["number"], r["name"]) for r in desk.company.tables["customer"].rows()],
    )


def one_claim(desk: CustomerDesk, request: Request, kind: str, number: str) -> Response:
    payload = desk.company.tables["customer_document"].get(f"{kind}:{number}")
    if payload is None:
        return missing()
    if request.method == "POST":
        back = f"{LIST}{kind}/{number}/"
        return acted(lambda form: _do(desk, payload, form), request.form(), back=back)
    return page("claim.html", request, statuses=CLAIM_STATUSES, **_detail(payload))


def _add(desk: CustomerDesk, form: dict[str, str]) -> str:
    key = desk.add_customer_invoice(
        customer=form.get("customer", ""),
        amount=form.get("amount", ""),
        due_date=form.get("due_date") or None,
    )
    return f"Invoice {key.rpartition(':')[2]} is added."


def _do(desk: CustomerDesk, payload: Payload, form: dict[str, str]) -> str:
    number, kind = payload["referenceNumber"], payload["documentType"]
    if form.get("act") == "pay":
        return f"Paid by payment {desk.collect_payment(number, form.get('amount') or None)}."
    given = {name: form[name] for name in EDITABLE if name in form}
    before = _fields(payload)
    changes = {name: text for name, text in given.items() if text != before[name]}
    desk.edit_customer_document(number, kind=kind, **changes)
    return f"{number} is saved."


def _fields(payload: Payload) -> dict[str, str]:
    return {
        "due_date": day_of(payload["documentDueDate"]),
        "status": payload["status"],
        "description": payload["invoiceText"],
    }


def _detail(payload: Payload) -> dict[str, Any]:
    currency = payload["currencyId"]
    facts = [
        ("Customer", f"{payload['customer']['number']} {payload['customer']['name']}"),
        ("Date", day_of(payload["documentDate"])),
        ("Amount", f"{shown(payload['amountInCurrency'])} {currency}"),
        ("In kroner", f"{shown(payload['amount'])} NOK"),
        ("Balance", f"{shown(payload['balanceInCurrency'])} {currency}"),
        ("Last modified", moment_of(payload["lastModifiedDateTime"])),
    ]
    paid = [
        (each["refNbr"], day_of(each["applicationDate"]), shown(each["amountPaid"]))
        for each in payload["applications"]
    ]
    return {
        "number": payload["referenceNumber"],
        "kind": KIND_WORDS.get(payload["documentType"], payload["documentType"]),
        "fields": _fields(payload),
        "facts": facts,
        "paid": paid,
        "payable": payload["documentType"] == "Invoice" and payload["status"] == "Open",
    }


def _row(row: Payload) -> dict[str, str]:
    return {
        "link": f"{LIST}{row['documentType']}/{row['referenceNumber']}/",
        "number": row["referenceNumber"],
        "kind": KIND_WORDS.get(row["documentType"], row["documentType"]),
        "customer": row["customer"]["name"],
        "date": day_of(row["documentDate"]),
        "due": day_of(row["documentDueDate"]),
        "amount": shown(row["amountInCurrency"]),
        "balance": shown(row["balanceInCurrency"]),
        "currency": row["currencyId"],
        "status": row["status"],
    }


def _words(row: Payload) -> str:
    return "\n".join((row["referenceNumber"], row["customer"]["name"], row["customerRefNumber"]))

"""Customer documents: invoices, credit notes and payments in one shape.

The published contract has one DTO for invoices with lines and a smaller one for the ledger; both
are parts of what is built here. `…InCurrency` is the document's currency, the plain field is in
kroner; credit notes and payments carry positive amounts and a positive balance.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import ZERO, rounded, shortest, spelled
from connector.sandbox.visma.records.invoice_line import in_kroner
from connector.sandbox.visma.records.references import (
    VAT_CODES,
    account,
    branch,
    subaccount,
    terms,
)
from connector.sandbox.visma.records.sale import Sale, sale_payload
from connector.sandbox.visma.stamps import day, period, written

Payload = dict[str, Any]
SETTLED = ("Closed", "Voided")


@dataclass(frozen=True)
class Claim:
    number: str
    customer: Payload
    date: datetime
    due: datetime | None
    created: datetime
    lines: tuple[Sale, ...] = ()
    kind: str = "Invoice"
    currency: str = "NOK"
    rate: Decimal = Decimal("1.0")
    status: str = "Open"
    text: str = ""
    reference: str = ""
    payment_reference: str = ""


def receivable(claim: Claim) -> Payload:
    payload = _header(claim)
    payload["invoiceLines"] = [
        sale_payload(place, sale, number=claim.number, rate=claim.rate)
        for place, sale in enumerate(claim.lines, start=1)
    ]
    net = sum((line["amountInCurrency"] for line in payload["invoiceLines"]), ZERO)
    vat = sum(
        (
            rounded(ln["amountInCurrency"] * VAT_CODES[ln["vatCode"]["id"]][1] / 100)
            for ln in payload["invoiceLines"]
        ),
        ZERO,
    )
    set_amounts(payload, net, vat)
    return payload


def set_amounts(payload: Payload, net: Decimal, vat: Decimal) -> None:
    """Document currency; the balance becomes the whole, or nothing once settled."""
    taxed = net if vat else ZERO
    _put(payload, "detailTotal", net)
    _put(payload, "vatTotal", vat)
    _put(payload, "vatTaxableTotal", taxed)
    _put(payload, "vatExemptTotal", net - taxed)
    _put(payload, "amount", net + vat)
    set_balance(payload, ZERO if payload["status"] in SETTLED else net + vat)


def set_balance(payload: Payload, in_currency: Decimal) -> None:
    _put(payload, "balance", in_currency)


def application(payment: Payload, amount: Decimal, *, voided: bool = False) -> Payload:
    """How an invoice lists a payment; one payment may be listed twice (applied, taken back)."""
    return {
        "docType": payment["documentType"],
        "customerCD": payment["customer"]["number"],
        "refNbr": payment["referenceNumber"],
        "amountPaid": spelled(amount, payment["referenceNumber"]),
        "cashDiscountTaken": ZERO,
        "balance": payment["balanceInCurrency"],
        "pendingPPD": False,
        "released": True,
        "hold": False,
        "voided": voided,
        "paymentRef": payment["paymentReference"],
        "status": payment["status"],
        "applicationDate": payment["documentDate"],
        "applicationPeriod": payment["postPeriod"],
        "invoiceText": "",
    }


def _put(payload: Payload, field: str, in_currency: Decimal) -> None:
    number = payload["referenceNumber"]
    payload[f"{field}InCurrency"] = spelled(in_currency, number)
    payload[field] = spelled(in_kroner(in_currency, payload["exchangeRate"]), number)


def _booked(buyer: Payload) -> Payload:
    """Where the claim is booked: the same for every claim of this company."""
    return {
        "location": buyer["location"],
        "branch": branch("1"),
        "branchNumber": branch("1"),
        "cashAccount": "1920",
        "project": {"internalId": 1, "id": "X", "description": "Ikke prosjekt"},
        "account": account("1500") | {"active": True},
        "subaccount": subaccount("100-10"),
    }


def _contact(buyer: Payload) -> Payload:
    person = buyer["mainContact"]
    return {
        "contactId": person["contactId"],
        "businessName": buyer["name"],
        "attention": person["attention"],
        "email": person["email"],
        "phone1": person["phone1"],
        "overrideContact": False,
    }


def _header(claim: Claim) -> Payload:
    date = day(claim.date)
    due = day(claim.due) if claim.due else None
    buyer = claim.customer
    place = buyer["mainAddress"] | {"overrideAddress": False}
    person = buyer["mainContact"]
    return {
        "customer": {"number": buyer["number"], "name": buyer["name"]},
        "documentType": claim.kind,
        "referenceNumber": claim.number,
        "postPeriod": period(date),
        "financialPeriod": period(date),
        "closedFinancialPeriod": period(date) if claim.status == "Closed" else None,
        "documentDate": date,
        "documentDueDate": due,
        "origInvoiceDate": date,
        "status": claim.status,
        "hold": claim.status == "Hold",
        "currencyId": claim.currency,
        "exchangeRate": shortest(claim.rate),
        "cashDiscount": ZERO,
        "cashDiscountInCurrency": ZERO,
        "discountTotal": ZERO,
        "discountTotalInCurrency": ZERO,
        "roundingDiff": ZERO,
        "creditTerms": terms("30"),
        # Empty in lists, as measured on a live company.
        "paymentMethod": None,
        "customerRefNumber": claim.reference,
        "externalReference": "",
        "paymentReference": claim.payment_reference,
        "invoiceText": claim.text,
        "note": None,
        **_booked(buyer),
        "customerVatZone": {"id": buyer["vatZone"]["id"], "description": ""},
        "contact": {"id": person["contactId"], "name": person["attention"]},
        "invoiceAddress": place,
        "invoiceContact": _contact(buyer),
        "dunningLetterDate": None,
        "dunningLetterLevel": 0,
        "excludeDebtCollection": False,
        "sendToAutoInvoice": True,
        "dontPrint": False,
        "dontEmail": False,
        "revoked": False,
        "applications": [],
        "attachments": [],
        "taxDetails": [],
        "createdDateTime": written(claim.created),
    }

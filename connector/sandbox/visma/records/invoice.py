"""A supplier's invoice or credit note as `SupplierInvoiceDto`; its sums always add up.

`…InCurrency` is the amount in the document's currency, the plain field is in kroner. Credit notes
(`DebitAdj`) carry positive amounts and a positive balance, as measured on a live company.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import ZERO, rounded, shortest, spelled
from connector.sandbox.visma.records.invoice_line import Line, in_kroner, line_payload
from connector.sandbox.visma.records.references import (
    VAT_CODES,
    branch,
    party,
    terms,
)
from connector.sandbox.visma.stamps import day, period, written

Payload = dict[str, Any]
SETTLED = ("Closed", "Voided")


@dataclass(frozen=True)
class Draft:
    """What a person types; the rest follows."""

    number: str
    supplier: Payload
    date: datetime
    due: datetime
    lines: tuple[Line, ...]
    created: datetime
    kind: str = "Invoice"
    currency: str = "NOK"
    rate: Decimal = Decimal("1.0")
    status: str = "Balanced"
    approval: str = "New"
    text: str = ""
    reference: str = ""
    payment_reference: str = ""
    branch: str = "1"


def invoice(draft: Draft) -> Payload:
    payload = _header(draft)
    number = draft.number
    payload["invoiceLines"] = [
        line_payload(place, line, draft.rate, number)
        for place, line in enumerate(draft.lines, start=1)
    ]
    total(payload, vat_in_currency(payload))
    return payload


def append(payload: Payload, line: Line) -> None:
    """One line more, numbered after the last; the sums follow."""
    place = max((each["lineNumber"] for each in payload["invoiceLines"]), default=0) + 1
    number = payload["referenceNumber"]
    payload["invoiceLines"].append(line_payload(place, line, payload["exchangeRate"], number))
    total(payload, vat_in_currency(payload))


def vat_in_currency(payload: Payload) -> Decimal:
    """Rounded per line, as the tax report needs it."""
    return sum(
        (
            rounded(line["costInCurrency"] * VAT_CODES[line["vatCode"]["id"]][1] / 100)
            for line in payload["invoiceLines"]
        ),
        ZERO,
    )


def total(payload: Payload, vat: Decimal) -> None:
    """Header sums from the lines and the given VAT; the balance follows the status."""
    lines = payload["invoiceLines"]
    rate = payload["exchangeRate"]
    net = sum((line["costInCurrency"] for line in lines), ZERO)
    net_home = sum((line["cost"] for line in lines), ZERO)
    taxed = sum((line["costInCurrency"] for line in lines if _taxed(line)), ZERO)
    vat_home = in_kroner(vat, rate)
    _put(payload, "detailTotal", net, net_home)
    _put(payload, "vatTotal", vat, vat_home)
    _put(payload, "vatTaxableTotal", taxed, in_kroner(taxed, rate))
    _put(payload, "vatExemptTotal", net - taxed, in_kroner(net - taxed, rate))
    number = payload["referenceNumber"]
    payload["amount"] = spelled(net_home + vat_home, number)
    payload["vatAmount"] = spelled(vat_home, number)
    payload["taxDetailLines"] = _tax_details(payload, taxed, vat)
    settle(payload)


def settle(payload: Payload, open_in_currency: Decimal | None = None) -> None:
    """Set the balance: nothing once closed or voided, else the whole or the given part."""
    due = gross(payload) if open_in_currency is None else open_in_currency
    if payload["status"] in SETTLED:
        due = ZERO
    home = payload["amount"] if due == gross(payload) else in_kroner(due, payload["exchangeRate"])
    _put(payload, "balance", due, home)
    payload["hold"] = payload["status"] == "Hold"


def gross(payload: Payload) -> Decimal:
    """What is to be paid, in document currency; the DTO has no field for it."""
    return Decimal(payload["detailTotalInCurrency"] + payload["vatTotalInCurrency"])


def _put(payload: Payload, field: str, in_currency: Decimal, home: Decimal) -> None:
    number = payload["referenceNumber"]
    payload[field] = spelled(home, number)
    payload[f"{field}InCurrency"] = spelled(in_currency, number)


def _taxed(line: Payload) -> bool:
    return VAT_CODES[line["vatCode"]["id"]][1] > 0


def _tax_details(payload: Payload, taxed: Decimal, vat: Decimal) -> list[Payload]:
    code = next((ln["vatCode"]["id"] for ln in payload["invoiceLines"] if _taxed(ln)), "0")
    name, rate = VAT_CODES[code]
    return [
        {
            "taxId": code,
            "recordId": 1,
            "vatId": {"number": code, "description": name},
            "vatRate": rate,
            "taxableAmount": spelled(taxed, payload["referenceNumber"]),
            "vatAmount": spelled(vat, payload["referenceNumber"]),
        }
    ]


def _header(draft: Draft) -> Payload:
    date = day(draft.date)
    return {
        "supplier": party(draft.supplier),
        "documentType": draft.kind,
        "referenceNumber": draft.number,
        "postPeriod": period(date),
        "financialPeriod": period(date),
        "date": date,
        "origInvoiceDate": date,
        "dueDate": day(draft.due),
        "cashDiscountDate": day(draft.due),
        "payDate": day(draft.due),
        "approvalStatus": draft.approval,
        "status": draft.status,
        "hold": draft.status == "Hold",
        "currencyId": draft.currency,
        "exchangeRate": shortest(draft.rate),
        "creditTerms": terms("30"),
        "paymentRefNo": draft.payment_reference,
        "supplierReference": draft.reference,
        "buyerReference": "",
        "description": draft.text,
        "discountTotal": ZERO,
        "discountTotalInCurrency": ZERO,
        "withholdingTax": ZERO,
        "withholdingTaxInCurrency": ZERO,
        "roundingDiff": ZERO,
        "roundingDiffInCurrency": ZERO,
        "cashDiscount": ZERO,
        "cashDiscountInCurrency": ZERO,
        "taxCalculationMode": "TaxSetting",
        "supplierTaxZone": {"id": draft.supplier["vatZone"]["id"]},
        "paySelected": False,
        "paymentMethod": {"id": "1", "description": "Bank"},
        "paymentMessage": "",
        "cashAccount": "1920",
        "retainageApply": False,
        "documentVersionNumber": 1,
        "location": draft.supplier["location"],
        "branchNumber": branch(draft.branch),
        "closedFinancialPeriod": period(date) if draft.status == "Closed" else None,
        "note": None,
        "approvalDetails": None,
        "attachments": [],
        "landedCosts": [],
        "createdDateTime": written(draft.created),
    }

"""The accounts payable clerk."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import RATES, decimal_of, rounded, step_of
from connector.sandbox.visma.people.values import Fields, day_text, one_of, text, write
from connector.sandbox.visma.records.invoice import (
    Draft,
    gross,
    invoice,
    settle,
    total,
)
from connector.sandbox.visma.records.invoice_line import Line, set_cost
from connector.sandbox.visma.resources import INVOICE_STATUSES
from connector.sandbox.visma.tables import Payload

KINDS = ("Invoice", "DebitAdj", "CreditAdj")
FIELDS: Fields = {
    "description": ("description", text),
    "status": ("status", one_of(*INVOICE_STATUSES)),
    "due_date": ("dueDate", day_text),
    "date": ("date", day_text),
    "supplier_reference": ("supplierReference", text),
    "payment_reference": ("paymentRefNo", text),
    "approval_status": ("approvalStatus", text),
    "note": ("note", text),
}


class InvoiceDesk:
    """Amounts are in document currency and with VAT, as they stand on the paper."""

    company: Company

    def add_invoice(
        self,
        *,
        supplier: str = "50001",
        amount: Any = "1250.00",
        kind: str = "Invoice",
        currency: str = "",
        status: str = "Balanced",
        due_date: date | str | None = None,
        description: str = "",
    ) -> str:
        """The new key, such as ``Invoice:205701``."""
        with self.company.lock:
            seller = self.company.get("supplier", supplier)
            draft = _draft(self.company, seller, currency or seller["currencyId"])
            payload = _of_amount(draft, one_of(*KINDS)(kind), decimal_of(amount))
            payload |= {"description": description or payload["description"]}
            payload["status"] = one_of(*INVOICE_STATUSES)(status)
            if due_date:
                payload["dueDate"] = day_text(due_date)
            settle(payload)
            self.company.change("supplier_invoice", payload, "invoice_added")
        return f"{payload['documentType']}:{payload['referenceNumber']}"

    def edit_invoice(
        self, number: str, *, kind: str = "Invoice", amount: Any = None, **changes: Any
    ) -> Payload:
        """``changes`` are the names of ``FIELDS``. The difference in amount lands on line one."""
        with self.company.lock:
            payload = self.company.draft("supplier_invoice", f"{kind}:{number}")
            paid = gross(payload) - payload["balanceInCurrency"]
            was_settled = not payload["balanceInCurrency"]
            write(payload, FIELDS, changes)
            if amount is not None:
                _give_amount(payload, decimal_of(amount))
            settle(payload, None if was_settled else max(gross(payload) - paid, Decimal(0)))
            return self.company.change("supplier_invoice", payload, "invoice_edited")

    def change_status(self, number: str, status: str, *, kind: str = "Invoice") -> Payload:
        return self.edit_invoice(number, kind=kind, status=status)

    def void_invoice(self, number: str, *, kind: str = "Invoice") -> Payload:
        """A void is a status; the record stays."""
        with self.company.lock:
            payload = self.company.draft("supplier_invoice", f"{kind}:{number}")
            if payload["status"] == "Voided":
                raise ValueError(f"{number} is already void")
            payload |= {"status": "Voided", "approvalStatus": "Canceled"}
            settle(payload)
            return self.company.change("supplier_invoice", payload, "invoice_voided")

    def pay_invoice(self, number: str, amount: Any = None, *, kind: str = "Invoice") -> Payload:
        """All of it, or part. Whether this stamps the invoice is ``payments_stamp_invoices``."""
        with self.company.lock:
            payload = self.company.draft("supplier_invoice", f"{kind}:{number}")
            open_amount = payload["balanceInCurrency"]
            paid = open_amount if amount is None else decimal_of(amount)
            if not 0 < paid <= open_amount:
                raise ValueError(f"{paid} is not between 0 and the open {open_amount}")
            payload["status"] = "Closed" if paid == open_amount else "Open"
            settle(payload, open_amount - paid)
            stamped = self.company.quirks.payments_stamp_invoices
            store = self.company.change if stamped else self.company.keep_stamps
            return store("supplier_invoice", payload, "invoice_paid")

    def delete_invoice(self, number: str, *, kind: str = "Invoice") -> None:
        """Gone without a trace: no list will ever mention it."""
        with self.company.lock:
            self.company.drop("supplier_invoice", f"{kind}:{number}", "invoice_deleted")


def _draft(company: Company, seller: Payload, currency: str) -> Draft:
    if currency not in RATES:
        raise ValueError(f"'{currency}' is none of {', '.join(RATES)}")
    now = company.stamps.now()
    number = company.next_number("supplier_invoice")
    return Draft(
        number=number,
        supplier=seller,
        date=now,
        due=now + timedelta(days=30),
        lines=(),
        created=now,
        currency=currency,
        rate=RATES[currency],
        text=f"Faktura fra {seller['name']}",
        reference=f"INV-{number}",
    )


def _of_amount(draft: Draft, kind: str, amount: Decimal) -> Payload:
    """One line; 25 % VAT is in the amount when the seller is at home."""
    home = draft.currency == "NOK"
    net = rounded(amount / Decimal("1.25"), step_of(amount)) if home else amount
    line = Line(draft.text, "4300", Decimal(1), net, vat="1" if home else "14")
    payload = invoice(replace(draft, lines=(line,), kind=kind))
    set_cost(payload["invoiceLines"][0], net, payload["exchangeRate"], draft.number)
    total(payload, amount - net)
    return payload


def _give_amount(payload: Payload, amount: Decimal) -> None:
    line = payload["invoiceLines"][0]
    cost = line["costInCurrency"] + amount - gross(payload)
    set_cost(line, cost, payload["exchangeRate"], payload["referenceNumber"])
    total(payload, payload["vatTotalInCurrency"])

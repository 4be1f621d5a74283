"""The accounts receivable clerk."""

from datetime import date
from typing import Any

from connector.sandbox.visma.collecting import collect
from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import RATES, ZERO, decimal_of, rounded, step_of
from connector.sandbox.visma.people.values import Fields, day_text, one_of, text, write
from connector.sandbox.visma.receivable_resources import CLAIM_STATUSES, CUSTOMER_STATUSES
from connector.sandbox.visma.records.customer import customer
from connector.sandbox.visma.records.receivable import Claim, receivable, set_amounts
from connector.sandbox.visma.records.sale import Sale
from connector.sandbox.visma.records.supplier import Partner
from connector.sandbox.visma.stamps import written
from connector.sandbox.visma.tables import Payload

ENTITY = "customer_document"
KINDS = ("Invoice", "CreditNote")
FIELDS: Fields = {
    "status": ("status", one_of(*CLAIM_STATUSES)),
    "due_date": ("documentDueDate", day_text),
    "date": ("documentDate", day_text),
    "description": ("invoiceText", text),
    "reference": ("customerRefNumber", text),
    "note": ("note", text),
}
CUSTOMER_FIELDS: Fields = {
    "name": ("name", text),
    "status": ("status", one_of(*CUSTOMER_STATUSES)),
    "email": ("mainContact.email", text),
    "phone": ("mainContact.phone1", text),
    "city": ("mainAddress.city", text),
}


class CustomerDesk:
    """Amounts are in document currency and with VAT."""

    company: Company

    def add_customer_invoice(
        self,
        *,
        customer: str = "10001",
        amount: Any = "1250.00",
        due_date: date | str | None = None,
        kind: str = "Invoice",
        status: str = "Open",
        description: str = "",
    ) -> str:
        """The new key, such as ``Invoice:129650``."""
        with self.company.lock:
            buyer = self.company.get("customer", customer)
            payload = _claim(self.company, buyer, one_of(*KINDS)(kind), decimal_of(amount))
            payload |= {"status": one_of(*CLAIM_STATUSES)(status), "invoiceText": description}
            payload["hold"] = status == "Hold"
            if due_date:
                payload["documentDueDate"] = day_text(due_date)
            self.company.change(ENTITY, payload, "customer_document_added")
        return f"{kind}:{payload['referenceNumber']}"

    def edit_customer_document(
        self, number: str, *, kind: str = "Invoice", **changes: Any
    ) -> Payload:
        """``changes`` are the names of ``FIELDS``."""
        with self.company.lock:
            payload = self.company.draft(ENTITY, f"{kind}:{number}")
            write(payload, FIELDS, changes)
            if payload["status"] == "Voided":
                payload["balance"] = payload["balanceInCurrency"] = ZERO
            return self.company.change(ENTITY, payload, "customer_document_edited")

    def collect_payment(self, number: str, amount: Any = None) -> str:
        """The customer pays an invoice, all of it or part; returns the payment's number."""
        with self.company.lock:
            invoice = self.company.draft(ENTITY, f"Invoice:{number}")
            whole = invoice["balanceInCurrency"]
            paid = collect(self.company, invoice, whole if amount is None else decimal_of(amount))
            return str(paid["referenceNumber"])

    def add_customer(self, name: str, *, country: str = "NO") -> str:
        """The new customer's number."""
        with self.company.lock:
            number = self.company.next_number("customer", 5)
            partner = Partner(
                number=number,
                name=name,
                street="",
                postal="",
                city="",
                country=country,
                email="post@ny.example",
                phone="",
                corporate_id="",
                vat_id="",
            )
            now = written(self.company.stamps.now())
            self.company.change("customer", customer(partner, created=now), "customer_added")
        return number

    def edit_customer(self, number: str, **changes: Any) -> Payload:
        """``changes`` are the names of ``CUSTOMER_FIELDS``."""
        with self.company.lock:
            payload = self.company.draft("customer", number)
            write(payload, CUSTOMER_FIELDS, changes)
            return self.company.change("customer", payload, "customer_edited")


def _claim(company: Company, buyer: Payload, kind: str, amount: Any) -> Payload:
    now = company.stamps.now()
    home = buyer["currencyId"] == "NOK"
    net = rounded(amount / 5 * 4, step_of(amount)) if home else amount
    claim = Claim(
        number=company.next_number("customer_invoice" if kind == "Invoice" else "customer_note"),
        customer=buyer,
        date=now,
        due=now,
        created=now,
        lines=(Sale("Varer", amount / amount, net, vat="3" if home else "5"),),
        kind=kind,
        currency=buyer["currencyId"],
        rate=RATES[buyer["currencyId"]],
    )
    payload = receivable(claim)
    set_amounts(payload, net, amount - net)
    return payload

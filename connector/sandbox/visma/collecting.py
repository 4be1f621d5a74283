"""Payments of customers: the payment, the invoice it is set against, and both balances."""

from datetime import datetime
from decimal import Decimal

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import ZERO
from connector.sandbox.visma.records.receivable import (
    Claim,
    application,
    receivable,
    set_amounts,
    set_balance,
)
from connector.sandbox.visma.stamps import period
from connector.sandbox.visma.tables import Payload

ENTITY = "customer_document"


def payment(
    company: Company, buyer: Payload, *, amount: Decimal, on: datetime, like: Payload
) -> Payload:
    """A payment not yet set against anything, in the currency and at the rate of ``like``."""
    claim = Claim(
        number=company.next_number("customer_payment"),
        customer=buyer,
        date=on,
        due=None,
        created=on,
        kind="Payment",
        currency=like["currencyId"],
        rate=like["exchangeRate"],
        text="Innbetaling",
        payment_reference=like["paymentReference"],
    )
    payload = receivable(claim)
    set_amounts(payload, amount, ZERO)
    return payload


def collect(
    company: Company, invoice: Payload, amount: Decimal, *, at: datetime | None = None
) -> Payload:
    """The customer pays ``amount`` of the invoice; both are stored. ``at`` is for seeding only."""
    if not 0 < amount <= invoice["balanceInCurrency"]:
        raise ValueError(f"{amount} is not between 0 and {invoice['balanceInCurrency']}")
    buyer = company.get("customer", invoice["customer"]["number"])
    moment = at or company.stamps.now()
    paid = payment(company, buyer, amount=amount, on=moment, like=invoice)
    paid["status"] = "Closed"
    set_balance(paid, ZERO)
    invoice["applications"] = [*invoice["applications"], application(paid, amount)]
    set_balance(invoice, invoice["balanceInCurrency"] - amount)
    if not invoice["balanceInCurrency"]:
        invoice["status"] = "Closed"
        invoice["closedFinancialPeriod"] = period(paid["documentDate"])
    _store(company, paid, "payment_received", at)
    if at or company.quirks.payments_stamp_invoices:
        _store(company, invoice, "invoice_collected", at)
    else:
        company.keep_stamps(ENTITY, invoice, "invoice_collected")
    return paid


def _store(company: Company, payload: Payload, kind: str, at: datetime | None) -> None:
    if at:
        company.plant(ENTITY, payload, at)
    else:
        company.change(ENTITY, payload, kind)

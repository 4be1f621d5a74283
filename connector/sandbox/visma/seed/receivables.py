"""Customers, and what they owe: open documents on both sides of every ageing limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from connector.sandbox.visma.collecting import collect, payment
from connector.sandbox.visma.money import rounded
from connector.sandbox.visma.records.customer import customer
from connector.sandbox.visma.records.receivable import Claim, receivable
from connector.sandbox.visma.records.sale import Sale
from connector.sandbox.visma.seed.calendar import later, working_moment
from connector.sandbox.visma.seed.goods import GOODS
from connector.sandbox.visma.seed.orders import Plot, cost_in, seeded_rate
from connector.sandbox.visma.seed.partners import partner, payment_reference
from connector.sandbox.visma.seed.shops import shop
from connector.sandbox.visma.stamps import written
from connector.sandbox.visma.tables import Payload

CUSTOMERS = 84
CLOSED = 110
# Days past due of the open invoices, again and again: the limits 0, 30, 60, 90 from both sides.
OVERDUE = (-45, -30, -14, -7, -1, 0, 1, 5, 15, 29, 30, 31, 45, 59, 60, 61, 75, 89, 90, 91, 120, 365)
OPEN = 4 * len(OVERDUE)
UNRELEASED = ("Hold", "Balanced", "PendingPrint", "PendingEmail", "CreditHold") * 3
VOIDED = 5
CREDIT_NOTES = 24
UNAPPLIED = 6  # payments nobody knows what for
MARKUP = Decimal("1.6")
STATUSES = {9: "OnHold", 21: "CreditHold", 40: "Inactive"}


@dataclass(frozen=True)
class Wish:
    """``overdue`` None is a document long settled."""

    status: str
    overdue: int | None = None
    kind: str = "Invoice"


def plant_receivables(plot: Plot) -> None:
    plant_customers(plot, CUSTOMERS)
    wishes = [Wish("Closed") for _ in range(CLOSED)]
    wishes += [Wish("Open", OVERDUE[place % len(OVERDUE)]) for place in range(OPEN)]
    wishes += [Wish(status, -30) for status in UNRELEASED]
    wishes += [Wish("Voided") for _ in range(VOIDED)]
    wishes += [
        Wish("Open" if place % 2 else "Closed", 10 * place if place % 2 else None, "CreditNote")
        for place in range(CREDIT_NOTES)
    ]
    plot.random.shuffle(wishes)
    for wish in wishes:
        plant_claim(plot, wish)
    for _ in range(UNAPPLIED):
        _plant_unapplied(plot)


def plant_customers(plot: Plot, count: int) -> None:
    first = int(plot.company.numbers["customer"]) - 10_001
    for place in range(first, first + count):
        number = plot.company.next_number("customer", 5)
        created = working_moment(plot.today, plot.random.uniform(60, 900), plot.random)
        payload = customer(
            partner(number, shop(place), plot.random),
            created=written(created),
            status=STATUSES.get(place, "Active"),
            limit=Decimal(plot.random.choice((0, 50_000, 250_000))) + Decimal("0.0"),
        )
        plot.company.plant("customer", payload, later(created, plot.today, plot.random, days=50))


def plant_claim(plot: Plot, wish: Wish) -> None:
    """An invoice that is settled is settled by a payment, so that the ledger explains itself."""
    random = plot.random
    paid = wish.status == "Closed" and wish.kind == "Invoice"
    payload = receivable(_claim(plot, wish, "Open" if paid else wish.status))
    created = datetime.fromisoformat(payload["createdDateTime"])
    plot.company.plant("customer_document", payload, later(created, plot.today, random, days=1))
    partly = wish.status == "Open" and wish.kind == "Invoice" and random.random() < 0.2
    if paid or partly:
        share = Decimal(1) if paid else Decimal("0.3")
        amount = payload["balanceInCurrency"] * share if partly else payload["balanceInCurrency"]
        at = later(created, plot.today, random, days=40)
        fresh = plot.company.draft("customer_document", _key(payload))
        collect(plot.company, fresh, rounded(amount) if partly else amount, at=at)


def _plant_unapplied(plot: Plot) -> None:
    buyer = _buyer(plot)
    at = working_moment(plot.today, plot.random.uniform(1, 60), plot.random)
    like = {
        "currencyId": buyer["currencyId"],
        "exchangeRate": seeded_rate(buyer["currencyId"], plot.random),
        "paymentReference": "",
    }
    amount = Decimal(plot.random.randint(10_000, 900_000)) / 100
    payload = payment(plot.company, buyer, amount=amount, on=at, like=like)
    plot.company.plant("customer_document", payload, at)


def _claim(plot: Plot, wish: Wish, status: str) -> Claim:
    random, buyer = plot.random, _buyer(plot)
    midnight = plot.today.replace(hour=0, minute=0, second=0, microsecond=0)
    overdue = random.randint(20, 260) if wish.overdue is None else wish.overdue
    due = midnight - timedelta(days=overdue)
    note = wish.kind == "CreditNote"
    newest = midnight - timedelta(days=random.randint(2, 14))  # long terms, rather than dated today
    date = due if note else min(due - timedelta(days=30), newest)
    created = working_moment(plot.today, (plot.today - date).days, random)
    number = plot.company.next_number("customer_note" if note else "customer_invoice")
    rate = seeded_rate(buyer["currencyId"], random)
    return Claim(
        number=number,
        customer=buyer,
        date=date,
        due=due,
        created=max(created, date),
        lines=_sales(plot, buyer, rate),
        kind=wish.kind,
        currency=buyer["currencyId"],
        rate=rate,
        status=status,
        text="Kreditering av retur"
        if note
        else random.choice(("", "Takk for handelen", "Vår 2026")),
        reference=f"PO-{random.randint(100, 9999)}",
        payment_reference=payment_reference("NO", f"41{number}"),
    )


def _sales(plot: Plot, buyer: Payload, rate: Decimal) -> tuple[Sale, ...]:
    random = plot.random
    home = buyer["currencyId"] == "NOK"
    goods = random.sample(GOODS[random.choice(tuple(GOODS))], random.choice((1, 1, 2, 3)))
    return tuple(
        Sale(
            text=good.name,
            quantity=Decimal(random.choice((2, 6, 20, 144))),
            price=rounded(cost_in(good, rate) * MARKUP, Decimal("0.0001")),
            item=good.number,
            uom=good.uom,
            account="3000" if home else "3110",
            sub=random.choice(("100-10", "100-20", "100-30")),
            vat="3" if home else "5",
        )
        for good in goods
    )


def _buyer(plot: Plot) -> Payload:
    last = plot.company.numbers["customer"] - 1
    return plot.company.get("customer", str(plot.random.randint(10_001, last)))


def _key(payload: Payload) -> str:
    return f"{payload['documentType']}:{payload['referenceNumber']}"

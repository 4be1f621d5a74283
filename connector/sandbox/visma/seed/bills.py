"""What a bill looks like before its lines are known, and the lines of each trade."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from connector.sandbox.visma.money import rounded
from connector.sandbox.visma.records.invoice import Draft
from connector.sandbox.visma.records.invoice_line import Line
from connector.sandbox.visma.seed.calendar import working_moment
from connector.sandbox.visma.seed.goods import GOODS, SERVICES
from connector.sandbox.visma.seed.orders import Plot, cost_in, seeded_rate
from connector.sandbox.visma.seed.partners import payment_reference
from connector.sandbox.visma.seed.suppliers import SELLERS

SUBACCOUNTS = ("100-10", "200-10", "200-20", "200-30", "300-10", "400-10")
APPROVALS = {
    "Hold": ("New", "RejectedInApproval"),
    "Balanced": ("SentToApproval", "ReceivedByApproval", "InProgressApproval", "New"),
    "Prebooked": ("ActiveWorkflowApproval", "SentToApproval"),
    "Open": ("ApprovedInApproval",),
    "Closed": ("ApprovedInApproval",),
    "Voided": ("Canceled",),
}


def free_lines(index: int, base: Draft, random: Random, *, count: int) -> tuple[Line, ...]:
    """Lines of what this supplier sells."""
    trade = SELLERS[index].trade
    vat = "1" if base.currency == "NOK" else random.choice(("14", "0"))
    if trade in SERVICES:
        service = random.choice(SERVICES[trade])
        amount = Decimal(random.randint(service.low * 100, service.high * 100)) / 100 / base.rate
        sub = random.choice(SUBACCOUNTS)
        cost = rounded(amount)
        return (Line(service.text, service.account, Decimal(1), cost, sub=sub, vat=vat),)
    goods = random.choices(GOODS[trade], k=count)
    return tuple(
        Line(
            text=good.name,
            account="4300" if base.currency == "NOK" else "4310",
            quantity=Decimal(random.choice((1, 5, 12, 75, 340))),
            unit_cost=cost_in(good, base.rate),
            item=good.number,
            uom=good.uom,
            sub=random.choice(SUBACCOUNTS),
            vat=vat,
        )
        for good in goods
    )


def bill_of(plot: Plot, index: int, days_ago: float) -> Draft:
    random, country = plot.random, SELLERS[index].country
    supplier = plot.company.get("supplier", str(50_001 + index))
    created = working_moment(plot.today, days_ago, random)
    reference, kid = references(country, random)
    status = _status(days_ago, random)
    return Draft(
        number="",
        supplier=supplier,
        date=created - timedelta(days=random.randint(0, 4)),
        due=created + timedelta(days=random.choice((14, 30, 30, 45))),
        lines=(),
        created=created,
        currency=supplier["currencyId"],
        rate=seeded_rate(supplier["currencyId"], random),
        status=status,
        approval=random.choice(APPROVALS[status]),
        reference=reference,
        payment_reference=kid,
        branch=random.choice(("1", "1", "2", "3")),
    )


def references(country: str, random: Random) -> tuple[str, str]:
    """The supplier's own invoice number, and what the bank wants to see."""
    serial = random.randint(10_000, 99_999)
    pattern = random.choice(("{0}", "INV-{0}", "F2026-{0}", "2026/{0}", "RE{0}"))
    return pattern.format(serial), payment_reference(country, f"26{serial:07d}")


def _status(days_ago: float, random: Random) -> str:
    roll = random.random()
    if days_ago > 45:
        return "Voided" if roll < 0.05 else "Open" if roll < 0.3 else "Closed"
    if days_ago > 21:
        return "Voided" if roll < 0.05 else "Closed" if roll < 0.25 else "Open"
    return ("Hold", "Balanced", "Prebooked", "Open", "Open")[int(roll * 5)]

"""Sixty purchase orders in every state of receipt; receiving goes through the real rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import FOUR_PLACES, RATES, rounded
from connector.sandbox.visma.receiving import (
    add_order_lines,
    new_receipt,
    put_on_hold,
    release,
    set_quantities,
    store,
)
from connector.sandbox.visma.records.order import BUYERS, OrderDraft, OrderLine, order
from connector.sandbox.visma.records.order_state import cancel
from connector.sandbox.visma.records.receipt import total
from connector.sandbox.visma.seed.calendar import later, working_moment
from connector.sandbox.visma.seed.goods import GOODS, Good
from connector.sandbox.visma.seed.suppliers import SELLERS
from connector.sandbox.visma.stamps import day
from connector.sandbox.visma.tables import Payload

# What happened to an order, and how many of the sixty.
FATES = (
    ("waiting", 13), ("part", 8), ("part_unreleased", 3), ("part_on_hold", 1), ("received", 13),
    ("received_twice", 5), ("short", 2), ("Hold", 4), ("Cancelled", 3), ("PendingPrint", 3),
    ("PendingEmail", 3), ("Balanced", 2),
)  # fmt: skip
WHOLE = Decimal("1.0")
REJECT_EVERY = 6  # each sixth line does not accept more than was ordered


@dataclass(frozen=True)
class Plot:
    """The ground seeding happens on."""

    company: Company
    random: Random
    today: datetime


def plant_orders(plot: Plot, rounds: int = 1) -> None:
    """Sixty a round."""
    fates = [fate for fate, count in FATES for _ in range(count * rounds)]
    plot.random.shuffle(fates)
    for place, fate in enumerate(fates):
        ago = 200 - 3.2 * place / rounds + (60 if fate.startswith("received") else 0)
        _one(plot, fate, working_moment(plot.today, max(ago, 2), plot.random))


def _one(plot: Plot, fate: str, on: datetime) -> None:
    status = fate if fate[0].isupper() and fate != "Cancelled" else "Open"
    payload = order(_draft(plot, on, status))
    if fate == "Cancelled":
        cancel(payload)
    touched = later(on, plot.today, plot.random, days=6)
    plot.company.plant("purchase_order", payload, touched)
    if status == "Open" and fate not in ("waiting", "Cancelled"):
        _receive(plot, payload["orderNbr"], fate, touched)


def _draft(plot: Plot, on: datetime, status: str) -> OrderDraft:
    random = plot.random
    index = random.choice([i for i, seller in enumerate(SELLERS) if seller.trade in GOODS])
    supplier = plot.company.get("supplier", str(50_001 + index))
    rate = seeded_rate(supplier["currencyId"], random)
    goods = random.sample(GOODS[SELLERS[index].trade] + GOODS["office"], random.randint(1, 8))
    promised = on + timedelta(days=random.choice((7, 14, 21, 45)))
    return OrderDraft(
        number=plot.company.next_number("purchase_order"),
        supplier=supplier,
        date=on,
        promised=promised,
        lines=tuple(_line(good, place, rate, random) for place, good in enumerate(goods)),
        currency=supplier["currencyId"],
        rate=rate,
        status=status,
        text=f"{goods[0].name.split(',')[0]} til {random.choice(('Alnabru', 'Åsane', 'Tromsø'))}",
        reference=random.choice(("", f"Q-{random.randint(1000, 9999)}")),
        place=random.choice(("10", "10", "20", "30")),
        buyer=random.choice(tuple(BUYERS)),
    )


def seeded_rate(currency: str, random: Random) -> Decimal:
    """The usual rate, within one per cent."""
    if currency == "NOK":
        return WHOLE
    return rounded(RATES[currency] * Decimal(random.randint(9900, 10100)) / 10000, FOUR_PLACES)


def cost_in(good: Good, rate: Decimal) -> Decimal:
    return max(rounded(good.cost / rate, FOUR_PLACES), FOUR_PLACES)


def _line(good: Good, place: int, rate: Decimal, random: Random) -> OrderLine:
    many = good.cost < 50
    quantity = random.choice((200, 500, 1000, 2500) if many else (4, 10, 12, 24, 60))
    part = Decimal("0.5") if good.uom == "M" else Decimal(0)
    return OrderLine(
        text=good.name,
        quantity=quantity + part,
        unit_cost=cost_in(good, rate),
        item=good.number,
        uom=good.uom,
        account="4300" if rate == WHOLE else "4310",
        action="Reject" if place % REJECT_EVERY == 5 else "AcceptButWarn",
    )


def _receive(plot: Plot, number: str, fate: str, after: datetime) -> None:
    shares = {"received_twice": (Decimal("0.4"), WHOLE), "received": (WHOLE,)}
    for share in shares.get(fate, (Decimal("0.6"),)):
        after = later(after, plot.today, plot.random, days=25)
        target = _partial_receipt(plot, number, share, after)
        if fate == "short":
            for line in target["lines"]:
                line["completePoLine"] = True
        if fate == "part_on_hold":
            put_on_hold(target, hold=True)
        elif fate != "part_unreleased":
            release(plot.company, target)
        store(plot.company, target, "", at=after)


def _partial_receipt(plot: Plot, number: str, share: Decimal, at: datetime) -> Payload:
    company = plot.company
    source = company.get("purchase_order", number)
    supplier = company.get("supplier", source["supplier"]["number"])
    target = new_receipt(
        company, supplier, currency=source["currency"], rate=source["exchangeRate"]
    )
    target["date"] = day(at)
    target["postPeriod"] = f"{at:%Y%m}"
    target["branchNumber"], target["warehouse"] = source["branch"], source["warehouse"]
    add_order_lines(company, target, number)
    if share != WHOLE:
        parts = {
            ln["poOrderLineNbr"]: rounded(ln["openQty"] * share, WHOLE) for ln in target["lines"]
        }
        set_quantities(target, {place: count for place, count in parts.items() if count > 0})
    target["supplierRef"] = f"FS-{plot.random.randint(10000, 99999)}"
    target["hold"], target["status"] = False, "Balanced"
    total(target)
    return target

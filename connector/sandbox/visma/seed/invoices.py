"""Two hundred supplier invoices and credit notes: some match received orders, some are services."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random

from connector.sandbox.visma.billing import lines_of
from connector.sandbox.visma.money import rounded
from connector.sandbox.visma.records.invoice import Draft, gross, invoice, settle
from connector.sandbox.visma.records.invoice_line import Line
from connector.sandbox.visma.seed.bills import bill_of, free_lines
from connector.sandbox.visma.seed.calendar import later
from connector.sandbox.visma.seed.orders import Plot
from connector.sandbox.visma.seed.suppliers import SELLERS
from connector.sandbox.visma.seed.texts import AWKWARD
from connector.sandbox.visma.tables import Payload

COUNT = 200
CREDIT_NOTES = 16  # DebitAdj: lessens what is owed, hence the confusing name
CHARGES = 4  # CreditAdj: the supplier asks for more
TOO_EARLY = 8  # invoices whose goods have not come yet
SHARED_NUMBERS = (
    3  # credit notes that bear the number of an invoice: only type and number are a key
)


def plant_invoices(plot: Plot) -> None:
    drafts = _matching(plot) + _too_early(plot)
    drafts += [_free(plot, place) for place in range(COUNT - len(drafts))]
    drafts = _with_credit_notes(plot.random, sorted(drafts, key=lambda draft: draft.created))
    for place, draft in enumerate(drafts):
        own = plot.company.next_number("supplier_invoice")
        shared = draft.kind == "DebitAdj" and place < SHARED_NUMBERS * 12
        number = f"{int(own) - 1:06d}" if shared and drafts[place - 1].kind == "Invoice" else own
        _plant(plot, replace(draft, number=number))


def _plant(plot: Plot, draft: Draft) -> None:
    random = plot.random
    payload = invoice(draft)
    if draft.status == "Open" and random.random() < 0.15:
        settle(payload, rounded(gross(payload) * Decimal("0.4")))
    modified = later(draft.created, plot.today, random, days=30 if draft.status == "Closed" else 4)
    plot.company.plant("supplier_invoice", payload, modified)


def _matching(plot: Plot) -> list[Draft]:
    """One invoice for each released receipt, its lines linked for matching."""
    released = [
        each
        for each in plot.company.tables["purchase_receipt"].rows()
        if each["status"] == "Released"
    ]
    return [_of_receipt(plot, each) for each in released]


def _too_early(plot: Plot) -> list[Draft]:
    """Bills that came before the goods: they name order and line, and no receipt yet."""
    waiting = [
        each
        for each in plot.company.tables["purchase_order"].rows()
        if each["status"] == "Open" and not each["purchaseReceipts"]
    ]
    return [_of_order(plot, each) for each in waiting[:TOO_EARLY]]


def _of_order(plot: Plot, order: Payload) -> Draft:
    base = bill_of(plot, _index_of(order["supplier"]["number"]), plot.random.uniform(1, 10))
    home = order["currency"] == "NOK"
    lines = tuple(
        Line(
            text=line["lineDescription"],
            account=line["account"]["number"],
            quantity=line["orderQty"],
            unit_cost=line["unitCost"],
            item=line["inventory"]["number"],
            uom=line["uom"],
            sub=line["sub"]["subaccountNumber"],
            vat="1" if home else "14",
            link=(order["orderNbr"], line["lineNbr"], None, None),
        )
        for line in order["lines"]
    )
    status = plot.random.choice(("Hold", "Balanced"))
    text = f"Ordre {order['orderNbr']}, varer under levering"
    return replace(
        base, lines=lines, text=text, rate=order["exchangeRate"], status=status, approval="New"
    )


def _of_receipt(plot: Plot, receipt: Payload) -> Draft:
    base = bill_of(
        plot, _index_of(receipt["supplier"]["number"]), _days_since(plot, receipt["date"])
    )
    orders = sorted({line["poOrderNbr"] for line in receipt["lines"]})
    text = f"Ordre {', '.join(orders)}, varemottak {receipt['receiptNbr']}"
    return replace(base, lines=lines_of(receipt), text=text, rate=receipt["exchangeRate"])


def _free(plot: Plot, place: int) -> Draft:
    random = plot.random
    index = random.randrange(len(SELLERS))
    base = bill_of(plot, index, random.triangular(0.5, 240, 6))
    lines = free_lines(index, base, random, count=random.choice((1, 1, 1, 2, 3, 5)))
    text = AWKWARD[place] if place < len(AWKWARD) else _plain_text(lines, base.date)
    return replace(base, lines=lines, text=text)


def _plain_text(lines: tuple[Line, ...], date: datetime) -> str:
    more = f" + {len(lines) - 1} til" if len(lines) > 1 else ""
    return f"{lines[0].text}{more}, {date:%d.%m.%Y}"


def _with_credit_notes(random: Random, drafts: list[Draft]) -> list[Draft]:
    """Turn some, spread over the whole, into credit notes and further charges."""
    free = [i for i, draft in enumerate(drafts) if i and not draft.lines[0].link]
    early = [i for i in free if i < SHARED_NUMBERS * 12]
    chosen = early[1::4][:SHARED_NUMBERS]
    rest = random.sample([i for i in free if i not in early], CREDIT_NOTES + CHARGES - len(chosen))
    for place, index in enumerate([*chosen, *rest]):
        kind = "DebitAdj" if place < CREDIT_NOTES else "CreditAdj"
        words = "Kreditnota" if kind == "DebitAdj" else "Tilleggsfaktura"
        text = drafts[index].text
        plain = text if text in AWKWARD else f"{words}: {text}"
        drafts[index] = replace(drafts[index], kind=kind, text=plain)
    return drafts


def _index_of(number: str) -> int:
    return int(number) - 50_001


def _days_since(plot: Plot, date: str) -> float:
    passed = plot.today - datetime.fromisoformat(date)
    return max(passed.days - 2, 0.5)

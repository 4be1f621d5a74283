"""The general ledger of the seeded documents, and batches typed by hand, among them long ones."""

from datetime import timedelta
from decimal import Decimal

from connector.sandbox.visma.posting import plant_batch
from connector.sandbox.visma.records.journal import Batch, Post, batch
from connector.sandbox.visma.seed.calendar import working_moment
from connector.sandbox.visma.seed.orders import Plot
from connector.sandbox.visma.stamps import day, period

PAYROLLS = 6  # one a month; a line for each employee and account, so that pages split the batch
SUBACCOUNTS = ("100-10", "100-20", "100-30", "200-10", "200-20", "300-10", "400-10")


def plant_journal(plot: Plot) -> None:
    for entity in ("supplier_invoice", "customer_document"):
        for payload in list(plot.company.tables[entity].rows()):
            plant_batch(plot.company, entity, payload)
    for months_ago in range(PAYROLLS):
        _plant_by_hand(plot, 30.4 * months_ago + 1, _payroll(plot), f"Lønn {months_ago}", "Posted")
    for status in ("Hold", "Balanced", "Unposted"):
        posts = _pair(plot, "6800", Decimal(plot.random.randint(1000, 900_000)) / 100, "300-10")
        _plant_by_hand(plot, 2, posts, "Periodisering kontorrekvisita", status)


def _plant_by_hand(
    plot: Plot, days_ago: float, posts: tuple[Post, ...], text: str, status: str
) -> None:
    at = working_moment(plot.today, days_ago, plot.random)
    date = day(at)
    given = Batch(
        module="GL",
        number=plot.company.next_number("batch_GL"),
        date=date,
        period=period(date),
        text=f"{text} {date[:7]}",
        posts=posts,
        status=status,
        reference=f"B{period(date)}",
    )
    plot.company.plant("journal", batch(given), at + timedelta(minutes=3))


def _payroll(plot: Plot) -> tuple[Post, ...]:
    posts: list[Post] = []
    for row in plot.company.tables["employee"].rows():
        wage = Decimal(plot.random.randint(3_100_000, 7_400_000)) / 100
        sub = plot.random.choice(SUBACCOUNTS)
        posts += _pair(plot, "5000", wage, sub, row["employeeName"])
    return tuple(posts)


def _pair(
    plot: Plot, account: str, amount: Decimal, sub: str, text: str = "Avsetning"
) -> tuple[Post, ...]:
    other = "2930" if account == "5000" else "2960"
    return (Post(account, amount, amount, text, sub), Post(other, -amount, -amount, text, sub))

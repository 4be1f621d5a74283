"""More of everything that is not a supplier invoice: whole records, kept in memory."""

from collections.abc import Callable, Mapping
from random import Random

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.posting import plant_batch
from connector.sandbox.visma.records.ledger import account, subaccount_record
from connector.sandbox.visma.records.supplier import supplier
from connector.sandbox.visma.seed.ledger import (
    plant_employees,
    plant_somewhen,
    segment_values,
)
from connector.sandbox.visma.seed.orders import FATES, Plot, plant_orders
from connector.sandbox.visma.seed.partners import partner
from connector.sandbox.visma.seed.receivables import OVERDUE, Wish, plant_claim, plant_customers
from connector.sandbox.visma.seed.shops import shop
from connector.sandbox.visma.stamps import version_text

ROUND = sum(count for _, count in FATES)  # orders come in rounds, one of each fate


def populate(company: Company, counts: Mapping[str, int], *, seed: int) -> None:
    """``counts`` by the names of ``MAKERS``; ValueError for another name."""
    plot = Plot(company, Random(seed), company.stamps.now())  # noqa: S311 - no secrecy
    for name, count in counts.items():
        if name not in MAKERS:
            raise ValueError(f"{name} is none of {', '.join(MAKERS)}")
        MAKERS[name](plot, count)


def _suppliers(plot: Plot, count: int) -> None:
    for place in range(count):
        number = plot.company.next_number("supplier", 5)
        seller = shop(place)._replace(name=f"Grossist {number} {shop(place).city}")
        plant_somewhen(plot, "supplier", supplier(partner(number, seller, plot.random)))


def _orders(plot: Plot, count: int) -> None:
    plant_orders(plot, rounds=-(-count // ROUND))


def _customer_documents(plot: Plot, count: int) -> None:
    """Half settled by payments of their own, half open on both sides of every limit."""
    before = {row["referenceNumber"] for row in plot.company.tables["customer_document"].rows()}
    for place in range(count):
        overdue = OVERDUE[place // 2 % len(OVERDUE)]
        plant_claim(plot, Wish("Open", overdue) if place % 2 else Wish("Closed"))
    for row in list(plot.company.tables["customer_document"].rows()):
        if row["referenceNumber"] not in before:
            plant_batch(plot.company, "customer_document", row)


def _accounts(plot: Plot, count: int) -> None:
    """Five digits, below the accounts of the standard."""
    first = 40_000 + sum(
        len(row["accountCD"]) == 5 for row in plot.company.tables["account"].rows()
    )
    for number in range(first, first + count):
        plant_somewhen(plot, "account", account(str(number), "Expense", f"Varegruppe {number}"))


def _subaccounts(plot: Plot, count: int) -> None:
    first = 5000 + len(plot.company.tables["subaccount"])
    for number in range(first, first + count):
        made = subaccount_record("400-30")
        made |= {"subaccountNumber": f"{number}-30", "subaccountId": number}
        made["segments"] = [
            made["segments"][0] | {"segmentValue": str(number)},
            made["segments"][1],
        ]
        plant_somewhen(plot, "subaccount", made | {"description": f"Avdeling {number} Tromsø"})


def _dimension_values(plot: Plot, count: int) -> None:
    """Projects."""
    payload = plot.company.draft("dimension", "PROJECT")
    part = payload["segments"][0]
    first = len(part["segmentValues"]) + 1
    names = {f"P{place:04d}": f"Prosjekt {place}" for place in range(first, first + count)}
    values = segment_values(plot, "PROJECT", 1, names)
    versions = [{"timeStamp": version_text(place)} for place in range(first, first + count)]
    part["segmentValues"] += [a | b for a, b in zip(values, versions, strict=True)]
    plot.company.plant("dimension", payload, plot.today)


MAKERS: dict[str, Callable[[Plot, int], None]] = {
    "suppliers": _suppliers,
    "orders": _orders,
    "customers": plant_customers,
    "customer_documents": _customer_documents,
    "accounts": _accounts,
    "subaccounts": _subaccounts,
    "dimension_values": _dimension_values,
    "employees": plant_employees,
}

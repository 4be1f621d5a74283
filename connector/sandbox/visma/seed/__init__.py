"""The seeded company: the same for the same seed number and day, to the last digit."""

from random import Random

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.records.supplier import supplier
from connector.sandbox.visma.seed.calendar import working_moment
from connector.sandbox.visma.seed.invoices import plant_invoices
from connector.sandbox.visma.seed.journal import plant_journal
from connector.sandbox.visma.seed.ledger import plant_ledger
from connector.sandbox.visma.seed.orders import Plot, plant_orders
from connector.sandbox.visma.seed.organization import plant_organization
from connector.sandbox.visma.seed.partners import partner
from connector.sandbox.visma.seed.receivables import plant_receivables
from connector.sandbox.visma.seed.suppliers import SELLERS

# Suppliers that may not be paid or used, by their place in the list.
STATUSES = {6: "OnHold", 15: "HoldPayments", 22: "Inactive"}


def plant(company: Company, seed: int) -> None:
    """Fill an empty company. Nothing is younger than midnight, so the hour makes no difference."""
    today = company.stamps.now().replace(hour=0, minute=0, second=0, microsecond=0)
    plot = Plot(company, Random(seed), today)  # noqa: S311 - no secrecy
    plant_organization(company, plot.today)
    _plant_suppliers(plot)
    plant_orders(plot)
    plant_invoices(plot)
    plant_ledger(plot)
    plant_receivables(plot)
    plant_journal(plot)


def _plant_suppliers(plot: Plot) -> None:
    for place, seller in enumerate(SELLERS):
        number = plot.company.next_number("supplier", 5)
        payload = supplier(
            partner(number, seller, plot.random),
            status=STATUSES.get(place, "Active"),
            days=plot.random.choice(("14", "30", "30", "45")),
        )
        at = working_moment(plot.today, plot.random.uniform(30, 700), plot.random)
        plot.company.plant("supplier", payload, at)

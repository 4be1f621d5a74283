"""Pages: what reading one costs, as the answers have told it.

monday counts a whole page before it reads it, by a formula of its own. What readings of its kind
have cost lately is what the next reserves; the first reserves what is more than that by far.
"""

from dataclasses import dataclass

from django.db import transaction

from connector.http import CallReport
from connector.models import AccountLimits
from connector.sync.gates import REQUEST_COST

# Part of the difference that a cheaper page takes away.
CHEAPER = 4


@dataclass(frozen=True)
class Page:
    """A page that is to be read. ``known``: points an item of such a page; 0 while none told."""

    operation: str
    size: int
    known: int

    @classmethod
    def of(cls, limits: AccountLimits, operation: str, size: int) -> "Page":
        return cls(operation, size, limits.read_costs.get(operation, 0) if size else 0)

    @property
    def cost(self) -> int:
        """0 while it is not known."""
        return REQUEST_COST + self.known * self.size if self.known else 0

    def learn(self, account: str, report: CallReport) -> None:
        """A dearer page is what the next ones are taken for; of what a cheaper one has cost less, a
        part is believed: it may have been short, or of a narrower board."""
        if report.cost is None or report.throttle:
            return
        told = max(-(-(report.cost - REQUEST_COST) // self.size), 1)
        if told == self.known:
            return
        with transaction.atomic():
            limits = AccountLimits.objects.select_for_update().get(account=account)
            known = limits.read_costs.get(self.operation, 0)
            limits.read_costs[self.operation] = max(told, known + (told - known) // CHEAPER)
            limits.save(update_fields=["read_costs"])

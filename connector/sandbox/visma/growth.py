"""Ten or a hundred thousand invoices more, each made only when it is read."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import RATES
from connector.sandbox.visma.records.invoice import Draft, invoice
from connector.sandbox.visma.seed.bills import APPROVALS, free_lines
from connector.sandbox.visma.seed.partners import payment_reference
from connector.sandbox.visma.seed.suppliers import SELLERS
from connector.sandbox.visma.stamps import FIRST_VERSION, day, period, version_text, written
from connector.sandbox.visma.tables import Payload, Tail

FIRST = 1_000_001  # far above the number series
SPREAD = timedelta(days=400)  # the grown invoices are spread over so long before the present
STATUSES = ("Closed", "Closed", "Closed", "Open", "Open", "Balanced", "Hold", "Prebooked", "Voided")
# Supplier, lines and sums repeat after so many; numbers, dates and references never do. Working
# every sum out anew would make the sandbox the slower side of a benchmark.
PATTERNS = 997


def grow_invoices(company: Company, count: int, *, until: datetime, seed: int) -> None:
    """Replaces an earlier growth. Two calls with the same figures give the same invoices."""
    growth = Growth(company, until - SPREAD, SPREAD / max(count, 1), seed)
    company.tables["supplier_invoice"].tail = Tail(
        count=count, key=_key, index=_index, modified=growth.modified, make=growth.make
    )
    company.version += 1


@dataclass(frozen=True)
class Growth:
    company: Company
    start: datetime
    step: timedelta
    seed: int
    patterns: dict[int, Payload] = field(default_factory=dict)

    def modified(self, index: int) -> str:
        return written(self.start + self.step * index)

    def make(self, index: int) -> Payload:
        moment = self.start + self.step * index
        created = moment - timedelta(hours=1 + index % 47)
        date, serial = day(created), f"{FIRST + index:07d}"
        due = day(created + timedelta(days=30))
        pattern = self._pattern(index % PATTERNS)
        country = pattern["location"]["countryId"]
        return pattern | {
            "referenceNumber": str(FIRST + index),
            "date": date,
            "origInvoiceDate": date,
            "dueDate": due,
            "cashDiscountDate": due,
            "payDate": due,
            "postPeriod": period(date),
            "financialPeriod": period(date),
            "closedFinancialPeriod": period(date) if pattern["status"] == "Closed" else None,
            "createdDateTime": written(created),
            "supplierReference": f"INV-{serial}",
            "paymentRefNo": payment_reference(country, f"26{serial}"),
            "description": f"{pattern['description']}, {date[:10]}",
            "lastModifiedDateTime": written(moment),
            # Below the versions of everything written since.
            "timeStamp": version_text(FIRST_VERSION - 10_000_000 + index),
        }

    def _pattern(self, which: int) -> Payload:
        if which not in self.patterns:
            self.patterns[which] = _made(self.company, which, self.seed)
        return self.patterns[which]


def _key(index: int) -> str:
    return f"Invoice:{FIRST + index}"


def _index(key: str) -> int | None:
    kind, _, number = key.casefold().partition(":")
    fits = kind == "invoice" and number.isdecimal() and int(number) >= FIRST
    return int(number) - FIRST if fits else None


def _made(company: Company, which: int, seed: int) -> Payload:
    random = Random(seed * 1_000_003 + which)  # noqa: S311 - no secrecy
    place = random.randrange(len(SELLERS))
    supplier = company.get("supplier", str(50_001 + place))
    status = random.choice(STATUSES)
    draft = Draft(
        number=str(FIRST + which),
        supplier=supplier,
        date=company.stamps.now(),
        due=company.stamps.now(),
        lines=(),
        created=company.stamps.now(),
        currency=supplier["currencyId"],
        rate=RATES[supplier["currencyId"]],
        status=status,
        approval=APPROVALS[status][0],
    )
    lines = free_lines(place, draft, random, count=1)
    return invoice(replace(draft, lines=lines, text=lines[0].text))

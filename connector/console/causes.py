"""Causes, not errors: what keeps records from their boards, grouped by its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from connector.console import meanings
from connector.console.own import mappings_of
from connector.models import LinkState, RecordLink
from connector.sync.replay import REPLAYABLE
from connector.sync.status import troubled
from connector.wording import Trouble
from mappings.models import BoardMapping
from tenants.models import Tenant

REASON = (
    *("mapping", "state", "failure_code"),
    *("failure_happened", "failure_remedy", "failure_fixer"),
)
# Rows of (reason, currency) looked at: texts that name a record could make one for each of them.
MOST = 1_000


class Money(dict[str, Decimal]):
    """Sums by currency: amounts of two currencies are never added."""

    def add(self, currency: str, amount: Decimal | None) -> None:
        self[currency] = self.get(currency, Decimal(0)) + (amount or 0)

    @property
    def stakes(self) -> list[tuple[str, Decimal]]:
        """Currency and sum, the most first; nothing where nothing is at stake."""
        return sorted(((c, s) for c, s in self.items() if s), key=lambda each: -abs(each[1]))


@dataclass
class Cause:
    """Records of one mapping that share a reason. ``missing``: how many have no item at all."""

    mapping: BoardMapping
    state: str
    code: str
    happened: str
    remedy: str
    fixer: str
    count: int = 0
    missing: int = 0
    money: Money = field(default_factory=Money)
    first: datetime | None = None
    last: datetime | None = None

    @property
    def id(self) -> str:
        """The same cause has the same address today and tomorrow."""
        told = "|".join((str(self.mapping.pk), self.state, self.code, self.happened))
        return sha256(told.encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        return self.happened

    @property
    def is_replayable(self) -> bool:
        return self.state in REPLAYABLE

    @property
    def stakes(self) -> list[tuple[str, Decimal]]:
        return self.money.stakes

    @property
    def trouble(self) -> Trouble:
        return Trouble(
            happened=self.happened,
            meaning=meanings.for_the_books(self.mapping, self.state, self.count, self.missing),
            done=meanings.done_already(self.state),
            remedy=self.remedy,
            fixer=self.fixer or "you",
            tone=meanings.tone_of(self.state),
        )

    def take(self, row: dict[str, Any]) -> None:
        self.count += row["n"]
        self.missing += row["missing"]
        self.money.add(row["record__currency"], row["amount"])
        self.first = _earlier(self.first, row["first"])
        self.last = _later(self.last, row["last"])

    def links(self) -> QuerySet[RecordLink]:
        return RecordLink.objects.filter(
            mapping=self.mapping,
            state=self.state,
            failure_code=self.code,
            failure_happened=self.happened,
            failure_remedy=self.remedy,
            failure_fixer=self.fixer,
        )


def causes_of(tenant: Tenant) -> list[Cause]:
    """In two queries, whatever the number of records; the most records first."""
    mappings = {mapping.pk: mapping for mapping in mappings_of(tenant)}
    rows = (
        troubled(RecordLink.objects.filter(mapping__in=mappings))
        .order_by()
        .values(*REASON, "record__currency")
        .annotate(
            n=Count("*"),
            missing=Count("pk", filter=Q(item_id=None)),
            amount=Sum("record__amount"),
            first=Min(Coalesce("failed_at", "waiting_since")),
            last=Max(Coalesce("failed_at", "waiting_since")),
        )
        .order_by("-n")[:MOST]
    )
    return sorted(_gathered(rows, mappings), key=lambda cause: (-cause.count, cause.id))


def cause_of(tenant: Tenant, cause_id: str) -> Cause | None:
    return next((cause for cause in causes_of(tenant) if cause.id == cause_id), None)


def _gathered(rows: Iterable[dict[str, Any]], mappings: dict[int, BoardMapping]) -> Iterable[Cause]:
    found: dict[tuple[Any, ...], Cause] = {}
    for row in rows:
        reason = tuple(row[name] for name in REASON)
        if reason not in found:
            found[reason] = Cause(mappings[row["mapping"]], *reason[1:])
        found[reason].take(row)
    return found.values()


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def waiting_money(mapping_ids: Iterable[int]) -> dict[int, "Waiting"]:
    """What waits behind each mapping, with its money."""
    rows = (
        RecordLink.objects.filter(
            mapping__in=list(mapping_ids), state__in=(LinkState.WAITING, LinkState.SENDING)
        )
        .order_by()
        .values("mapping", "record__currency")
        .annotate(n=Count("*"), amount=Sum("record__amount"), first=Min("waiting_since"))
    )
    found: dict[int, Waiting] = {}
    for row in rows:
        found.setdefault(row["mapping"], Waiting()).take(dict(row))
    return found


@dataclass
class Waiting:
    """Records that wait their turn."""

    count: int = 0
    money: Money = field(default_factory=Money)
    oldest: datetime | None = None

    @property
    def stakes(self) -> list[tuple[str, Decimal]]:
        return self.money.stakes

    def take(self, row: dict[str, Any]) -> None:
        self.count += row["n"]
        self.money.add(row["record__currency"], row["amount"])
        self.oldest = _earlier(self.oldest, row["first"])

"""What was spent of each limit, by board and by operation; sums over the ledger of calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncHour

from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.sync.budget import OTHER_PLAN, PLANS, WINDOW
from mappings.models import BoardMapping
from tenants.models import MondayConnection, Tenant, VismaConnection


@dataclass(frozen=True)
class Gauge:
    """One limit and how much of it is used; ``quota`` None: the limit is not known."""

    label: str
    used: int
    quota: int | None

    @property
    def tone(self) -> str:
        share = self.used / self.quota if self.quota else 0
        return "bad" if share >= 1 else "warn" if share >= 0.8 else ""


@dataclass(frozen=True)
class Hour:
    """Calls of one hour of the UTC day."""

    start: datetime
    reads: int = 0
    writes: int = 0


@dataclass(frozen=True)
class Spending:
    """One monday account: its limits, its day by the hour, and this workspace's part in it."""

    name: str
    plan: str
    gauges: list[Gauge]
    hours: list[Hour]
    lines: list[dict[str, Any]]
    elsewhere: int
    blocked_until: datetime | None
    throttled: int


def midnight(now: datetime) -> datetime:
    """monday's day begins at midnight UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def spending_of(tenant: Tenant) -> list[Spending]:
    now = database_now()
    accounts: dict[str, MondayConnection] = {}
    for connection in MondayConnection.objects.of(tenant).without_secrets().order_by("name"):
        accounts.setdefault(connection.account_key, connection)
    boards = dict(BoardMapping.objects.of(tenant).values_list("board_id", "board_name"))
    return [_spending(tenant, connection, boards, now) for connection in accounts.values()]


def _spending(
    tenant: Tenant, connection: MondayConnection, boards: dict[str, str], now: datetime
) -> Spending:
    key = connection.account_key
    limits = AccountLimits.objects.filter(account=key).first()
    today = ApiCall.objects.filter(account=key, started_at__gte=midnight(now)).order_by()
    own = today.filter(tenant=tenant)
    blocked = limits.blocked_until if limits else None
    lines = _lines(own, boards)
    day_calls = limits.day_calls if limits and limits.day == now.date() else 0
    return Spending(
        name=connection.account_name or connection.name,
        plan=connection.plan_tier or "not known yet",
        gauges=_gauges(connection, limits, day_calls, now),
        hours=_hours(own, now),
        lines=lines,
        elsewhere=max(day_calls - sum(line["calls"] for line in lines), 0),
        blocked_until=blocked if blocked and blocked > now else None,
        throttled=sum(line["throttled"] for line in lines),
    )


def _gauges(
    connection: MondayConnection, limits: AccountLimits | None, day_calls: int, now: datetime
) -> list[Gauge]:
    plan = PLANS.get(connection.plan_tier, OTHER_PLAN)
    minute = ApiCall.objects.filter(
        account=connection.account_key, started_at__gt=now - WINDOW
    ).aggregate(
        calls=Count("pk"), writes=Count("pk", filter=Q(mutation=True)), cost=Sum("cost", default=0)
    )
    said = limits or AccountLimits()
    return [
        Gauge("Calls today", day_calls, said.daily_quota or plan.daily),
        Gauge("Calls in the last minute", minute["calls"], said.minute_quota or plan.minute),
        Gauge("Changes in the last minute", minute["writes"], connection.mutations_per_minute),
        Gauge(
            "Complexity in the last minute",
            minute["cost"],
            said.complexity_quota or plan.complexity,
        ),
    ]


def _hours(calls: Any, now: datetime) -> list[Hour]:
    rows = (
        calls.annotate(hour=TruncHour("started_at", tzinfo=UTC))
        .values("hour")
        .annotate(
            reads=Count("pk", filter=Q(mutation=False)), writes=Count("pk", filter=Q(mutation=True))
        )
    )
    found = {row["hour"]: Hour(row["hour"], row["reads"], row["writes"]) for row in rows}
    start = midnight(now)
    hours = (start + timedelta(hours=number) for number in range(24))
    return [found.get(hour, Hour(hour)) for hour in hours]


def _lines(calls: Any, boards: dict[str, str]) -> list[dict[str, Any]]:
    rows = (
        calls.values("board_id", "operation")
        .annotate(
            calls=Count("pk"),
            cost=Sum("cost", default=0),
            throttled=Count("pk", filter=~Q(throttle="")),
        )
        .order_by("-calls", "operation")
    )
    return [
        {
            **row,
            "board": boards.get(row["board_id"]) or row["board_id"],
            "what": row["operation"].replace("_", " "),
        }
        for row in rows
    ]


def visma_lines(tenant: Tenant) -> Iterable[dict[str, Any]]:
    """Calls to each company today; Visma does not tell its limits in advance."""
    rows = (
        ApiCall.objects.of(tenant)
        .filter(started_at__gte=midnight(database_now()), account__startswith="visma:")
        .order_by()
        .values("account", "operation")
        .annotate(calls=Count("pk"), throttled=Count("pk", filter=~Q(throttle="")))
        .order_by("account", "-calls")
    )
    names = {
        connection.company_id: connection.company_name or connection.company_id
        for connection in VismaConnection.objects.of(tenant).without_secrets()
    }
    for row in rows:
        company = row["account"].rpartition(":")[2]
        what = row["operation"].replace("_", " ")
        yield {**row, "company": names.get(company, company), "what": what}

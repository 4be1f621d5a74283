"""Sums: what the ledger's rows of the last minute come to, and those of an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.models import AccountLimits, ApiCall, statements
from connector.sync import allowances
from connector.sync.allowances import ADDRESS_WINDOW
from connector.sync.windows import WINDOW


def costs_of_minute(
    account: str, limits: AccountLimits, now: datetime
) -> list[tuple[datetime, int]]:
    """Points of the last minute, oldest first: ours, and what others spent by monday's count."""
    calls = ApiCall.objects.filter(account=account, started_at__gt=now - WINDOW)
    costs = list(calls.order_by("started_at").values_list("started_at", "cost"))
    return with_others(costs, limits, now)


def with_others(
    costs: list[tuple[datetime, int]], limits: AccountLimits, now: datetime
) -> list[tuple[datetime, int]]:
    others = of_others(limits, now)
    if not others:
        return costs
    # As if in one call that leaves when monday says.
    assert limits.others_until is not None  # noqa: S101  others are known by it
    return sorted([*costs, (limits.others_until - WINDOW, others)])


@dataclass(frozen=True)
class Sums:
    """The last minute in one row; enough to see that there is room, which is the usual case."""

    calls: int
    changes: int
    cost: int
    under_way: int
    tenants: int  # who made changes
    of_address: int  # by all accounts in the last ten seconds, or the most there may be


def sums_of(account: str, address: str, limits: AccountLimits, now: datetime) -> Sums:
    # NULL equals nothing: without an address no row is looked for.
    here = (address or None, now - ADDRESS_WINDOW, allowances.CALLS_OF_ADDRESS)
    (row,) = statements.rows(SUMS, now, *here, account, now - WINDOW)
    calls, changes, cost, *others = row
    return Sums(calls, changes, cost + of_others(limits, now), *others)


SUMS = """
    SELECT COUNT(*), COUNT(*) FILTER (WHERE mutation), COALESCE(SUM(cost), 0),
        COUNT(*) FILTER (WHERE finished_at IS NULL AND expires_at > %s),
        COUNT(DISTINCT tenant_id) FILTER (WHERE mutation),
        (SELECT COUNT(*) FROM (
            SELECT 1 FROM connector_apicall WHERE address = %s AND started_at > %s LIMIT %s
        ) AS recent)
    FROM connector_apicall WHERE account = %s AND started_at > %s
"""


def of_others(limits: AccountLimits, now: datetime) -> int:
    known = limits.others_until is not None and limits.others_until > now
    return limits.others_cost if known else 0


def until_address_is_free(address: str, now: datetime) -> timedelta:
    """Until the oldest call of a full window leaves it."""
    calls = ApiCall.objects.filter(address=address).order_by("-started_at")
    (oldest,) = calls.values_list("started_at")[allowances.CALLS_OF_ADDRESS - 1]
    return oldest + ADDRESS_WINDOW - now

"""Allowances: what an account may spend, by its plan and by what the answers' headers said last."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from connector.models import AccountLimits

# Bulk loads (monday: API reference, "Importing items in bulk", September 2026).
LOADS_AN_HOUR = 100
LOAD_ROWS_AN_HOUR = 19_000

# monday allows 5,000 requests in ten seconds from one address, whatever account they speak to. No
# lock is shared by all accounts: the last tenth is for what their workers reserve in one moment,
# and for what else leaves by the address.
CALLS_OF_ADDRESS = 4_500
ADDRESS_WINDOW = timedelta(seconds=10.5)

# Of the day's calls, so many stay for looking things up and for what people do.
RESERVE = 0.1
# The first half of a day's calls may go at full speed: a first load is done the same day. What is
# left then is spread until midnight UTC, so that a change in the evening finds its call.
SPENT_FREELY = 0.5

# After monday has met too many calls at a time, one more is tried every ten seconds.
ONE_MORE = timedelta(seconds=10)

# How long an account rests where it is told to slow down, but not for how long: at most.
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True)
class Plan:
    """What an account may spend (monday: API reference, "Rate limits", September 2026)."""

    minute: int | None = None
    concurrency: int | None = None
    complexity: int | None = None
    daily: int | None = None
    mutations: int | None = None


PLANS = {
    "enterprise": Plan(minute=5_000, concurrency=250, complexity=5_000_000, daily=25_000),
    "pro": Plan(minute=2_500, concurrency=100, complexity=5_000_000, daily=10_000),
}
OTHER_PLAN = Plan(minute=1_000, concurrency=40, complexity=5_000_000, daily=1_000)


def allowance(plan: Plan, said: AccountLimits, now: datetime) -> Plan:
    """The plan as the headers have corrected it."""
    return replace(
        plan,
        minute=said.minute_quota or plan.minute,
        concurrency=_concurrency(said.concurrency_quota or plan.concurrency, said, now),
        complexity=said.complexity_quota or plan.complexity,
        daily=plan.daily if said.daily_quota is None else said.daily_quota,
    )


def _concurrency(quota: int | None, said: AccountLimits, now: datetime) -> int | None:
    if said.throttles:
        return 1  # one call tries whether the rest was long enough
    if quota is None or said.concurrency_cut is None or said.concurrency_cut_at is None:
        return quota
    regained = int((now - said.concurrency_cut_at) / ONE_MORE)
    return max(1, min(quota, said.concurrency_cut + regained))


def halved(plan: Plan, said: AccountLimits, now: datetime) -> int:
    """The calls at a time to go on with after monday has met too many of them."""
    return max(1, (allowance(plan, said, now).concurrency or 2) // 2)


def rest(throttles: int, chance: float) -> timedelta:
    """After so many refusals in a row; ``chance`` takes up to half of it away, so that accounts
    and installations that were refused together do not come back together."""
    longest = min(FIRST_REST * (1 << min(throttles - 1, 10)), LONGEST_REST)
    return longest * (1 - chance / 2)


def left_of_day(daily: int, used: int, *, mutation: bool) -> int:
    """Calls that may still be made today; changes leave the reserve alone."""
    return int(daily * (1 - RESERVE) if mutation else daily) - used


def day_gap(daily: int, used: int, now: datetime) -> timedelta:
    """How far apart the changes of the rest of the day have to be; zero while there are plenty."""
    left = left_of_day(daily, used, mutation=True)
    if used < daily * SPENT_FREELY or left <= 0:
        return timedelta(0)
    return (midnight_after(now.date()) - now) / left


def window_gap(quota: int, left: int, until_reset: timedelta) -> timedelta:
    """The same for Visma's window: its last fifth is spread until the window ends."""
    return until_reset / left if 0 < left < quota / 5 else timedelta(0)


def midnight_after(day: date) -> datetime:
    """monday's daily count starts anew at 00:00 UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)

"""Gates: each limit in turn says whether a call may go now, or when."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from connector.models import AccountLimits, ApiCall
from connector.sync import allowances, rooms
from connector.sync.allowances import LOAD_ROWS_AN_HOUR, LOADS_AN_HOUR, Plan
from connector.sync.refusals import throttled
from connector.sync.shares import YIELD, is_ahead
from connector.sync.sums import sums_of, until_address_is_free, with_others
from connector.sync.windows import WINDOW, wait_for_room

BULK = "ingest_items"
# Besides the items, the complexity field itself and the envelope of a request cost this much.
REQUEST_COST = 100
HOUR = timedelta(hours=1, seconds=30)
# When no load may start, batches are the better way; who asks all the same asks again then.
NO_LOAD = timedelta(minutes=5)
CATCH_UP = timedelta(seconds=20)
# A page is never taken for more than this part of a minute: there would be room for it in none.
LARGEST_PAGE = 0.9
# However full the minute, a backlog leaves room in it for two single changes; the next one finds
# the place of the backlog's oldest call, and its turn is kept. In a minute of fewer items than
# this, as a free plan has it, room for one: another would be 1 % of it.
LEFT_TO_LIVE, SMALL_MINUTE = 2, 200


@dataclass(frozen=True)
class Wish:
    """A call that somebody wants to make; ``backlog``: it is one of many.

    ``address``: where it leaves, if the other side counts that.
    """

    account: str
    operation: str
    mutation: bool
    cost: int
    backlog: bool = False
    address: str = ""
    tenant_id: int = 0


def check(wish: Wish, plan: Plan, limits: AccountLimits, now: datetime) -> int | None:
    """The points that are left of the minute, if they are limited.

    Raises Throttled, with the time to wait, where a limit leaves no room.
    """
    if limits.blocked_until and limits.blocked_until > now:
        raise throttled(limits.blocked_code or "rate_minute", limits.blocked_until - now)
    if wish.backlog and limits.turn_kept_until and limits.turn_kept_until > now:
        raise throttled("rate_turn", limits.turn_kept_until - now)
    may = allowances.allowance(plan, limits, now)
    _check_day(wish, limits, may, now)
    _check_window(wish, limits, now)
    _check_pace(wish, limits, may, now)
    if wish.operation == BULK and load_room(wish.account, now) <= 0:
        raise throttled("rate_loads", NO_LOAD)
    return _check_minute(wish, limits, may, now)


def points(limits: AccountLimits, may: Plan, *, backlog: bool) -> int | None:
    """Complexity that a minute holds for this kind of call; None where nothing limits it."""
    if may.complexity is None or not backlog:
        return may.complexity
    kept = 1 if may.complexity < SMALL_MINUTE * limits.item_cost else LEFT_TO_LIVE
    return max(may.complexity - kept * (limits.item_cost + REQUEST_COST), 1)


def page_cost(cost: int, may: Plan, limits: AccountLimits) -> int:
    """What to reserve for a page: what is known may be of a larger minute, or of a wider board."""
    held = points(limits, may, backlog=True)
    return cost if held is None else min(cost, max(int(held * LARGEST_PAGE), 1))


def load_room(account: str, now: datetime) -> int:
    """Rows that a bulk load may bring now; 0 where the loads or rows of the hour are spent."""
    loads = ApiCall.objects.filter(
        account=account, operation=BULK, throttle="", started_at__gt=now - HOUR
    ).aggregate(starts=Count("pk"), rows=Sum("items", default=0))
    return LOAD_ROWS_AN_HOUR - loads["rows"] if loads["starts"] < LOADS_AN_HOUR else 0


def _check_day(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> None:
    if may.daily is None:
        return
    used = limits.day_calls if limits.day == now.date() else 0
    if allowances.left_of_day(may.daily, used, mutation=wish.mutation) <= 0:
        raise throttled("rate_daily", allowances.midnight_after(now.date()) - now)
    gap = allowances.day_gap(may.daily, used, now)
    if wish.mutation and gap:
        _keep_distance(_last(wish, Q(mutation=True)), gap, now, "rate_pace")


def _check_pace(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> None:
    """A backlog leaves gaps in every minute, in which a single change finds its call at once."""
    due_at = backlog_due_at(wish, limits, may, now)
    if due_at is not None and due_at - spacing(wish, may) > now:
        raise throttled("rate_turn", due_at - spacing(wish, may) - now)


def _check_share(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> None:
    """Of several backlogs the one that is behind its tenant's share has the next call."""
    due_at = backlog_due_at(wish, limits, may, now)
    if due_at is None:
        return
    leaves_it_until = due_at - spacing(wish, may) + YIELD
    if leaves_it_until > now and is_ahead(wish.account, wish.tenant_id, now):
        raise throttled("rate_turn", leaves_it_until - now)


def backlog_due_at(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> datetime | None:
    """When the backlog's next call is due if this one goes; None for what is no backlog.

    It may run ahead, and catch up, by a third of the minute: a small first load does not wait, and
    the minute is filled however late a worker comes.
    """
    gap = spacing(wish, may)
    if not gap:
        return None
    earliest = now - CATCH_UP
    return max(limits.backlog_due_at or earliest, earliest) + gap


def spacing(wish: Wish, may: Plan) -> timedelta:
    """How far apart such calls are when they fill the minute evenly."""
    if not (wish.backlog and wish.mutation):
        return timedelta(0)
    of_points = min(wish.cost / may.complexity, 1) if may.complexity else 0
    of_changes = 1 / may.mutations if may.mutations else 0
    return WINDOW * max(of_points, of_changes)


def _check_window(wish: Wish, limits: AccountLimits, now: datetime) -> None:
    """Visma's window; the last fifth of it is not for backlogs."""
    quota, left, ends_at = limits.window_quota, limits.window_left, limits.window_ends_at
    if not quota or left is None or ends_at is None or ends_at <= now:
        return
    if left <= (quota // 5 if wish.backlog else 0):
        raise throttled("rate_window", ends_at - now)
    gap = allowances.window_gap(quota, left, ends_at - now)
    if gap:
        _keep_distance(_last(wish, Q()), gap, now, "rate_window")


def _check_minute(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> int | None:
    may = replace(may, complexity=points(limits, may, backlog=wish.backlog))
    sums = sums_of(wish.account, wish.address, limits, now)
    if sums.of_address >= allowances.CALLS_OF_ADDRESS:
        raise throttled("rate_ip", until_address_is_free(wish.address, now))
    if may.concurrency is not None and sums.under_way >= may.concurrency:
        raise throttled("rate_concurrency", timedelta(seconds=1))
    kept = _kept(wish, limits, now)
    fits = (
        (may.minute is None or sums.calls < may.minute)
        and (may.mutations is None or not wish.mutation or sums.changes < may.mutations)
        and (may.complexity is None or sums.cost + kept + wish.cost <= may.complexity)
    )
    if not fits:
        _wait_for_room(wish, limits, may, now)
    if sums.tenants > 1:
        _check_share(wish, limits, may, now)
    return None if may.complexity is None else may.complexity - sums.cost - kept - wish.cost


def _kept(wish: Wish, limits: AccountLimits, now: datetime) -> int:
    return rooms.kept(limits, now) if wish.backlog and wish.mutation else 0


def _wait_for_room(wish: Wish, limits: AccountLimits, may: Plan, now: datetime) -> None:
    """Raises Throttled until enough of the last minute's calls have left it."""
    calls = ApiCall.objects.filter(account=wish.account, started_at__gt=now - WINDOW)
    recent = list(calls.order_by("started_at").values_list("started_at", "mutation", "cost"))
    costs = with_others([(at, cost) for at, _, cost in recent], limits, now)
    if kept := _kept(wish, limits, now):
        # As if spent just now. The reading may come soon, and cost less: it is looked at again.
        costs.append((now, kept))
    changes = [(at, 1) for at, mutation, _ in recent if mutation and wish.mutation]
    waits = {
        "rate_minute": wait_for_room(may.minute, 1, [(at, 1) for at, _, _ in recent], now),
        "rate_mutations": wait_for_room(may.mutations, 1, changes, now),
        "rate_complexity": wait_for_room(may.complexity, wish.cost, costs, now),
    }
    for code, wait in waits.items():
        if wait is not None:
            raise throttled(code, min(wait, CATCH_UP) if kept else wait)


def _last(wish: Wish, which: Q) -> datetime | None:
    calls = ApiCall.objects.filter(which, account=wish.account)
    return calls.order_by("-started_at").values_list("started_at", flat=True).first()


def _keep_distance(last: datetime | None, gap: timedelta, now: datetime, code: str) -> None:
    if last is not None and last + gap > now:
        raise throttled(code, last + gap - now)

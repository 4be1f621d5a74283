"""Corrections: what an answer says about limits counts more than what we thought."""

from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.db.models import Q

from connector.http import CallReport, Limits
from connector.models import AccountLimits, statements
from connector.sync.allowances import Plan, halved, midnight_after, rest
from connector.sync.windows import WINDOW

QUOTAS = ("minute_quota", "concurrency_quota", "complexity_quota", "window_quota")
# monday rounds, refunds and estimates: only a larger difference was somebody else's doing.
TOLERANCE = 0.02
# Several answers tell of the same crowd: calls at a time are halved once for it.
ONE_CROWD = timedelta(seconds=5)
# From 0 to 1; tests put another in its place.
chance = SystemRandom().random


def correct(account: str, plan: Plan, report: CallReport, now: datetime) -> None:
    """Adopt what the report says; writes nothing where nothing is new."""
    refusal = _refusal(report, now)
    news = _quotas(report.limits) | _window(report.limits, now) | refusal
    if news:
        _adopt(account, news)
    _others(account, report.limits, now)
    if report.throttle == "rate_concurrency":
        _halve(account, plan, now)
    if report.throttle and not refusal:
        refusal = _rest(account, report, now)
    if report.throttle == "rate_daily":
        # Fewer than was known: the plan's own count until the next test of the connection.
        known = AccountLimits.objects.filter(account=account, daily_quota__gt=plan.daily or 0)
        known.update(daily_quota=None)
    if report.throttle == "rate_ip" and refusal:
        # It is our address that is too busy, whatever account it speaks to.
        AccountLimits.objects.filter(account__startswith="monday:").update(**refusal)


def _adopt(account: str, news: dict[str, Any]) -> None:
    columns = ", ".join(f"{name} = %s" for name in news)
    is_new = " OR ".join(f"{name} IS NULL OR {name} <> %s" for name in news)
    told = f"UPDATE connector_accountlimits SET {columns} WHERE account = %s AND ({is_new})"  # noqa: S608 - the names are ours
    statements.change(told, *news.values(), account, *news.values())


def answered(account: str) -> None:
    """A call that was made after the last refusal was not refused."""
    AccountLimits.objects.filter(account=account).update(throttles=0)


def _rest(account: str, report: CallReport, now: datetime) -> dict[str, Any]:
    """Told to slow down, but not for how long: longer each time, and for all who call it."""
    with transaction.atomic():
        rows = AccountLimits.objects.select_for_update().filter(account=account)
        limits = rows.exclude(blocked_until__gt=now).first()
        if limits is None:
            return {}  # another answer has told of the same crowd
        until = now + rest(limits.throttles + 1, chance())
        refusal = {"blocked_until": until, "blocked_code": report.throttle[:40]}
        rows.update(throttles=limits.throttles + 1, **refusal)
    return refusal


def _quotas(said: Limits) -> dict[str, Any]:
    values = {name: getattr(said, name) for name in QUOTAS}
    return {name: value for name, value in values.items() if value is not None}


def _window(said: Limits, now: datetime) -> dict[str, Any]:
    if said.window_left is None or said.reset_in is None:
        return {}
    ends_at = now + timedelta(seconds=said.reset_in)
    return {"window_left": said.window_left, "window_ends_at": ends_at}


def _refusal(report: CallReport, now: datetime) -> dict[str, Any]:
    said = report.limits
    if report.throttle == "rate_daily":
        return {"blocked_until": midnight_after(now.date()), "blocked_code": report.throttle}
    if report.blocked_for is not None:
        until = now + timedelta(seconds=report.blocked_for or 1)
        return {"blocked_until": until, "blocked_code": report.throttle[:40]}
    if said.minute_left == 0 and said.reset_in:
        until = now + timedelta(seconds=said.reset_in)
        return {"blocked_until": until, "blocked_code": "rate_minute"}
    return {}


def _others(account: str, said: Limits, now: datetime) -> None:
    """Other apps may spend from the same minute: monday's count of what is left includes them."""
    quota, left = said.complexity_quota, said.complexity_left
    if quota is None or left is None or said.reset_in is None:
        return
    ((ours,),) = statements.rows(OURS, account, now - WINDOW)
    others = quota - left - ours
    if others > quota * TOLERANCE:
        until = now + timedelta(seconds=said.reset_in)
        rows = AccountLimits.objects.filter(account=account)
        rows.update(others_cost=others, others_until=until)
    else:
        statements.change(ALONE, account)


OURS = """
    SELECT COALESCE(SUM(cost), 0) FROM connector_apicall WHERE account = %s AND started_at > %s
"""
ALONE = """
    UPDATE connector_accountlimits SET others_cost = 0, others_until = NULL
    WHERE account = %s AND others_cost > 0
"""


def _halve(account: str, plan: Plan, now: datetime) -> None:
    limits = AccountLimits.objects.get(account=account)
    lately = Q(concurrency_cut_at__gt=now - ONE_CROWD)
    AccountLimits.objects.filter(pk=limits.pk).exclude(lately).update(
        concurrency_cut=halved(plan, limits, now), concurrency_cut_at=now
    )

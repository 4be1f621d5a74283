"""Ageing: how long a customer's open document is overdue on a day, and which bucket that is.

Pure: the day is passed in, because the same record says something else tomorrow.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

# Where the result stands beside Visma's own fields; no name of Visma's begins with an underscore.
AGEING = "_ageing"
FIELDS = ("ageing_bucket", "days_overdue")
ENTITIES = ("customer_document", "customer_invoice")
# The filter rule that holds a mapping's own limits: the last day of each bucket.
RULE = "ageing_limits"
LIMITS = (30, 60, 90)
NOT_DUE = "Not due"
MOST = 12  # buckets have to remain readable as labels of one column
LATEST = 3650  # days; ten years


def bucket(days: int, limits: Sequence[int] = LIMITS) -> str:
    """The bucket's name: its first and last day, such as ``31–60 days``."""
    if days <= 0:
        return NOT_DUE
    first = 1
    for last in limits:
        if days <= last:
            return f"{first}–{last} days" if first < last else f"Day {last}"
        first = last + 1
    return f"Over {limits[-1]} days"


def buckets(limits: Sequence[int] = LIMITS) -> tuple[str, ...]:
    """Every bucket there is, the mildest first."""
    return tuple(bucket(days, limits) for days in (0, *limits, limits[-1] + 1))


def aged(payload: Mapping[str, Any], day: date, limits: Sequence[int] = LIMITS) -> dict[str, Any]:
    """Bucket and days of an open document; {} for one that is paid, not released or never due."""
    due = _day(payload.get("documentDueDate"))
    if payload.get("status") != "Open" or not _owed(payload) or due is None:
        return {}
    days = max((day - due).days, 0)
    return {"ageing_bucket": bucket(days, limits), "days_overdue": days}


def limits_of(rule: Mapping[str, Any]) -> tuple[int, ...]:
    """The limits of a mapping's filter; the usual ones where it says none that can be used."""
    said = rule.get(RULE)
    return tuple(said) if said and not problem(said) else LIMITS


def problem(said: Any) -> str:
    """What is wrong with limits somebody wrote, in words; "" when nothing is."""
    whole = isinstance(said, list | tuple) and all(type(each) is int for each in said)
    if not whole or not 0 < len(said) <= MOST or list(said) != sorted(set(said)):
        return f"“{RULE}” takes days that rise, such as [30, 60, 90]."
    if said[0] < 1 or said[-1] > LATEST:
        return f"“{RULE}” takes days from 1 to {LATEST}."
    return ""


def _owed(payload: Mapping[str, Any]) -> bool:
    """Zero in either currency is paid: rounding leaves cents in the company's own."""
    found = payload.get("balanceInCurrency", payload.get("balance"))
    return isinstance(found, int | Decimal) and found != 0


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None

"""Status: where everything stands, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from connector.models import AccountLimits, ApiCall, BoardLane, LinkState, RecordLink, Watermark
from connector.models.clock import database_now
from connector.sync.budget import OTHER_PLAN, PLANS, WINDOW
from mappings.models import BoardMapping, OnGone
from tenants.models import Health, MondayConnection, Tenant, VismaConnection

TROUBLED = (LinkState.FAILED, LinkState.GONE, LinkState.UNCERTAIN)


def troubled(links: QuerySet[RecordLink]) -> QuerySet[RecordLink]:
    """Links that need somebody; an item that a mapping leaves off its board needs nobody."""
    left = Q(state=LinkState.GONE, mapping__on_gone=OnGone.RESPECT)
    return links.filter(state__in=TROUBLED).exclude(left)


@dataclass(frozen=True)
class Cause:
    """Failed links that share a reason."""

    code: str
    happened: str
    remedy: str
    fixer: str
    count: int


def causes(links: QuerySet[RecordLink]) -> list[Cause]:
    """What keeps links from the board, the most frequent cause first."""
    rows = (
        troubled(links)
        .values("failure_code", "failure_happened", "failure_remedy", "failure_fixer")
        .annotate(n=Count("*"))
        .order_by("-n", "failure_code")
    )
    return [
        Cause(
            code=row["failure_code"],
            happened=row["failure_happened"],
            remedy=row["failure_remedy"],
            fixer=row["failure_fixer"],
            count=row["n"],
        )
        for row in rows
    ]


def status(tenant: Tenant) -> dict[str, Any]:
    """Links by state per mapping, lag, budgets and the health of each connection."""
    mappings = list(
        BoardMapping.objects.of(tenant).select_related("monday", "visma").order_by("name")
    )
    return {
        "tenant": tenant.slug,
        "mappings": _mappings(mappings),
        "connections": _connections(tenant),
        "budgets": budgets({m.monday.pk: m.monday for m in mappings}.values()),
    }


def _mappings(mappings: list[BoardMapping]) -> list[dict[str, Any]]:
    now = database_now()
    links = RecordLink.objects.filter(mapping__in=mappings)
    states: dict[int, dict[str, int]] = {}
    for row in links.order_by().values("mapping", "state").annotate(n=Count("*")):
        states.setdefault(row["mapping"], {})[row["state"]] = row["n"]
    oldest = dict(
        links.filter(state=LinkState.WAITING)
        .order_by()
        .values_list("mapping")
        .annotate(Min("waiting_since"))
    )
    newest = dict(links.order_by().values_list("mapping").annotate(Max("record__changed_at")))
    marks = {
        (mark.connection_id, mark.entity): mark
        for mark in Watermark.objects.filter(connection__in=[m.visma_id for m in mappings])
    }
    lanes = {
        (lane.account, lane.board_id): lane
        for lane in BoardLane.objects.filter(board_id__in=[m.board_id for m in mappings])
    }
    return [
        {
            "name": mapping.name,
            "entity": mapping.entity,
            "board_id": mapping.board_id,
            "active": mapping.active,
            "links": {
                state: states.get(mapping.pk, {}).get(state, 0) for state in LinkState.values
            },
            "oldest_waiting": oldest.get(mapping.pk),
            "lag_seconds": _seconds_since(oldest.get(mapping.pk), now),
            "newest_change_seen": newest.get(mapping.pk),
            **_reading(marks.get(mapping.stream)),
            **_lane(lanes.get((mapping.monday.account_key, mapping.board_id))),
        }
        for mapping in mappings
    ]


def _seconds_since(moment: datetime | None, now: datetime) -> int:
    """How far the board is behind what was read; 0 while nothing waits."""
    return max(round((now - moment).total_seconds()), 0) if moment else 0


def _reading(mark: Watermark | None) -> dict[str, Any]:
    return {
        "last_complete_read": mark.last_complete_at if mark else None,
        "watermark": mark.position if mark else "",
    }


def _lane(lane: BoardLane | None) -> dict[str, Any]:
    return {
        "paused": lane.paused_reason if lane and lane.paused_code else "",
        "remedy": lane.paused_remedy if lane and lane.paused_code else "",
    }


def _connections(tenant: Tenant) -> list[dict[str, Any]]:
    found: list[VismaConnection | MondayConnection] = [
        *VismaConnection.objects.of(tenant).order_by("name"),
        *MondayConnection.objects.of(tenant).order_by("name"),
    ]
    return [
        {
            "system": "visma" if isinstance(connection, VismaConnection) else "monday",
            "name": connection.name,
            "health": connection.health,
            "reason": connection.health_reason if connection.health != Health.OK else "",
            "since": connection.health_since,
            "last_checked": connection.health_checked_at,
        }
        for connection in found
    ]


def budgets(connections: Iterable[MondayConnection]) -> list[dict[str, Any]]:
    """What each account has spent and may spend."""
    keys = {connection.account_key: connection for connection in connections}
    now = database_now()
    limits = {row.account: row for row in AccountLimits.objects.filter(account__in=keys)}
    minute = dict(
        ApiCall.objects.filter(account__in=keys, started_at__gt=now - WINDOW)
        .order_by()
        .values_list("account")
        .annotate(n=Count("*"))
    )
    return [
        _budget(connection, limits.get(key), minute.get(key, 0), now)
        for key, connection in keys.items()
    ]


def _budget(
    connection: MondayConnection, limits: AccountLimits | None, minute: int, now: Any
) -> dict[str, Any]:
    plan = PLANS.get(connection.plan_tier, OTHER_PLAN)
    today = limits.day_calls if limits and limits.day == now.date() else 0
    blocked = limits.blocked_until if limits else None
    return {
        "account": connection.account_name or connection.account_key,
        "calls_today": today,
        "calls_a_day": (limits.daily_quota if limits else None) or plan.daily,
        "calls_last_minute": minute,
        "mutations_a_minute": connection.mutations_per_minute,
        "blocked_until": blocked if blocked and blocked > now else None,
        "blocked_by": limits.blocked_code if limits and blocked and blocked > now else "",
    }

"""What is about to break: silence, budgets that run out, waits that grow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse

from connector import local_formats
from connector.console.tiles import Tile
from connector.models.clock import database_now
from connector.sync.status import budgets
from tenants.models import MondayConnection, Tenant

# A stream that misses three polls in a row has a reason; a minute's poll may be late by ticks.
MISSED_POLLS = 3
LEAST_SILENCE = timedelta(minutes=10)
LONG_WAIT = timedelta(minutes=30)
NEARLY_SPENT = 0.8
# A forecast from less than this share of the day's calls would cry wolf at dawn.
ENOUGH_TO_TELL = 0.25


@dataclass(frozen=True)
class Warning:
    """One line, with the page that shows more."""

    words: str
    url: str


def outlook_of(tenant: Tenant, tiles: list[Tile]) -> list[Warning]:
    now = database_now()
    return [
        *_silences(tenant, tiles, now),
        *_long_waits(tenant, tiles, now),
        *_budgets(tenant, now),
    ]


def _silences(tenant: Tenant, tiles: list[Tile], now: datetime) -> Iterable[Warning]:
    for tile in tiles:
        if tile.state == "blocked" or not tile.mapping.active or tile.read_at is None:
            continue
        patience = timedelta(minutes=MISSED_POLLS * tile.mapping.poll_minutes)
        if now - tile.read_at > max(patience, LEAST_SILENCE):
            ago = local_formats.ago(tile.read_at, now, tenant)
            yield Warning(
                f"{tile.mapping.name}: Visma was last read {ago}; every "
                f"{tile.mapping.poll_minutes} min is planned. Do the workers run?",
                reverse("console:runs", args=[tenant.slug]),
            )


def _long_waits(tenant: Tenant, tiles: list[Tile], now: datetime) -> Iterable[Warning]:
    for tile in tiles:
        waits = tile.mapping.active and tile.state != "blocked" and tile.oldest_unsent
        if waits and now - waits > LONG_WAIT:
            ago = local_formats.ago(waits, now, tenant)
            yield Warning(
                f"{tile.mapping.name}: the oldest change has waited since {ago}.",
                f"{reverse('console:records', args=[tenant.slug])}"
                f"?mapping={tile.mapping.pk}&state=unsent",
            )


def _budgets(tenant: Tenant, now: datetime) -> Iterable[Warning]:
    for budget in budgets(MondayConnection.objects.of(tenant).without_secrets()):
        words = _budget(budget, now, tenant)
        if words:
            yield Warning(words, reverse("console:budget", args=[tenant.slug]))


def _budget(budget: dict[str, Any], now: datetime, tenant: Tenant) -> str:
    name, quota, spent = budget["account"], budget["calls_a_day"], budget["calls_today"]
    if budget["blocked_until"]:
        until = local_formats.moment(budget["blocked_until"], tenant)
        return f"{name}: monday takes no calls until {until}; we go on by ourselves."
    if not quota or spent < quota * ENOUGH_TO_TELL:
        return ""
    share = f"{spent} of {quota} calls of the day are used"
    end = _spent_at(spent, quota, now)
    if end is not None:
        return f"{name}: {share}; at this pace they end at {local_formats.moment(end, tenant)}."
    return f"{name}: {share}." if spent >= quota * NEARLY_SPENT else ""


def _spent_at(spent: int, quota: int, now: datetime) -> datetime | None:
    """When the day's calls run out at today's pace; None if they last until midnight UTC."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    gone = now - midnight
    end = midnight + gone * (quota / spent)
    return end if end < midnight + timedelta(days=1) else None

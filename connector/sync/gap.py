"""The gap meter: who found changes first, webhooks or polls, week by week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Sum

from connector.models import FirstFound, Trigger
from tenants.models import Tenant, VismaConnection


@dataclass(frozen=True)
class Week:
    """One week of one stream; ``monday`` is its first day, in UTC."""

    connection: str
    entity: str
    monday: date
    by_webhook: int
    by_poll: int


def count(
    connection: VismaConnection, entity: str, changes: int, *, trigger: str, now: datetime
) -> None:
    """Add changes to the week; call it in the transaction that stores them."""
    if not changes:
        return
    column = "by_webhook" if trigger == Trigger.WEBHOOK else "by_poll"
    week = now.date() - timedelta(days=now.weekday())
    row, _ = FirstFound.objects.get_or_create(connection=connection, entity=entity, week=week)
    FirstFound.objects.filter(pk=row.pk).update(**{column: F(column) + changes})


def weeks(
    tenant: Tenant, *, newest: int = 12, connection: VismaConnection | None = None
) -> list[Week]:
    """The last weeks of every stream of a tenant, or of one connection; the newest first."""
    rows = FirstFound.objects.of(tenant)
    if connection is not None:
        rows = rows.filter(connection=connection)
    days = sorted(set(rows.values_list("week", flat=True)), reverse=True)[:newest]
    summed = (
        rows.filter(week__in=days)
        .values("connection__name", "entity", "week")
        .annotate(webhook=Sum("by_webhook"), poll=Sum("by_poll"))
        .order_by("-week", "connection__name", "entity")
    )
    return [
        Week(r["connection__name"], r["entity"], r["week"], r["webhook"], r["poll"]) for r in summed
    ]

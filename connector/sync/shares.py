"""Shares: whose turn it is among tenants who want the same workers, or one account's minute."""

from datetime import datetime, timedelta

from django.db.models import Count

from connector.models import ApiCall
from connector.sync.windows import WINDOW

# So long a backlog that is ahead of its share leaves the next place to who is behind. They wait for
# the same moment; where nobody comes, it goes a second later than it might, and no less often.
YIELD = timedelta(seconds=1)


def turn(calls: int, weight: int) -> float:
    """The lower, the sooner. Halves as Sainte-Laguë counts seats: whole calls favour the light."""
    return (calls + 0.5) / weight


def is_ahead(account: str, tenant_id: int, now: datetime) -> bool:
    """Whether a tenant had more of the account's last minute for its weight than another."""
    calls = ApiCall.objects.filter(account=account, mutation=True, started_at__gt=now - WINDOW)
    made = calls.order_by().values_list("tenant", "tenant__weight").annotate(Count("pk"))
    turns = {tenant: turn(number, weight) for tenant, weight, number in made if tenant}
    return tenant_id in turns and turns[tenant_id] > min(turns.values())

"""What work on a board costs: calls, minutes, and whether the account's day allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.models import AccountLimits
from connector.models.clock import database_now
from connector.sync.boards import ledger_of
from connector.sync.budget import OTHER_PLAN, PLANS
from connector.sync.deliver import BATCH_SIZE
from connector.visma.resources import PAGE
from mappings.models import BoardMapping

WRITING = ("create", "update", "archive")


@dataclass(frozen=True)
class Cost:
    """Calls to come, the minutes they take, and what the account has left for today."""

    monday_calls: int = 0
    visma_calls: int = 0
    minutes: float = 0.0
    left_today: int = 0
    a_day: int = 0

    @property
    def fits_today(self) -> bool:
        return self.monday_calls <= self.left_today

    @property
    def days(self) -> int:
        """Whole days of the allowance that are needed beyond what is left today."""
        rest = max(self.monday_calls - self.left_today, 0)
        return -(-rest // self.a_day) if self.a_day else 0


def cost_of(mapping: BoardMapping, counts: Mapping[str, int], *, read: int, total: int) -> Cost:
    """For ``total`` records, of which ``read`` were decided about as ``counts`` says."""
    share = total / read if read else 1
    items = {name: round(counts.get(name, 0) * share) for name in WRITING}
    # One call to look at the board, then one for each full or last batch.
    batches = sum(-(-number // BATCH_SIZE) for number in items.values())
    calls = batches + (1 if batches else 0)
    a_day, left = allowance(mapping)
    return Cost(
        monday_calls=calls,
        visma_calls=max(-(-total // PAGE), 1),
        minutes=round(_minutes(mapping, sum(items.values()), batches), 1),
        left_today=left,
        a_day=a_day,
    )


def calls_for(items: int) -> int:
    """Calls a first load of so many items takes."""
    return -(-items // BATCH_SIZE) + 1 if items else 0


def allowance(mapping: BoardMapping) -> tuple[int, int]:
    """Calls the account may make a day, and how many of them are left."""
    plan = PLANS.get(mapping.monday.plan_tier, OTHER_PLAN)
    row = AccountLimits.objects.filter(account=mapping.monday.account_key).first()
    a_day = (row.daily_quota if row else None) or plan.daily or 0
    used = row.day_calls if row and row.day == database_now().date() else 0
    return a_day, max(a_day - used, 0)


def _minutes(mapping: BoardMapping, items: int, batches: int) -> float:
    """The slower of two limits: complexity, and the customer's cap of changing requests."""
    plan = PLANS.get(mapping.monday.plan_tier, OTHER_PLAN)
    row = AccountLimits.objects.filter(account=mapping.monday.account_key).first()
    complexity = (row.complexity_quota if row else None) or plan.complexity or 1
    by_complexity = items * ledger_of(mapping).item_cost() / complexity
    return max(by_complexity, batches / mapping.monday.mutations_per_minute)

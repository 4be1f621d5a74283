"""The ledger: every call to an outside system, and the limits they are counted against."""

from django.db import models

from tenants.models import Tenant
from tenants.querysets import TenantQuerySet


class ApiCall(models.Model):
    """One call. Budgets are sums over these rows, whoever made them."""

    account = models.CharField(max_length=128, help_text="Who shares the limits")
    tenant = models.ForeignKey(Tenant, models.SET_NULL, null=True)
    board_id = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(
        max_length=64, blank=True, default="", help_text="Where the call leaves, if that is counted"
    )
    operation = models.CharField(max_length=40)
    mutation = models.BooleanField(default=False)
    cost = models.PositiveIntegerField(default=0, help_text="Complexity, reserved then actual")
    items = models.PositiveIntegerField(default=0, help_text="Items the call was about")
    started_at = models.DateTimeField()
    # Null while the call is under way: it holds a concurrency slot until `expires_at`.
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    throttle = models.CharField(max_length=40, blank=True, default="")
    request_id = models.CharField(max_length=100, blank=True, default="")
    duration_ms = models.PositiveIntegerField(null=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "started_at"], name="call_window"),
            models.Index(fields=["tenant", "started_at"], name="call_of_tenant"),
            models.Index(fields=["address", "started_at"], name="call_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} at {self.started_at:%H:%M:%S}"


class AccountLimits(models.Model):
    """What one account may spend: defaults of its plan, corrected by the headers."""

    account = models.CharField(max_length=128, unique=True)
    minute_quota = models.PositiveIntegerField(null=True)
    concurrency_quota = models.PositiveIntegerField(null=True)
    complexity_quota = models.PositiveIntegerField(null=True)
    daily_quota = models.PositiveIntegerField(null=True)
    mutations_quota = models.PositiveIntegerField(default=40)
    # Learned from the answers: what one item of a mutation really costs.
    item_cost = models.PositiveIntegerField(default=10_000)
    # What readings have cost lately, by operation: points for each item that their page may hold.
    read_costs = models.JSONField(default=dict, blank=True)
    # Calls at a time after monday has met too many, and when: one more is tried from time to time.
    concurrency_cut = models.PositiveIntegerField(null=True)
    concurrency_cut_at = models.DateTimeField(null=True)
    # Complexity of this minute that others than we have spent, by monday's own count.
    others_cost = models.PositiveIntegerField(default=0)
    others_until = models.DateTimeField(null=True)
    # Visma counts calls in a window of its own and says what is left of it.
    window_quota = models.PositiveIntegerField(null=True)
    window_left = models.PositiveIntegerField(null=True)
    window_ends_at = models.DateTimeField(null=True)
    # Backlogs send evenly over the minute: when the next of their calls is due.
    backlog_due_at = models.DateTimeField(null=True)
    # Until then a backlog leaves the next call to somebody who has little to send.
    turn_kept_until = models.DateTimeField(null=True)
    # Complexity that backlogs leave until then to a page that is to be read.
    page_room = models.PositiveIntegerField(null=True)
    page_room_until = models.DateTimeField(null=True)
    # Calls of the UTC day `day`: counting a day's rows for each call would be waste.
    day = models.DateField(null=True)
    day_calls = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)
    blocked_code = models.CharField(max_length=40, blank=True, default="")
    # Refusals in a row that named no time to wait: the exponent of the account's back-off.
    throttles = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "account limits"

    def __str__(self) -> str:
        return self.account

"""Batches: each request with an effect on monday, frozen before it is sent."""

from django.db import models

from connector.models.instances import Document
from connector.models.lanes import BoardLane
from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class Operation(models.TextChoices):
    CREATE = "create", "Create items"
    UPDATE = "update", "Update items"
    ARCHIVE = "archive", "Archive items"
    BULK = "bulk", "Create items in bulk"
    LABELS = "labels", "Change the labels of a column"


class Batch(models.Model):
    """One frozen request. Nothing about it changes once it is committed but its fate."""

    class State(models.TextChoices):
        FROZEN = "frozen", "Committed, not sent"
        SENT = "sent", "Sent, no answer yet"
        UNKNOWN = "unknown", "Sent, the outcome is not known"
        SETTLED = "settled", "Every member is accounted for"

    lane = models.ForeignKey(BoardLane, models.PROTECT, related_name="batches")
    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="batches")
    operation = models.CharField(max_length=8, choices=Operation.choices)
    idempotency_key = models.UUIDField(unique=True)
    document = models.TextField()
    variables = models.TextField(help_text="Frozen JSON")
    # [{"alias", "link", "version", "hash", "cells", "name"}]: what was wanted for each link.
    members = Document()
    # A bulk load: the frozen rows, monday's name for the load once it has begun, when monday had
    # taken the file, and how far it says to have come.
    rows = models.TextField(blank=True, default="")
    load_id = models.CharField(max_length=64, blank=True, default="")
    uploaded_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FROZEN)
    fence = models.PositiveBigIntegerField()
    sends = models.PositiveIntegerField(default=0)
    lookups = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    first_sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=100, blank=True, default="")
    error = models.TextField(blank=True, default="")

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lane"],
                condition=~models.Q(state="settled"),
                name="batch_one_unsettled_per_lane",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["frozen", "sent", "unknown", "settled"]),
                name="batch_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} of {len(self.members)} on {self.lane}"

"""Record links: what should be on a board, what is, and the difference."""

from django.db import models

from connector.models.batches import Batch
from connector.models.instances import Document, Read
from connector.models.records import SourceRecord
from connector.models.runs import SyncRun
from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class LinkState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    UNCERTAIN = "uncertain", "Outcome not known yet"
    DELIVERED = "delivered", "On the board"
    EXCLUDED = "excluded", "Left out by the filter"
    FAILED = "failed", "Failed"
    GONE = "gone", "Item removed from the board"


class RecordLink(Read):
    """One Visma record under one board mapping, with the monday item that shows it."""

    # No index of their own where one below begins with them: each change of a link pays for it.
    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="links", db_index=False)
    record = models.ForeignKey(SourceRecord, models.CASCADE, related_name="links")
    item_id = models.CharField(max_length=32, null=True)
    state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.WAITING)
    run = models.ForeignKey(SyncRun, models.SET_NULL, null=True, related_name="links")
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, related_name="links", db_index=False
    )
    # What the board was last made to show: {"name": str, "cells": {column_id: cell}}.
    delivered = Document(default=dict)
    delivered_version = models.PositiveIntegerField(default=0)
    delivered_mapping = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    # Fields that wait for their column to come back: {column_id: reason}.
    parked = Document(default=dict)
    waiting_since = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    # An item may be there that no link knows, made under `delivered_mapping`: look before creating.
    look_up_first = models.BooleanField(default=False)
    failure_code = models.CharField(max_length=40, blank=True, default="")
    failure_happened = models.TextField(blank=True, default="")
    failure_remedy = models.TextField(blank=True, default="")
    failure_fixer = models.CharField(max_length=16, blank=True, default="")
    failed_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping", "record"], name="link_record_once"),
            models.UniqueConstraint(
                fields=["mapping", "item_id"],
                condition=models.Q(item_id__isnull=False),
                name="link_item_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LinkState.values), name="link_state_known"
            ),
        ]
        indexes = [
            # Due work of a lane: connector.sync.lanes.due_links.
            models.Index(
                fields=["mapping", "waiting_since"],
                name="link_waiting",
                condition=models.Q(state="waiting"),
            ),
            # Counts by state, and pages of a mapping's records: connector.console.
            models.Index(fields=["mapping", "state"], name="link_by_state"),
            models.Index(fields=["mapping", "-id"], name="link_newest_of_mapping"),
            # What is under way is little, of all there is.
            models.Index(
                fields=["batch"],
                name="link_of_batch",
                condition=models.Q(batch__isnull=False),
            ),
            # Needs attention: connector.console.
            models.Index(
                fields=["mapping", "failure_code"],
                name="link_failed",
                condition=models.Q(state__in=["failed", "gone", "uncertain"]),
            ),
            models.Index(
                fields=["run"],
                name="link_of_open_run",
                condition=models.Q(state__in=["waiting", "sending", "uncertain"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} on {self.mapping}"

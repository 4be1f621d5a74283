"""Sync runs: the account of one pass over one board mapping."""

from django.db import models

from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class Trigger(models.TextChoices):
    SCHEDULE = "schedule", "On schedule"
    WEBHOOK = "webhook", "A webhook"
    PERSON = "person", "Started by a person"
    BACKFILL = "backfill", "First load"
    REPLAY = "replay", "Replay"


class SyncRun(models.Model):
    """read = created + updated + archived + unchanged + excluded + failed + uncertain + waiting.

    ``superseded`` counts records whose newer version a later run took over before this run had
    delivered them; the later run accounts for them.
    """

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="runs")
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    started_at = models.DateTimeField()
    read_until = models.DateTimeField(null=True, help_text="When the reading was complete")
    finished_at = models.DateTimeField(null=True)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    archived = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    excluded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    superseded = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["mapping", "-id"], name="run_newest_of_mapping"),
            models.Index(
                fields=["mapping"],
                name="run_open",
                condition=models.Q(finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mapping} at {self.started_at:%Y-%m-%d %H:%M}"

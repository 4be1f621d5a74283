"""Hints: webhook calls, stored before they are answered; each only says where to look."""

from django.db import models

from tenants.models import MondayConnection, Tenant, VismaConnection
from tenants.querysets import TenantQuerySet


class Source(models.TextChoices):
    VISMA = "visma", "Visma.net"
    MONDAY = "monday", "monday.com"


class Found(models.TextChoices):
    """What looking there has shown."""

    CHANGE = "change", "A change that no poll had read yet"
    KNOWN = "known", "Nothing that was not known"
    UNWANTED = "unwanted", "No mapping asks for it"
    REFUSED = "refused", "The record could not be read"


class Hint(models.Model):
    """One webhook call. Nothing it says is believed; it names what to read again."""

    source = models.CharField(max_length=8, choices=Source.choices)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="hints")
    # No index of their own: each call pays for one more, and the constraints below have it.
    visma = models.ForeignKey(
        VismaConnection, models.CASCADE, null=True, related_name="hints", db_index=False
    )
    monday = models.ForeignKey(
        MondayConnection, models.CASCADE, null=True, related_name="hints", db_index=False
    )
    dedupe_id = models.CharField(max_length=100)
    event = models.CharField(max_length=100, blank=True, default="")
    verified = models.BooleanField(help_text="Signed with a key we know")
    raw_sha256 = models.CharField(max_length=64)
    # Where to look; empty when the call did not say. For monday the key is the item's id.
    entity = models.CharField(max_length=32, blank=True, default="")
    board_id = models.CharField(max_length=32, blank=True, default="")
    key = models.CharField(max_length=200, blank=True, default="")
    received_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    found = models.CharField(max_length=8, choices=Found.choices, blank=True, default="")

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            # Within one connection: an id another tenant's caller made up takes nothing away.
            models.UniqueConstraint(fields=["visma", "dedupe_id"], name="hint_of_visma_once"),
            models.UniqueConstraint(fields=["monday", "dedupe_id"], name="hint_of_monday_once"),
            models.CheckConstraint(
                condition=models.Q(source="visma", visma__isnull=False, monday__isnull=True)
                | models.Q(source="monday", visma__isnull=True, monday__isnull=False),
                name="hint_of_its_source",
            ),
        ]
        indexes = [
            models.Index(
                fields=[source, "received_at"],
                name=f"hint_of_{source}_{name}",
                condition=models.Q(**{f"{source}__isnull": False}, **which),
            )
            for source in ("visma", "monday")
            for name, which in (("lately", {}), ("waiting", {"handled_at": None}))
        ] + [
            # For forgetting; a call that comes in does not pay for it.
            models.Index(
                fields=["handled_at"],
                name="hint_handled",
                condition=models.Q(handled_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.event}: {self.entity or 'anything'} {self.key}".rstrip()


class FirstFound(models.Model):
    """How many changes of one stream a webhook brought first in a week, and how many a poll."""

    connection = models.ForeignKey(VismaConnection, models.CASCADE, related_name="first_found")
    entity = models.CharField(max_length=32)
    week = models.DateField(help_text="Its Monday, in UTC")
    by_webhook = models.PositiveIntegerField(default=0)
    by_poll = models.PositiveIntegerField(default=0)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "connection__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "entity", "week"], name="first_found_week_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} in the week of {self.week}"

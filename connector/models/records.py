"""What Visma was last seen to hold, and how far each stream has been read."""

from datetime import timedelta

from django.db import models

from connector.models.instances import Read
from tenants.models import VismaConnection
from tenants.querysets import TenantQuerySet


class SourceRecord(Read):
    """One Visma record as last read."""

    # No index of its own: two below begin with it.
    connection = models.ForeignKey(
        VismaConnection, models.CASCADE, related_name="records", db_index=False
    )
    entity = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    # Of a line: the document that holds it.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, db_index=False, related_name="lines"
    )
    # Canonical JSON text with Visma's digits: a JSON column would turn decimals into floats.
    payload = models.TextField()
    content_hash = models.CharField(max_length=64)
    # Raised whenever the content hash changes; a delivery is current if it carries this number.
    version = models.PositiveIntegerField(default=1)
    modified_at = models.CharField(max_length=40, help_text="As Visma wrote it, without a zone")
    # When it was made in Visma, where it says so: a number used again is another record.
    born = models.CharField(max_length=40, blank=True, default="")
    etag = models.CharField(max_length=100, blank=True, default="")
    # For people: search and "money at stake" without opening payloads.
    number = models.CharField(max_length=100, blank=True, default="")
    party = models.CharField(max_length=255, blank=True, default="")
    amount = models.DecimalField(max_digits=28, decimal_places=6, null=True)
    currency = models.CharField(max_length=8, blank=True, default="")
    first_seen_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()
    vanished_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "connection__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "entity", "key"], name="record_key_once"),
        ]
        indexes = [
            # A search types the beginning of a number: PostgreSQL needs these operators for it.
            models.Index(
                fields=["connection", "number"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="record_by_number",
            ),
            # Parts of a name are looked for in the index alone, not among the payloads.
            models.Index(fields=["connection", "party", "id"], name="record_by_party"),
            # They are few: all records of a stream less these are what there is.
            models.Index(
                fields=["connection", "entity"],
                name="record_vanished",
                condition=models.Q(vanished_at__isnull=False),
            ),
            models.Index(
                fields=["parent"],
                name="record_line_of",
                condition=models.Q(parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.number or self.key}"


class Watermark(models.Model):
    """How far a complete pass has read one stream, in Visma's own timestamps."""

    connection = models.ForeignKey(VismaConnection, models.CASCADE, related_name="watermarks")
    entity = models.CharField(max_length=32)
    position = models.CharField(max_length=40, blank=True, default="")
    # One reader per stream: a lease by database time, fenced like a board lane.
    lease_owner = models.CharField(max_length=100, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    last_started_at = models.DateTimeField(null=True)
    last_complete_at = models.DateTimeField(null=True)
    # When the last pass over everything began: what it did not meet is looked for once more.
    counted_at = models.DateTimeField(null=True)
    # How long the last complete pass took, where that was minutes.
    lasted = models.DurationField(default=timedelta)
    # Rows that the last pass could not tell apart, in words.
    unreadable = models.TextField(blank=True, default="")
    not_before = models.DateTimeField(null=True)
    # Set after a restore: until a complete pass nothing of the stream is written, and what is read
    # may be on a board already.
    doubtful_since = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "connection__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "entity"], name="watermark_stream_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} up to {self.position or 'the beginning'}"

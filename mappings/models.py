"""Board mappings: which entity goes to which board, and which field to which column."""

from __future__ import annotations

from typing import Any

from django.db import models

from mappings.catalog import LINES_OF
from tenants.models import MondayConnection, Tenant, VismaConnection
from tenants.querysets import TenantQuerySet


class OnLeave(models.TextChoices):
    """What happens to an item whose record no longer passes the filter."""

    LEAVE = "leave", "Leave the item as it is"
    MARK = "mark", "Mark the item"
    ARCHIVE = "archive", "Archive the item"


class OnGone(models.TextChoices):
    """What follows when people archive, delete or move away an item. None can be restored by us."""

    RESTORE = "restore", "Ask for the item to be restored"
    RESPECT = "respect", "Leave it off the board"
    CREATE = "create", "Create the item anew"


class BoardMapping(models.Model):
    """One entity of one Visma company, shown on one monday board."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="mappings")
    visma = models.ForeignKey(VismaConnection, models.PROTECT, related_name="mappings")
    monday = models.ForeignKey(MondayConnection, models.PROTECT, related_name="mappings")
    name = models.CharField(max_length=100)
    entity = models.CharField(max_length=32)
    board_id = models.CharField(max_length=32)
    board_name = models.CharField(max_length=255, blank=True, default="")
    group_id = models.CharField(max_length=64, blank=True, default="")
    item_name = models.CharField(max_length=255, help_text="Template, e.g. {referenceNumber}")
    # Empty: the board has no column of ours, and an unknown create cannot be looked up.
    key_column = models.CharField(max_length=64, blank=True, default="")
    # Then a mapped column whose values are unique on the board, or "name", may find items instead.
    find_column = models.CharField(max_length=64, blank=True, default="")
    create_labels = models.BooleanField(default=False)
    filter = models.JSONField(default=dict, blank=True)
    on_leave = models.CharField(max_length=16, choices=OnLeave.choices, default=OnLeave.LEAVE)
    on_gone = models.CharField(max_length=16, choices=OnGone.choices, default=OnGone.RESTORE)
    # {"column", "label", "problem_label", "receipt", "release"}: what a label writes to Visma.
    receive = models.JSONField(default=dict, blank=True)
    poll_minutes = models.PositiveIntegerField(default=15)
    webhooks = models.BooleanField(default=False)
    active = models.BooleanField(default=False)
    # Lines of documents as subitems: the mapping whose items they stand under.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    # Raised by every change that alters what is written; kept beside each delivered value.
    version = models.PositiveIntegerField(default=1)
    # The board as last read: [{"id", "title", "type", "settings"}]; see mappings.drift.
    board_columns = models.JSONField(default=list, blank=True)
    board_groups = models.JSONField(default=list, blank=True)
    # {"known": ids that were required when first looked at or since accepted, "now": ids}.
    board_required = models.JSONField(default=dict, blank=True)
    # What people changed on the board and what follows; see connector.sync.drift.
    drift = models.JSONField(default=list, blank=True)
    # {column id: version from which on its cells are known}: its type was another meanwhile, or
    # items are found by something else that stands in it.
    emptied = models.JSONField(default=dict, blank=True)
    board_read_at = models.DateTimeField(null=True, blank=True)
    # When its items are compared with the links again; see connector.sync.items.
    items_due_at = models.DateTimeField(null=True, blank=True)
    # Null until the mapping was active for the first time: a draft that has written nothing.
    went_live_at = models.DateTimeField(null=True, blank=True)
    # When the database was set back, until a complete reading has found this mapping active: its
    # board may show what no link knows.
    doubtful_since = models.DateTimeField(null=True, blank=True)
    # Until then creates go one batch at a time: the last bulk load was refused.
    bulk_not_before = models.DateTimeField(null=True, blank=True)
    # The tenant's day up to which its items show the right ageing; see connector.sync.ageing.
    aged_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="mapping_name_once"),
            models.UniqueConstraint(
                fields=["visma", "entity", "monday", "board_id"],
                name="mapping_entity_board_once",
            ),
            models.CheckConstraint(
                condition=models.Q(poll_minutes__gte=1), name="mapping_poll_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> tuple[int, str]:
        """What one poll reads: an entity of a Visma connection. Lines come in their documents."""
        entity = self.entity
        return self.visma_id, LINES_OF[entity].document.name if entity in LINES_OF else entity

    @property
    def is_draft(self) -> bool:
        return not self.active and self.went_live_at is None


class FieldPairing(models.Model):
    """One Visma field and the monday column that shows it."""

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="pairings")
    position = models.PositiveIntegerField(default=0)
    field = models.CharField(max_length=100, help_text="Visma's own path, e.g. supplier.name")
    column_id = models.CharField(max_length=64)
    # As they were when paired: what drift is compared with, and what messages can name.
    column_title = models.CharField(max_length=255, blank=True, default="")
    column_type = models.CharField(max_length=32, blank=True, default="")
    transform = models.CharField(max_length=255, blank=True, default="")
    link = models.ForeignKey(
        BoardMapping, models.SET_NULL, null=True, blank=True, related_name="linked_pairings"
    )
    # The column's labels are kept in step with the records that the values name.
    labels = models.BooleanField(default=False)

    objects: Any = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mapping", "column_id"], name="pairing_column_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field} → {self.column_title or self.column_id}"


class MappingVersion(models.Model):
    """What a mapping said under one version number; `mappings.content` reads and compares it."""

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_by = models.CharField(max_length=254, blank=True, default="")
    made_at = models.DateTimeField()

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mapping", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mapping} version {self.number}"


class MappingDraft(models.Model):
    """Changes to a mapping that nobody has activated yet; workers never look at it."""

    mapping = models.OneToOneField(BoardMapping, models.CASCADE, related_name="draft")
    content = models.JSONField()
    # The version the draft started from; a higher one means somebody else was faster.
    based_on = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=254, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
    # A few records to show values of, and which of them: [{"key", "payload": JSON text}].
    # They go with the draft.
    samples = models.JSONField(default=list, blank=True)
    sample_key = models.CharField(max_length=200, blank=True, default="")
    # What else is known: {"groups", "required", "total"}.
    facts = models.JSONField(default=dict, blank=True)
    # The last simulation, as `connector.sync.simulate` tells it, with what it simulated.
    simulation = models.JSONField(default=dict, blank=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    def __str__(self) -> str:
        return f"draft of {self.mapping}"

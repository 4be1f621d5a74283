"""The audit trail: every attempt and every human act, never changed, never deleted."""

from typing import Any, NoReturn

from django.db import models

from connector.models.batches import Batch
from connector.models.links import RecordLink
from connector.models.runs import SyncRun
from tenants.models import Tenant
from tenants.querysets import TenantQuerySet


class AppendOnly(Exception):
    """Audit entries cannot be changed or deleted; a trigger in the database says the same."""


class AuditQuerySet(TenantQuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Audit entries cannot be deleted.")


class Action(models.TextChoices):
    CREATE = "create", "Create item"
    UPDATE = "update", "Update item"
    ARCHIVE = "archive", "Archive item"
    FIND = "find", "Find item by key"
    CHECK = "check", "Check record"
    REPLAY = "replay", "Replay"
    PAUSE = "pause", "Pause"
    RESUME = "resume", "Resume"
    RECEIVE = "receive", "Receive goods"
    CONFIGURE = "configure", "Change of configuration"
    NOTICE = "notice", "Change on the board"
    RECOVER = "recover", "Recover after a restore"


class Outcome(models.TextChoices):
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNCERTAIN = "uncertain", "Outcome not known"
    LATER = "later", "Will be tried again"


class AuditEntry(models.Model):
    """One attempt or one human act. Text columns keep it readable when rows it names are gone."""

    # Rows are added by the thousand: where an index below begins with a key, or nothing looks for
    # it, the key has none of its own.
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="audit_entries", db_index=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=254, help_text="An e-mail address, or “ml-connector”")
    action = models.CharField(max_length=16, choices=Action.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    mapping_name = models.CharField(max_length=100, blank=True, default="")
    mapping_version = models.PositiveIntegerField(null=True)
    entity = models.CharField(max_length=32, blank=True, default="")
    record_key = models.CharField(max_length=200, blank=True, default="")
    number = models.CharField(max_length=100, blank=True, default="")
    party = models.CharField(max_length=255, blank=True, default="")
    board_id = models.CharField(max_length=32, blank=True, default="")
    item_id = models.CharField(max_length=32, blank=True, default="")
    # [{"field", "column", "title", "before", "after"}]
    changes = models.JSONField(default=list)
    message = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    error_code = models.CharField(max_length=40, blank=True, default="")
    error_detail = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=100, blank=True, default="")
    link = models.ForeignKey(
        RecordLink,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="audit_entries",
    )
    run = models.ForeignKey(
        SyncRun, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    batch = models.ForeignKey(
        Batch, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    replay_of = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="replays",
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["tenant", "-id"], name="audit_newest_of_tenant"),
            models.Index(fields=["tenant", "number"], name="audit_by_number"),
            models.Index(fields=["tenant", "item_id"], name="audit_by_item"),
            models.Index(fields=["link", "-id"], name="audit_of_link"),
            # What a number of a run's account counts: connector.console.run_account.
            models.Index(fields=["run", "outcome", "action", "-id"], name="audit_of_run"),
            # Search in the list of the audit: connector.admin_lists.
            models.Index(fields=["request_id"], name="audit_by_request"),
            models.Index(
                fields=["actor"],
                name="audit_of_people",
                condition=~models.Q(actor="ml-connector"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.number or self.record_key}: {self.outcome}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("Audit entries cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Audit entries cannot be deleted.")

"""Goods receipts: what a label on a board asks Visma for, and how far that has come."""

from django.db import models

from connector.models.links import RecordLink
from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class ReceiptState(models.TextChoices):
    WAITING = "waiting", "To be made"
    SENT = "sent", "Asked for, not known to be made"
    MADE = "made", "Made, not finished"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    DRY = "dry", "Only shown, because the rule is on trial"
    BEFORE = "before", "Was set before the rule was there"
    WITHDRAWN = "withdrawn", "Taken back before anything was sent"


class OnHold(models.TextChoices):
    NONE = "", "Nothing to follow"
    WAITS = "waits", "Left on hold, waits for its release in Visma"
    COMMENT = "comment", "Released; what could not be linked is still to be said on the item"


class GoodsReceipt(models.Model):
    """One “Received” on one item. Each step is decided by what Visma shows, so any may repeat."""

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="receipts")
    link = models.ForeignKey(RecordLink, models.CASCADE, related_name="receipts")
    item_id = models.CharField(max_length=32)
    state = models.CharField(
        max_length=10, choices=ReceiptState.choices, default=ReceiptState.WAITING
    )
    order_number = models.CharField(max_length=60, blank=True, default="")
    # Stands in the receipt's supplierRef: what was made is found again by it.
    marker = models.CharField(max_length=40, blank=True, default="")
    number = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=30, blank=True, default="", help_text="Visma's own word")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # An action that Visma queued: which, since when, and how often Visma has taken it on.
    action = models.CharField(max_length=30, blank=True, default="")
    action_at = models.DateTimeField(null=True)
    action_asked = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    # What is in its way: since when, in which system, and in what words. ``said``: how many answers
    # in a row were errors of Visma in words, which may be refusals.
    waits_since = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=20, blank=True, default="")
    waits_words = models.TextField(blank=True, default="")
    said = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # What a person reads, and whether the item says it already.
    code = models.CharField(max_length=40, blank=True, default="")
    happened = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    told = models.BooleanField(default=False)
    # The label was changed since: setting it again asks again.
    label_left = models.BooleanField(default=False)
    # {line of the order: quantity as typed}, once it was read; null where the whole order is meant.
    lines = models.JSONField(null=True)
    # Visma has these quantities; what people make of the receipt there afterwards is theirs.
    filled = models.BooleanField(default=False)
    # The order still waits for more: the label is taken off, ready for the next delivery.
    more_to_come = models.BooleanField(default=False)
    # Left on hold: its invoices are linked once somebody has released it in Visma.
    on_hold = models.CharField(max_length=10, blank=True, choices=OnHold.choices, default="")
    # A person asked again from our pages; the item may still show the label for problems.
    replayed = models.BooleanField(default=False)
    # A refusal that needs nobody any more: asked again, or its label was taken away.
    answered = models.BooleanField(default=False)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mapping", "item_id"],
                condition=models.Q(label_left=False),
                name="receipt_once_per_label",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReceiptState.values), name="receipt_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["mapping"],
                name="receipt_open",
                condition=models.Q(state__in=["waiting", "sent", "made"]),
            ),
            models.Index(
                fields=["mapping"],
                name="receipt_refused",
                condition=models.Q(state="refused", answered=False),
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.number or self.marker} of order {self.order_number}"


class BoardWatch(models.Model):
    """How far a board was searched for labels that people set."""

    mapping = models.OneToOneField(BoardMapping, models.CASCADE, related_name="watch")
    # The rule that the search is for; under another one it starts anew.
    column_id = models.CharField(max_length=64, blank=True, default="")
    label = models.CharField(max_length=255, blank=True, default="")
    # The newest change seen, in monday's own timestamps.
    position = models.CharField(max_length=40, blank=True, default="")
    looked_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    def __str__(self) -> str:
        return f"watch of {self.mapping}"

"""Webhooks that the connector made on boards, so that it can look after them."""

from django.db import models

from tenants.models import MondayConnection
from tenants.querysets import TenantQuerySet


class BoardWebhook(models.Model):
    """One webhook on a board, or on one of its columns. It only makes looks at it quicker."""

    monday = models.ForeignKey(MondayConnection, models.CASCADE, related_name="board_webhooks")
    board_id = models.CharField(max_length=32)
    event = models.CharField(max_length=40, default="change_specific_column_value")
    # Empty for what concerns the whole board.
    column_id = models.CharField(max_length=64, blank=True, default="")
    # Empty until monday has made it.
    webhook_id = models.CharField(max_length=32, blank=True, default="")
    # The part of the address that it was made to call; the connection has another one since its
    # token was replaced.
    webhook_path = models.CharField(max_length=64, blank=True, default="")
    # A call to that address was signed once: from then on unsigned ones are not monday's.
    signed = models.BooleanField(default=False)
    # When it was last seen on the board, or tried to be made.
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "monday__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["monday", "board_id", "event", "column_id"], name="board_webhook_once"
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.webhook_id or '(not made)'} on board {self.board_id}"

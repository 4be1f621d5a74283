"""Board lanes: one writer per board at a time."""

from django.db import models


class BoardLane(models.Model):
    """The right to write to one board, leased by database time and fenced by a counter."""

    account = models.CharField(max_length=64, help_text="monday account key")
    board_id = models.CharField(max_length=32)
    lease_owner = models.CharField(max_length=100, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    served_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    # After a restore: what was sent last may not show before. No person and no test ends this rest.
    quiet_until = models.DateTimeField(null=True)
    # Requests in a row that never reached monday: the exponent of the lane's back-off.
    misses = models.PositiveIntegerField(default=0)
    # Set while a board is unusable: one notice for the lane, not one for each record.
    paused_code = models.CharField(max_length=40, blank=True, default="")
    paused_reason = models.TextField(blank=True, default="")
    paused_remedy = models.TextField(blank=True, default="")
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "board_id"], name="lane_board_once"),
        ]

    def __str__(self) -> str:
        return f"board {self.board_id}"

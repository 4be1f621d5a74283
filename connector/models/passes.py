"""Passes under way: how far a reading of several pages has come, so that the next goes on."""

from django.db import models

from connector.models.records import Watermark
from tenants.querysets import TenantQuerySet


class Pass(models.Model):
    """One pass over a stream that is not complete; its row goes when it is."""

    mark = models.OneToOneField(Watermark, models.CASCADE, related_name="under_way")
    since = models.CharField(max_length=40, blank=True, default="")
    started_at = models.DateTimeField()
    # How often this reading has begun anew because rows moved while it was read.
    attempt = models.PositiveSmallIntegerField(default=1)
    page_size = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    newest = models.CharField(max_length=40, blank=True, default="")
    shrunk = models.BooleanField(default=False)
    # Rows without a key: how many, and the first of them in words.
    unreadable = models.PositiveIntegerField(default=0)
    unreadable_words = models.JSONField(default=list)
    # Ids of records that the reading before this one has missed.
    suspects = models.JSONField(null=True)
    # When what changes meanwhile was last read beside this pass.
    latest_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mark__connection__tenant"

    def __str__(self) -> str:
        return f"pass over {self.mark.entity} since {self.since or 'the beginning'}"


class PassPage(models.Model):
    """One page that a pass has stored: the hashed keys of its rows, eight bytes each."""

    of = models.ForeignKey(Pass, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    keys = models.BinaryField()

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "of__mark__connection__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="pass_page_once"),
        ]

    def __str__(self) -> str:
        return f"page {self.number} of {self.of}"

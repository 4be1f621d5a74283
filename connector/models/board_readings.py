"""A reading of a board that was cut off, and goes on where it stood."""

from django.db import models

from connector.models.instances import Document
from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class BoardReading(models.Model):
    """``cursor`` names monday's next page; ``seen`` is what the pages before it showed."""

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="readings")
    purpose = models.CharField(max_length=120)
    cursor = models.TextField(blank=True, default="")
    seen = Document(default=dict)
    complete = models.BooleanField(default=False, help_text="The last page was read, too")
    began_at = models.DateTimeField()

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping", "purpose"], name="board_reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} on {self.mapping}"

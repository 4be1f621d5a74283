"""References: which records of other mappings a record names, as far as links are made of them."""

from django.db import models

from connector.models.links import RecordLink
from mappings.models import BoardMapping
from tenants.querysets import TenantQuerySet


class Reference(models.Model):
    """One record that a link's record names, by its key or number, on the target's board.

    Written before the link is planned, so that whoever gives the other record an item finds it.
    """

    link = models.ForeignKey(RecordLink, models.CASCADE, related_name="references")
    target = models.ForeignKey(BoardMapping, models.CASCADE, related_name="referenced")
    value = models.CharField(max_length=200)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "link__mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "target", "value"], name="reference_once"),
        ]
        indexes = [models.Index(fields=["target", "value"], name="reference_by_value")]

    def __str__(self) -> str:
        return f"{self.link} names {self.value}"


class LabelColumn(models.Model):
    """A column whose labels are kept in step with records: which labels stand for which of them.

    ``labels``: {value: {"id", "text", "active", "ours"}}; only ours are ever changed. ``left``:
    values without a label, because the column is full.
    """

    mapping = models.ForeignKey(BoardMapping, models.CASCADE, related_name="label_columns")
    column_id = models.CharField(max_length=64)
    labels = models.JSONField(default=dict)
    left = models.JSONField(default=list)
    # The newest change of a record that the labels have followed.
    seen_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "mapping__tenant"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping", "column_id"], name="label_column_once"),
        ]

    def __str__(self) -> str:
        return f"labels of {self.column_id} of {self.mapping}"

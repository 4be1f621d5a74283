"""Every query starts at a tenant: the querysets that make it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from tenants.fields import SecretTextField

if TYPE_CHECKING:
    from tenants.models import Tenant

M = TypeVar("M", bound=models.Model)


def tenant_path(model: type[models.Model]) -> str:
    """How a row of the model leads to its tenant: ``TENANT_PATH``, or its own foreign key."""
    return getattr(model, "TENANT_PATH", "tenant")


def tenant_id_of(row: models.Model) -> int | None:
    """The tenant a row belongs to; None while it belongs to none."""
    *steps, last = tenant_path(type(row)).split("__")
    for step in steps:
        row = getattr(row, step)
    found: int | None = getattr(row, last if last == "pk" else f"{last}_id")
    return found


class TenantQuerySet(models.QuerySet[M]):
    """Rows that each belong to one tenant."""

    def of(self, tenant: Tenant) -> Self:
        return self.filter(**{tenant_path(self.model): tenant})

    def of_member(self, user: Any) -> Self:
        """Rows of the tenants the user belongs to; the host's superusers see all."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        # Names, not a join: with the tenants known, an index of theirs answers at once.
        own = list(user.memberships.values_list("tenant", flat=True))
        return self.filter(**{f"{tenant_path(self.model)}__in": own})

    def without_secrets(self) -> Self:
        """For lists: nothing is opened that nobody asked for."""
        fields = self.model._meta.concrete_fields
        return self.defer(*(f.name for f in fields if isinstance(f, SecretTextField)))

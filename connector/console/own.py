"""The tenant's own mappings, with their connections but without a secret."""

from typing import Any

from django.db.models import Model

from mappings.models import BoardMapping
from tenants.fields import SecretTextField
from tenants.models import MondayConnection, Tenant, VismaConnection
from tenants.querysets import TenantQuerySet


def _secrets(model: type[Model], prefix: str) -> list[str]:
    fields = model._meta.concrete_fields
    return [f"{prefix}__{field.name}" for field in fields if isinstance(field, SecretTextField)]


SECRETS = (*_secrets(VismaConnection, "visma"), *_secrets(MondayConnection, "monday"))


def mappings_of(tenant: Tenant) -> TenantQuerySet[Any]:
    return BoardMapping.objects.of(tenant).select_related("monday", "visma").defer(*SECRETS)

"""A tenant's configuration as a file's content, without any secret.

Imported over the same tenant it changes nothing: what a file does not name stays, secrets and
passwords among it. Imported elsewhere, the import asks for each secret by its path.
"""

from __future__ import annotations

from typing import Any

from mappings.models import BoardMapping, FieldPairing
from tenants.models import MondayConnection, Tenant, VismaConnection

MAPPING_VALUES = (
    "board_id",
    "group_id",
    "item_name",
    "key_column",
    "find_column",
    "poll_minutes",
    "webhooks",
    "active",
    "create_labels",
    "filter",
    "on_leave",
    "on_gone",
)


def export_tenant(tenant: Tenant) -> dict[str, Any]:
    visma = VismaConnection.objects.of(tenant).without_secrets().order_by("name")
    monday = MondayConnection.objects.of(tenant).without_secrets().order_by("name")
    reads, writes = {row.pk: row.name for row in visma}, {row.pk: row.name for row in monday}
    mappings = BoardMapping.objects.of(tenant).select_related("parent")
    mappings = mappings.prefetch_related("pairings__link")
    return {
        "tenant": {"slug": tenant.slug, "name": tenant.name, "timezone": tenant.timezone},
        "members": _members(tenant),
        "visma": [_visma(row) for row in visma],
        "monday": [{"name": row.name} for row in monday],
        "mappings": [
            _mapping(row, visma=reads[row.visma_id], monday=writes[row.monday_id])
            for row in mappings
        ],
    }


def _members(tenant: Tenant) -> list[dict[str, str]]:
    rows = tenant.memberships.select_related("user").order_by("user__username")
    return [{"email": row.user.username, "role": row.role} for row in rows]


def _visma(row: VismaConnection) -> dict[str, str]:
    return {
        "name": row.name,
        "client_id": row.client_id,
        "tenant_id": row.visma_tenant_id,
        "company_id": row.company_id,
    }


def _mapping(row: BoardMapping, *, visma: str, monday: str) -> dict[str, Any]:
    said = {
        "name": row.name,
        "entity": row.entity,
        **({"subitems_of": row.parent.name} if row.parent else {}),
        "visma": visma,
        "monday": monday,
        **{name: getattr(row, name) for name in MAPPING_VALUES},
    }
    if row.receive:
        said["receive"] = row.receive
    return said | {"pairs": [_pair(pairing) for pairing in row.pairings.all()]}


def _pair(row: FieldPairing) -> dict[str, Any]:
    """Columns by id: a title may be changed by anybody at any time, or stand there twice."""
    said: dict[str, Any] = {"field": row.field, "column": row.column_id}
    said |= {"labels": True} if row.labels else {}
    said |= {"transform": row.transform} if row.transform else {}
    return said | ({"link": row.link.name} if row.link else {})

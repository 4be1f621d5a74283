"""What a tenant file says. None: the file does not name it, so it stays, or gets its default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TenantPart:
    slug: str
    name: str | None
    timezone: str | None


@dataclass(frozen=True)
class MemberPart:
    path: str
    email: str
    role: str | None
    password: str | None = field(repr=False)


@dataclass(frozen=True)
class ConnectionPart:
    """``values`` are model fields by name; ``secrets`` those of them that are never shown."""

    path: str
    name: str
    values: dict[str, str]
    secrets: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class PairPart:
    path: str
    field: str | None
    column: str | None
    transform: str
    link: str | None = None
    labels: bool = False


@dataclass(frozen=True)
class ReceivePart:
    path: str
    column: str | None
    label: str | None
    problem_label: str
    receipt: str
    quantity_column: str
    release: bool
    dry: bool


@dataclass(frozen=True)
class MappingPart:
    """``values`` are model fields by name that need no look at anything else."""

    path: str
    name: str
    entity: str | None
    subitems_of: str | None
    visma: str | None
    monday: str | None
    board_id: str | None
    group_id: str | None
    key_column: str | None
    active: bool | None
    values: dict[str, Any]
    receive: ReceivePart | None
    pairs: list[PairPart] | None


@dataclass(frozen=True)
class TenantFile:
    tenant: TenantPart | None
    members: list[MemberPart]
    visma: list[ConnectionPart]
    monday: list[ConnectionPart]
    mappings: list[MappingPart]

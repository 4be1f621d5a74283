"""The mapping in hand and its draft, as the pages of the setup use them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from connector.models import SourceRecord
from connector.sync.simulation import Simulation
from mappings import services as mappings
from mappings.catalog import Entity, entity
from mappings.columns import Column
from mappings.content import Content
from mappings.models import BoardMapping, MappingDraft
from tenants.access import TenantRequest
from tenants.models import Tenant


@dataclass(frozen=True)
class Drafted:
    """A mapping with an open draft, for the rail and the list of what to sync."""

    mapping: BoardMapping
    pairs: int
    is_checked: bool
    would_create: int


def drafted_of(tenant: Tenant) -> list[Drafted]:
    """Drafts that nobody has activated yet, the newest first."""
    rows = (
        MappingDraft.objects.of(tenant)
        .select_related("mapping")
        .defer("samples", "facts")
        .order_by("-pk")
    )
    return [_drafted(row) for row in rows]


def _drafted(draft: MappingDraft) -> Drafted:
    found = simulation_of(draft)
    return Drafted(
        mapping=draft.mapping,
        pairs=len(draft.content.get("pairs", ())),
        is_checked=found is not None,
        would_create=found.counts["create"] if found else 0,
    )


class Desk:
    """One mapping on the table: its draft, or for a live one what it says now.

    Looking at a live mapping makes no draft; the first change does.
    """

    def __init__(self, request: TenantRequest, mapping_id: int) -> None:
        self.tenant = request.tenant
        self.by = request.user.get_username()
        self.mapping = _mapping(request.tenant, mapping_id)
        self.draft = MappingDraft.objects.filter(mapping=self.mapping).first()
        if self.draft is None and self.mapping.is_draft:
            self.draft = mappings.draft_open(self.mapping, by=self.by)
        self.content = (
            Content.load(self.draft.content)
            if self.draft
            else mappings.mapping_content(self.mapping)
        )

    @property
    def entity(self) -> Entity:
        return entity(self.mapping.entity)

    @property
    def columns(self) -> dict[str, Column]:
        return {raw["id"]: Column(**raw) for raw in self.mapping.board_columns}

    @property
    def records(self) -> QuerySet[SourceRecord]:
        """What the workers have read of this stream, if anything yet."""
        return self._stream.filter(vanished_at=None)

    @property
    def total(self) -> int:
        """How many there are: two indexes are counted, no record is read."""
        return self._stream.count() - self._stream.exclude(vanished_at=None).count()

    @property
    def _stream(self) -> QuerySet[SourceRecord]:
        visma, entity = self.mapping.visma_id, self.mapping.entity
        return SourceRecord.objects.filter(connection_id=visma, entity=entity)

    @property
    def is_stale(self) -> bool:
        """Whether the live mapping was changed since this draft began."""
        return bool(
            self.draft and self.draft.based_on and self.draft.based_on != self.mapping.version
        )

    def opened(self) -> MappingDraft:
        """The draft to write to."""
        if self.draft is None:
            self.draft = mappings.draft_open(self.mapping, by=self.by)
        return self.draft

    def url(self, name: str, *args: str) -> str:
        return reverse(f"wizard:{name}", args=[self.tenant.slug, self.mapping.pk, *args])


def _mapping(tenant: Tenant, mapping_id: int) -> BoardMapping:
    """The tenant's own, or 404 like one that does not exist."""
    found = (
        BoardMapping.objects.of(tenant)
        .select_related("visma", "monday", "tenant")
        .filter(pk=mapping_id)
        .first()
    )
    if found is None:
        raise Http404("There is no such mapping in this workspace.")
    return found


def simulation_of(draft: MappingDraft | None) -> Simulation | None:
    """The draft's last simulation, if it was made of the draft as it is."""
    if draft is None or not draft.simulation:
        return None
    if draft.simulation["of"] != Content.load(draft.content).fingerprint():
        return None
    return Simulation.load(draft.simulation["told"])


def keep_simulation(draft: MappingDraft, content: Content, found: Simulation) -> None:
    draft.simulation = {"of": content.fingerprint(), "told": found.dump()}
    draft.save(update_fields=["simulation"])

"""Which records a member looks at: filters, and search by number, supplier or item."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, QueryDict

from connector.console.causes import Cause, cause_of
from connector.finding import MOST_RECORDS, Found, records_found, tidy
from connector.models import LinkState, RecordLink
from mappings import catalog
from mappings.models import BoardMapping
from tenants.models import Tenant, VismaConnection

# States as people ask for them.
STATES: dict[str, tuple[LinkState, ...]] = {
    "delivered": (LinkState.DELIVERED,),
    "unsent": (LinkState.WAITING, LinkState.SENDING),
    "failed": (LinkState.FAILED, LinkState.GONE),
    "uncertain": (LinkState.UNCERTAIN,),
    "excluded": (LinkState.EXCLUDED,),
}
STATE_WORDS = {
    "delivered": "On the board",
    "unsent": "Waiting to be written",
    "failed": "Failed",
    "uncertain": "Uncertain",
    "excluded": "Left out by the filter",
}
LIST_ORDER = "-pk"


@dataclass(frozen=True)
class Search:
    """What the address asks for, proven to be the tenant's own."""

    tenant: Tenant
    words: str = ""
    state: str = ""
    mapping: BoardMapping | None = None
    entity: str = ""
    cause: Cause | None = None

    @classmethod
    def of(cls, tenant: Tenant, asked: QueryDict) -> "Search":
        """404 for a mapping or a cause that is not the tenant's; other nonsense is ignored."""
        state, entity = asked.get("state", ""), asked.get("entity", "")
        return cls(
            tenant=tenant,
            words=tidy(asked.get("q", "")),
            state=state if state in STATES else "",
            mapping=_mapping(tenant, asked.get("mapping", "")),
            entity=entity if catalog.known(entity) else "",
            cause=_cause(tenant, asked.get("cause", "")),
        )

    def links(self) -> QuerySet[RecordLink]:
        every = RecordLink.objects.filter(mapping__in=_ids(self.tenant, self.entity))
        links: QuerySet[RecordLink] = every if self.cause is None else self.cause.links()
        if self.mapping is not None:
            links = links.filter(mapping=self.mapping)
        if self.state:
            links = links.filter(state__in=STATES[self.state])
        if self.words:
            links = links.filter(record__pk__among=self.found.keys)
        return links.order_by(LIST_ORDER)

    @cached_property
    def found(self) -> Found:
        ours = VismaConnection.objects.of(self.tenant).values_list("pk", flat=True)
        return records_found(self.words, list(ours))

    def is_cut(self, total: int) -> bool:
        """Whether more records match than are shown."""
        return bool(self.words) and (total >= MOST_RECORDS or self.found.is_cut)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.state or self.mapping or self.entity or self.cause)


def with_company(links: QuerySet[RecordLink]) -> QuerySet[RecordLink]:
    """With all that a line of a list shows, and no payload or secret loaded."""
    return (
        links.select_related("record", "mapping")
        .defer("record__payload", "delivered", "mapping__board_columns")
        .annotate(company=F("record__connection__company_id"))
    )


def _ids(tenant: Tenant, entity: str) -> list[int]:
    """Of the mappings, all of them or those of one entity, which is their records' own."""
    mappings = BoardMapping.objects.of(tenant)
    found = mappings.filter(entity=entity) if entity else mappings
    return list(found.values_list("pk", flat=True))


def _mapping(tenant: Tenant, asked: str) -> BoardMapping | None:
    if not asked:
        return None
    digits = asked.isascii() and asked.isdigit() and len(asked) < 19
    found = BoardMapping.objects.of(tenant).filter(pk=asked).first() if digits else None
    if found is None:
        raise Http404("There is no such mapping in this workspace.")
    return found


def _cause(tenant: Tenant, asked: str) -> Cause | None:
    if not asked:
        return None
    found = cause_of(tenant, asked)
    if found is None:
        raise Http404("Nothing waits for this cause any more.")
    return found


def choices(tenant: Tenant) -> dict[str, Any]:
    """What the filters offer."""
    mappings = BoardMapping.objects.of(tenant).only("pk", "name", "entity", "tenant_id")
    used = {mapping.entity for mapping in mappings}
    return {
        "mappings": mappings,
        "states": STATE_WORDS.items(),
        "entities": [
            (name, catalog.entity(name).plural)
            for name in (*catalog.ENTITIES, *catalog.LINES_OF)
            if name in used
        ],
    }

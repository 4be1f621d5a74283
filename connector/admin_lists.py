"""Long lists in Django admin: counted only so far, and searched by indexes."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core import paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from connector.finding import records_found
from connector.models import AuditEntry, LinkState, RecordLink
from connector.sync.audit import SYSTEM
from tenants.models import VismaConnection

if TYPE_CHECKING:
    Paginator = paginator.Paginator[Any]
else:
    Paginator = paginator.Paginator

MOST_COUNTED = 2_000  # forty pages
STUCK = (LinkState.FAILED, LinkState.GONE, LinkState.UNCERTAIN)


class NewestPages(Paginator):
    """Counts no further than anybody pages: to count a million entries takes half a second."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by()[: MOST_COUNTED + 1].count()
        return found

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self._counted > MOST_COUNTED


class CauseFilter(admin.SimpleListFilter):
    """The codes of what waits: to collect them from all links would read them all."""

    title = "cause"
    parameter_name = "failure_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        stuck = model_admin.get_queryset(request).filter(state__in=STUCK).order_by("failure_code")
        codes = stuck.values_list("failure_code", flat=True).distinct()
        return [(code, code.replace("_", " ")) for code in codes if code]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RecordLink]
    ) -> QuerySet[RecordLink]:
        if not self.value():
            return queryset
        return queryset.filter(state__in=STUCK, failure_code=self.value())


def links_found(links: QuerySet[RecordLink], words: str, user: Any) -> QuerySet[RecordLink]:
    return links.filter(record__pk__among=_records(words, user))


def entries_found(entries: QuerySet[AuditEntry], words: str, user: Any) -> QuerySet[AuditEntry]:
    """By what an entry says itself, and by the records that match: each part has its index."""
    told = [
        Q(number__in={words, words.upper()}),
        Q(item_id=words),
        Q(request_id=words),
        Q(actor=words) & ~Q(actor=SYSTEM),
    ]
    ours = AuditEntry.objects.of_member(user).order_by()
    records = _records(words, user)[:MOST_COUNTED]
    links = RecordLink.objects.filter(record__pk__among=records).values_list("pk", flat=True)
    # These links are the member's own: nothing but the index is read for their entries.
    of_links = AuditEntry.objects.order_by().filter(link__pk__among=list(links)).values("pk")
    parts = [ours.filter(part).values("pk") for part in told]
    return entries.filter(pk__in=of_links.union(*parts))


def _records(words: str, user: Any) -> list[int]:
    connections = VismaConnection.objects.of_member(user).values_list("pk", flat=True)
    return records_found(words, list(connections)).keys

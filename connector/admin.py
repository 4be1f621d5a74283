"""Django admin of the engine's rows: the audit trail with Replay; everything else is to read."""

from typing import Any

import django_q.admin  # registers its pages, so that they can be closed below
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from connector import audit_pages
from connector.admin_lists import CauseFilter, NewestPages, entries_found, links_found
from connector.finding import tidy
from connector.models import AuditEntry, RecordLink, SyncRun
from connector.sync import replay
from connector.sync.audit import SYSTEM
from mappings import catalog
from tenants.models import Role
from tenants.scoped_admin import TenantScopedAdmin

# Whoever may add a Schedule runs code on the workers, and "Resubmit" asks for no right but to
# look (django-q2 1.11): the pages of the task package stay closed.
for model in (
    django_q.admin.Failure,
    django_q.admin.OrmQ,
    django_q.admin.Schedule,
    django_q.admin.Success,
):
    admin.site.unregister(model)


class ReadOnlyAdmin(TenantScopedAdmin):
    """Rows that only the engine writes."""

    add_role = None
    change_role = None
    delete_role = None
    show_full_result_count = False
    paginator = NewestPages
    list_per_page = 50
    find: Any = None

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        words = tidy(search_term)
        return (self.find(queryset, words, request.user) if words else queryset), False


class ActorFilter(admin.SimpleListFilter):
    """People or the engine. Names of people are found by search, within one's own tenants."""

    title = "actor"
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("people", "A person"), ("system", SYSTEM)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        if self.value() == "people":
            return queryset.exclude(actor=SYSTEM)
        return queryset.filter(actor=SYSTEM) if self.value() == "system" else queryset


class EntityFilter(admin.SimpleListFilter):
    """The catalogue's entities: to collect them from the entries would read them all."""

    title = "entity"
    parameter_name = "entity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (name, catalog.entity(name).plural) for name in (*catalog.ENTITIES, *catalog.LINES_OF)
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return queryset.filter(entity=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Every attempt and every human act; failed ones can be replayed."""

    list_display = ("at", "outcome", "action", "document", "mapping_name", "what", "actor")
    list_filter = ("tenant", "outcome", "action", EntityFilter, ActorFilter, "at")
    search_fields = ("number",)  # shows the field; what it looks through is in admin_lists
    find = staticmethod(entries_found)
    search_help_text = "Document number, supplier, item id, request id or person"
    date_hierarchy = None  # counts the whole table on each page
    list_select_related = ("tenant",)
    ordering = ("-id",)
    actions = ("replay_selected",)
    change_form_template = "admin/connector/auditentry/entry.html"
    fieldsets = (
        (None, {"fields": ("told", "before_after")}),
        ("What it is about", {"fields": ("tenant", "entity", "number", "party", "mapping")}),
        ("Where", {"fields": ("board_id", "item_id")}),
        ("Technical", {"classes": ("collapse",), "fields": audit_pages.TECHNICAL}),
    )

    @admin.display(description="document", ordering="number")
    def document(self, entry: AuditEntry) -> str:
        return " · ".join(part for part in (entry.number or entry.record_key, entry.party) if part)

    @admin.display(description="what happened")
    def what(self, entry: AuditEntry) -> str:
        return audit_pages.sentence(entry)

    @admin.display(description="what happened")
    def told(self, entry: AuditEntry) -> SafeString:
        return format_html("<p>{}</p><p>{}</p>", audit_pages.sentence(entry), entry.remedy)

    @admin.display(description="before → after")
    def before_after(self, entry: AuditEntry) -> SafeString:
        return audit_pages.changes_table(entry)

    @admin.display(description="mapping")
    def mapping(self, entry: AuditEntry) -> str:
        version = f" (version {entry.mapping_version})" if entry.mapping_version else ""
        return f"{entry.mapping_name}{version}"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("error_detail")

    # --- replay -------------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        one = path(
            "<int:pk>/replay/",
            self.admin_site.admin_view(require_POST(self.replay_one)),
            name="connector_auditentry_replay",
        )
        return [one, *super().get_urls()]

    def replay_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = self.get_queryset(request).filter(pk=pk)
        if not entry.exists():
            raise Http404("There is no such audit entry.")
        self._replay(request, entry)
        return HttpResponseRedirect(reverse("admin:connector_auditentry_change", args=[pk]))

    @admin.action(description="Replay selected", permissions=["replay"])
    def replay_selected(
        self, request: HttpRequest, entries: QuerySet[AuditEntry]
    ) -> HttpResponse | None:
        """A counted preview first, then the replay."""
        if "confirmed" in request.POST:
            self._replay(request, entries)
            return None
        chosen = self._replayable(request, entries)
        context = {
            **self.admin_site.each_context(request),
            "title": "Replay selected",
            "preview": replay.preview_entries(chosen),
            "left_out": entries.count() - chosen.count(),
            # What was chosen on the page; all that the filter finds is asked for again, not listed.
            "across": request.POST.get("select_across") == "1",
            "selected": request.POST.getlist("_selected_action"),
        }
        return TemplateResponse(request, "admin/connector/auditentry/replay.html", context)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Role.OPERATOR)

    def _replayable(
        self, request: HttpRequest, entries: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return replay.replayable_entries(self.where_may(request, entries, Role.OPERATOR))

    def _replay(self, request: HttpRequest, entries: QuerySet[AuditEntry]) -> None:
        chosen = self._replayable(request, entries)
        number = replay.replay_entries(chosen, actor=request.user.get_username())
        if number:
            one = "1 delivery waits" if number == 1 else f"{number} deliveries wait"
            messages.success(request, f"{one} to be sent again.")
        else:
            messages.info(
                request, "Nothing to replay: delivered since, or your role does not allow it."
            )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        known = object_id.isascii() and object_id.isdigit()
        entry = self.get_queryset(request).filter(pk=object_id if known else None)
        can = self._replayable(request, entry).exists()
        story = audit_pages.story(entry.first())
        context = {**(extra_context or {}), "can_replay": can, "story": story}
        return super().change_view(request, object_id, form_url, context)


@admin.register(RecordLink)
class RecordLinkAdmin(ReadOnlyAdmin):
    """Where each record stands on each board."""

    list_display = ("record", "mapping", "state", "item_id", "failure_happened", "delivered_at")
    list_filter = ("state", CauseFilter)
    list_select_related = ("record", "mapping")
    search_fields = ("record__number",)
    find = staticmethod(links_found)
    search_help_text = "Document number, supplier or item id"
    ordering = ("-id",)
    fields = (
        *("record", "mapping", "state", "item_id", "delivered", "parked", "delivered_at"),
        *("attempts", "not_before", "failure_happened", "failure_remedy", "failure_fixer"),
    )


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    """The account of each pass."""

    list_display = (
        *("started_at", "mapping", "trigger", "read", "created", "updated", "archived"),
        *("unchanged", "excluded", "failed", "superseded", "finished_at"),
    )
    list_filter = ("trigger",)
    list_select_related = ("mapping",)

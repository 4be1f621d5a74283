"""The versions of a mapping, and what changed between two of them."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase

from connector.wizard.drafts import Desk
from connector.wizard.pages import step_page
from mappings.content import Content
from mappings.models import MappingVersion
from mappings.services import mapping_content, version_diff
from tenants.access import TenantRequest, role_required
from tenants.models import Role

DRAFT = "draft"


@role_required(Role.OWNER)
def versions(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    """``old`` and ``new``: version numbers, or ``draft``; by default the last two."""
    desk = Desk(request, mapping_id)
    rows = list(MappingVersion.objects.filter(mapping=desk.mapping))
    known = {str(row.number): Content.load(row.content) for row in rows}
    known.setdefault(str(desk.mapping.version), mapping_content(desk.mapping))
    if desk.draft is not None:
        known[DRAFT] = desk.content
    names = sorted(known, key=lambda name: int(name) if name != DRAFT else 10**9)
    new = request.GET.get("new") or names[-1]
    old = request.GET.get("old") or names[max(names.index(new) - 1, 0) if new in names else 0]
    if old not in known or new not in known:
        raise Http404("This mapping has no such version.")
    context = {
        "desk": desk,
        "rows": rows,
        "names": names,
        "old": old,
        "new": new,
        "changes": version_diff(desk.mapping, old=known[old], new=known[new]),
    }
    return step_page(
        request, "pair", context, mapping=desk.mapping, template="wizard/versions.html"
    )

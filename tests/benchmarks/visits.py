"""Every page there is, from the URL configuration itself: a new one is measured or fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from connector.console.blockades import drift_id
from connector.models import AuditEntry
from mappings.models import BoardMapping
from tests.connector.console.addresses import ADDRESSES, TENANTS, every_route
from tests.connector.console.conftest import Workspace
from tests.connector.console.outer_addresses import (
    BY_PROOF,
    HOST,
    OPEN,
    PAGES,
    ROWS,
    least,
    row_of,
)

# No pages, of people with a second factor, or asked for by a code from an e-mail or a system.
NO_PAGES = {
    *("account_logout", "admin:logout", "admin:view_on_site", "admin:app_list", "admin:None"),
    *("admin:autocomplete", "admin:auth_user_password_change"),
    *("admin:connector_auditentry_replay", "mfa_download_recovery_codes"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes"),
    *BY_PROOF,
}
RECORDS = {
    "by number": "?q=N1234",
    "by supplier": "?q=Leverand%C3%B8r+77",
    "by item": "?q=5001234",
    "by a common part": "?q=lev",
    "failed": "?state=failed",
    "delivered": "?state=delivered",
    "of one entity": "?entity=supplier_invoice",
    "last page": "?page=4000",
}
LISTS = {
    "connector_auditentry": {
        "by number": "?q=N1234",
        "by supplier": "?q=Leverand%C3%B8r+77",
        "by item": "?q=5001234",
        "by request": "?q=c4ca4238a0b923820dcc509a6f75849b",
        "by person": "?q=kari%40example.test",
        "by a common part": "?q=lev",
        "of failures": "?outcome__exact=failed",
        "of people": "?actor=people",
        "of one entity": "?entity=supplier_invoice",
        "of today": "?at__gte=2026-01-01+00%3A00%3A00%2B00%3A00",
        "page 200": "?p=200",
    },
    "connector_recordlink": {
        "by number": "?q=N1234",
        "by supplier": "?q=Leverand%C3%B8r+77",
        "failed": "?state__exact=failed",
        "of a cause": "?failure_code=label_missing",
    },
}


@dataclass(frozen=True)
class Visit:
    """One page as one person asks for it; ``before``: what is done each time, unmeasured."""

    name: str
    url: str
    who: str = "owner"
    before: Callable[[], object] = lambda: None


def visits(workspace: Workspace) -> Iterator[Visit]:
    for name, route in every_route():
        if route.startswith(TENANTS):
            yield from _inside(name, workspace)
        elif name not in NO_PAGES:
            yield from _outside(name, workspace)


def _inside(name: str, workspace: Workspace) -> Iterator[Visit]:
    """What is asked for with POST is an act, and no page."""
    address, slug = ADDRESSES[name], workspace.tenant.slug
    if address.method != "get":
        return
    ids = a_drift(workspace) if name == "console:mend" else address.ids(workspace)
    url = reverse(name, kwargs={"tenant": slug, **ids})
    yield Visit(name, url)
    if name in ("console:records", "console:records_export"):
        for words, query in RECORDS.items():
            yield Visit(f"{name} {words}", url + query)
    if name == "wizard:pair":
        yield Visit(f"{name}, board read anew", url, before=forget_boards)
        yield Visit(f"{name}, a record looked for", f"{url}?find=N1234")


def a_drift(workspace: Workspace) -> dict[str, str]:
    mapping = BoardMapping.objects.get(pk=workspace.mapping.pk)
    return {"drift_id": drift_id(mapping, mapping.drift[0])}


def forget_boards() -> None:
    BoardMapping.objects.update(board_read_at=None)


def _outside(name: str, workspace: Workspace) -> Iterator[Visit]:
    model, _, page = name.removeprefix("admin:").rpartition("_")
    if model in HOST and page in PAGES:
        if page in ("changelist", "add"):  # of rows that a crowd of records has no part in
            yield Visit(name, reverse(name), "host")
    elif model in ROWS and page in PAGES:
        yield from _rows(name, model, page, workspace)
    else:
        yield Visit(name, reverse(name), "visitor" if name in OPEN else "owner")


def _rows(name: str, model: str, page: str, workspace: Workspace) -> Iterator[Visit]:
    if least(model, page) is None:
        return  # nobody's
    if page not in ("changelist", "add"):
        yield Visit(name, reverse(name, args=[row_of(model, workspace).pk]))
    else:
        yield Visit(name, reverse(name))
    if page == "changelist":
        for words, query in LISTS.get(model, {}).items():
            yield Visit(f"{name} {words}", reverse(name) + query)
    if (model, page) == ("connector_auditentry", "change"):
        newest = AuditEntry.objects.of(workspace.tenant).latest("pk").pk
        yield Visit(f"{name}, the newest", reverse(name, args=[newest]))

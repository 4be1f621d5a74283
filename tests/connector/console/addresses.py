"""Every address below /t/<tenant>/: who may use it, and how it is asked for one's own things.

A new route fails the tests until it has a line here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from connector.console.blockades import drift_id
from connector.console.causes import causes_of
from connector.console.receiving import receipt_causes_of
from connector.models import LinkState, RecordLink
from tenants.models import Role
from tests.connector.console.conftest import Workspace, lose_a_column

Ids = Callable[[Workspace], dict[str, Any]]


def no_ids(workspace: Workspace) -> dict[str, Any]:
    return {}


def a_failed_link(workspace: Workspace) -> dict[str, Any]:
    links = RecordLink.objects.filter(mapping=workspace.mapping, state=LinkState.FAILED)
    return {"link_id": links.get().pk}


def a_refused_receipt(workspace: Workspace) -> dict[str, Any]:
    workspace.refuse_receipt()
    return {"cause_id": receipt_causes_of(workspace.tenant)[0].id}


def a_mapping(workspace: Workspace) -> dict[str, Any]:
    return {"mapping_id": workspace.mapping.pk}


def a_drift(workspace: Workspace) -> dict[str, Any]:
    entry = lose_a_column(workspace)
    return {"drift_id": drift_id(workspace.mapping, entry)}


def a_run(workspace: Workspace) -> dict[str, Any]:
    return {"run_id": workspace.run.pk}


def a_record(workspace: Workspace) -> dict[str, Any]:
    link = RecordLink.objects.filter(mapping=workspace.mapping).earliest("pk")
    return {"entity": link.record.entity, "key": link.record.key}


def a_colleague(workspace: Workspace) -> dict[str, Any]:
    return {"membership_id": workspace.colleague.pk}


def an_entity(workspace: Workspace) -> dict[str, Any]:
    """A word of the catalogue: the same for every tenant."""
    return {"entity": "supplier_invoice"}


@dataclass(frozen=True)
class Address:
    """``least``: the role it takes. ``ids``: what stands in the address, for a workspace."""

    least: Role = Role.AUDITOR
    ids: Ids = no_ids
    method: str = "get"
    body: tuple[tuple[str, str], ...] = ()


CONSOLE = {
    "console:home": Address(),
    "console:attention": Address(),
    "console:replay_cause": Address(
        Role.OPERATOR, lambda w: {"cause_id": causes_of(w.tenant)[0].id}
    ),
    "console:replay_receipts": Address(Role.OPERATOR, a_refused_receipt),
    "console:mend_label": Address(Role.OWNER, lambda w: {"cause_id": causes_of(w.tenant)[0].id}),
    "console:mend": Address(Role.OWNER, a_drift),
    "console:look": Address(Role.OPERATOR, a_mapping, "post"),
    "console:records": Address(),
    "console:records_export": Address(),
    "console:replay_one": Address(Role.OPERATOR, a_failed_link, "post"),
    "console:record": Address(ids=a_record),
    "console:mappings": Address(),
    "console:mapping": Address(ids=a_mapping),
    "console:mapping_pause": Address(Role.OWNER, a_mapping, "post"),
    "console:mapping_resume": Address(Role.OWNER, a_mapping, "post"),
    "console:mapping_webhooks": Address(Role.OWNER, a_mapping, "post", (("webhooks", "on"),)),
    "console:connections": Address(),
    "console:connection": Address(ids=lambda w: {"system": "visma", "connection_id": w.visma.pk}),
    "console:connection_test": Address(
        Role.OPERATOR, lambda w: {"system": "monday", "connection_id": w.monday.pk}, "post"
    ),
    "console:credentials": Address(
        Role.OWNER, lambda w: {"system": "monday", "connection_id": w.monday.pk}
    ),
    "console:webhooks_heard": Address(ids=lambda w: {"connection_id": w.visma.pk}),
    "console:webhook_key": Address(
        Role.OWNER, lambda w: {"connection_id": w.visma.pk}, "post", (("key", "canary"),)
    ),
    "console:budget": Address(),
    "console:audit": Address(),
    "console:runs": Address(),
    "console:run": Address(ids=a_run),
    "console:run_records": Address(ids=lambda w: {**a_run(w), "outcome": "created"}),
}
PEOPLE = {
    "people:members": Address(),
    "people:invite": Address(
        Role.OWNER, method="post", body=(("email", "n@example.test"), ("role", "auditor"))
    ),
    "people:withdraw": Address(Role.OWNER, lambda w: {"invitation_id": w.invitation.pk}, "post"),
    "people:change_role": Address(Role.OWNER, a_colleague, "post", (("role", "operator"),)),
    "people:remove": Address(Role.OWNER, a_colleague),
}
# The setup is the owner's alone. What is only asked for with GET stands first.
WIZARD = {
    **{
        f"wizard:{name}": Address(Role.OWNER)
        for name in ("start", "workspace", "visma", "monday", "what")
    },
    **{
        f"wizard:{name}": Address(Role.OWNER, a_mapping)
        for name in (
            "pair",
            "options",
            "receiving",
            "position",
            "table",
            "check",
            "live",
            "started",
            "versions",
        )
    },
    **{
        f"wizard:{name}": Address(Role.OWNER, a_mapping, "post")
        for name in ("finish", "remove", "accept", "key", "find", "add_column", "reread", "discard")
    },
    "wizard:visma_check": Address(Role.OWNER, lambda w: {"connection_id": w.visma.pk}, "post"),
    "wizard:monday_check": Address(Role.OWNER, lambda w: {"connection_id": w.monday.pk}, "post"),
    "wizard:ready": Address(Role.OWNER, an_entity, "post"),
    "wizard:boards": Address(Role.OWNER, an_entity),
    "wizard:row": Address(Role.OWNER, lambda w: {**a_mapping(w), "column": "no"}, "post"),
    "wizard:labels": Address(Role.OWNER, lambda w: {**a_mapping(w), "column": "no"}, "post"),
}
SIGN_INS = {
    "sign_ins:monday": Address(Role.OWNER, method="post"),
    "sign_ins:monday_again": Address(Role.OWNER, lambda w: {"connection_id": w.monday.pk}, "post"),
}
ADDRESSES: dict[str, Address] = {**SIGN_INS, **CONSOLE, **PEOPLE, **WIZARD}


TENANTS = "t/<slug:tenant>/"


def routes() -> Iterator[str]:
    """The names of all routes of a workspace, from the URL configuration itself."""
    return (name for name, route in every_route() if route.startswith(TENANTS))


def every_route() -> Iterator[tuple[str, str]]:
    return _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Any, space: str, route: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, space + inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", here

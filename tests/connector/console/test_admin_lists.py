"""Django admin's long lists: what a search finds, and how far is counted."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connector import admin_lists
from connector.models import Action, AuditEntry, LinkState, Outcome
from tenants.models import Role
from tests.connector.console.conftest import Workspace, signed_in

pytestmark = pytest.mark.django_db
AUDIT = "/admin/connector/auditentry/"
LINKS = "/admin/connector/recordlink/"


@pytest.fixture
def told(workspace: Workspace) -> Workspace:
    """Beside two records: an entry with a request id, and an act of a person."""
    facts: dict[str, Any] = {"tenant": workspace.tenant, "at": timezone.now()}
    AuditEntry.objects.create(
        **facts,
        actor="ml-connector",
        action=Action.UPDATE,
        outcome=Outcome.FAILED,
        number="A-77",
        request_id="4be9-request",
    )
    AuditEntry.objects.create(
        **facts, actor="kari@example.test", action=Action.PAUSE, outcome=Outcome.DONE
    )
    return workspace


def found(client: Client, address: str, words: str) -> list[str]:
    answer = client.get(address, {"q": words})
    return sorted(str(row) for row in answer.context["cl"].result_list)


@pytest.mark.parametrize(
    ("words", "entries"),
    [
        ("200001", ["Create item 200001: done"]),
        ("20000", ["Create item 200001: done", "Create item 200002: failed"]),
        ("1000001", ["Create item 200001: done"]),
        ("Ødegård", ["Create item 200001: done", "Create item 200002: failed"]),
        ("a-77", ["Update item A-77: failed"]),
        ("4be9-request", ["Update item A-77: failed"]),
        ("kari@example.test", ["Pause : done"]),
        ("ml-connector", []),
        ("nobody", []),
        ("%", []),
    ],
)
def test_the_audit_is_searched_by_number_supplier_item_request_and_person(
    words: str, entries: list[str], told: Workspace
) -> None:
    assert found(signed_in(Role.AUDITOR, told), AUDIT, words) == entries


@pytest.mark.parametrize("words", ["200001", "Ødegård", "4be9-request", "kari@example.test"])
def test_a_search_finds_nothing_of_another_tenant(
    words: str, told: Workspace, foreign: Workspace
) -> None:
    theirs = {str(entry) for entry in AuditEntry.objects.filter(tenant=foreign.tenant)}

    assert set(found(signed_in(Role.OWNER, foreign), AUDIT, words)) <= theirs


def test_links_are_searched_and_filtered_by_cause(told: Workspace) -> None:
    told.add(3, LinkState.FAILED, failure_code="column_gone")
    auditor = signed_in(Role.AUDITOR, told)

    assert len(found(auditor, LINKS, "200003")) == 1
    answer = auditor.get(LINKS, {"failure_code": "column_gone"})
    assert [link.record.number for link in answer.context["cl"].result_list] == ["200003"]


def test_a_very_long_list_says_that_it_shows_the_newest(
    told: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_lists, "MOST_COUNTED", 2)

    answer = signed_in(Role.AUDITOR, told).get(AUDIT)

    assert answer.context["cl"].result_count == 2
    assert b"These are the newest." in answer.content

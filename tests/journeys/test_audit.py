"""A member follows a failed delivery through the audit trail and replays it."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from connector.models import (
    Action,
    AuditEntry,
    LinkState,
    Outcome,
    RecordLink,
    SourceRecord,
)
from mappings.models import BoardMapping
from tests.journeys.doors import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def failed(mapping: BoardMapping) -> RecordLink:
    """An invoice that could not be written, and the entry that says why."""
    record = SourceRecord.objects.create(
        connection=mapping.visma,
        entity=mapping.entity,
        key="Invoice:000123",
        number="000123",
        party="Grønn Frakt AS",
        payload='{"documentType":"Invoice","referenceNumber":"000123"}',
        content_hash="0" * 64,
        modified_at="2026-11-20T10:00:00",
        changed_at=timezone.now(),
    )
    link = RecordLink.objects.create(mapping=mapping, record=record, state=LinkState.FAILED)
    AuditEntry.objects.create(
        tenant=mapping.tenant,
        at=timezone.now(),
        actor="ml-connector",
        action=Action.CREATE,
        outcome=Outcome.FAILED,
        number=record.number,
        party=record.party,
        message="The board has no label “Open”.",
        link=link,
    )
    return link


@pytest.mark.smoke
def test_a_failed_delivery_is_replayed_from_its_audit_entry(
    page: Page, bob: User, failed: RecordLink
) -> None:
    sign_in(page, bob)
    page.goto("/admin/connector/auditentry/")
    page.get_by_role("row", name="000123").get_by_role("link").first.click()
    page.get_by_role("button", name="Replay").click()

    expect(page.get_by_text("1 delivery waits to be sent again.")).to_be_visible()
    failed.refresh_from_db()
    assert failed.state == LinkState.WAITING


def test_a_stranger_finds_no_entry_of_another_tenant(
    page: Page, charlie: User, failed: RecordLink
) -> None:
    sign_in(page, charlie)
    page.goto("/admin/connector/auditentry/")

    expect(page.get_by_role("heading", name="Select audit entry to view")).to_be_visible()
    expect(page.get_by_text("000123")).to_have_count(0)

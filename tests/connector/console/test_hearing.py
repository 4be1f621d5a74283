"""The page of a Visma connection says what its webhooks bring, and only owners see the address."""

from datetime import date

import pytest
from django.test import Client

from connector.models import AuditEntry, FirstFound
from connector.sync import hints
from connector.visma.webhooks import EVENTS, IN_THE_PORTAL
from mappings.models import BoardMapping
from tenants.models import VismaConnection
from tests.connector.console.conftest import Workspace

pytestmark = pytest.mark.django_db
LIST = "/t/nordlys/connections/visma/"


@pytest.fixture
def mapping(workspace: Workspace) -> BoardMapping:
    return workspace.mapping


def page(client: Client, mapping: BoardMapping) -> str:
    return client.get(f"{LIST}{mapping.visma_id}/").content.decode()


def test_an_owner_sees_the_address_and_an_auditor_does_not(
    owner: Client, auditor: Client, mapping: BoardMapping
) -> None:
    address = mapping.visma.webhook_url

    assert address in page(owner, mapping)
    assert mapping.visma.webhook_path not in page(auditor, mapping)


def test_the_steps_name_the_events_of_what_is_mapped_and_the_approval(
    owner: Client, mapping: BoardMapping
) -> None:
    shown = " ".join(page(owner, mapping).split())
    BoardMapping.objects.filter(pk=mapping.pk).update(entity="purchase_receipt")
    of_receipts = " ".join(page(owner, mapping).split())

    assert "My Subscriptions → New" in shown
    assert "approve the webhook scope in Visma App Store" in shown
    assert "AP Invoice: Status Changed, and no other" in shown
    assert "Purchase Order: Changed" not in shown
    assert "tells nothing of Purchase receipts" in of_receipts


def test_before_anything_is_mapped_the_steps_name_all_events(
    owner: Client, mapping: BoardMapping
) -> None:
    BoardMapping.objects.filter(pk=mapping.pk).delete()
    shown = page(owner, mapping)

    assert all(names in shown for names in IN_THE_PORTAL.values())


def test_each_event_that_is_read_has_a_name_in_the_portal() -> None:
    assert set(IN_THE_PORTAL) == {entity for _, entity in EVENTS}


def test_it_waits_for_the_first_call_and_says_what_came(
    owner: Client, mapping: BoardMapping
) -> None:
    before = page(owner, mapping)
    facts = {"event": "apinvoice_statuschanged", "entity": "supplier_invoice"}
    hints.keep(mapping.visma, b"{}", dedupe_id="n-1", verified=True, key="Invoice:205501", **facts)
    after = owner.get(f"{LIST}{mapping.visma_id}/heard/").content.decode()

    assert "No call has come yet" in before
    assert "every 3s" in before
    assert all(
        words in after
        for words in ("1 call in the last 30 days", facts["event"], "205501", "is right")
    )
    assert "every 3s" not in after


@pytest.mark.parametrize("event", hints.OURS)
def test_what_we_note_for_ourselves_is_no_call(
    owner: Client, mapping: BoardMapping, event: str
) -> None:
    facts = {"event": event, "entity": "supplier", "key": "50001"}
    hints.keep(mapping.visma, b"", dedupe_id="ours-1", verified=True, **facts)

    assert "No call has come yet" in page(owner, mapping)


def test_the_gap_meter_stands_on_the_page_week_by_week(
    owner: Client, mapping: BoardMapping
) -> None:
    FirstFound.objects.create(
        connection=mapping.visma,
        entity="supplier_invoice",
        week=date(2026, 11, 23),
        by_webhook=71,
        by_poll=13,
    )
    shown = page(owner, mapping)

    assert all(words in shown for words in ("23 Nov 2026", ">71<", ">13<"))


def test_a_key_is_stored_sealed_and_noted_and_never_shown(
    owner: Client, mapping: BoardMapping
) -> None:
    answer = owner.post(
        f"{LIST}{mapping.visma_id}/key/", {"key": " portal-key-1, portal-key-2 "}, follow=True
    )

    assert VismaConnection.objects.get().webhook_key == "portal-key-1, portal-key-2"
    assert "portal-key" not in answer.content.decode()
    assert "signing key" in AuditEntry.objects.latest("pk").message

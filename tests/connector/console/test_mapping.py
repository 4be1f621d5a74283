"""A mapping's page: its pairs, and what is wrong with them."""

import pytest
from django.test import Client

from connector.models import AuditEntry, BoardWebhook, LabelColumn
from tests.connector.console.conftest import Workspace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("problem", ["", "The user may not change columns."])
def test_labels_that_cannot_follow_visma_say_why(
    workspace: Workspace, auditor: Client, problem: str
) -> None:
    mapping = workspace.mapping
    mapping.pairings.filter(column_id="no").update(labels=True)
    LabelColumn.objects.create(mapping=mapping, column_id="no", problem=problem)

    page = auditor.get(f"/t/{mapping.tenant.slug}/mappings/{mapping.pk}/").content.decode()

    assert page.count("labels in step with Visma") == 1
    assert ("Labels do not follow Visma: The user may not" in page) == bool(problem)


def test_what_becomes_of_deleted_records_and_the_buckets_of_ageing_are_told(
    workspace: Workspace, auditor: Client
) -> None:
    mapping = workspace.mapping
    address = f"/t/{mapping.tenant.slug}/mappings/{mapping.pk}/"
    before = auditor.get(address).content.decode()
    mapping.filter = {"when_deleted": "leave", "ageing_limits": [7, 14]}
    mapping.save()

    after = auditor.get(address).content.decode()

    assert "<dd>Archive the item</dd>" in before
    assert "Ageing buckets" not in before
    assert "<dd>Leave the item as it is</dd>" in after
    assert "<dd>7, 14 days</dd>" in after


@pytest.mark.parametrize(
    ("kind", "told"), [("text", "Once, always"), ("date", "you are asked"), (None, "you are asked")]
)
def test_the_guarantee_is_what_the_board_allows_now(
    workspace: Workspace, auditor: Client, kind: str | None, told: str
) -> None:
    mapping = workspace.mapping
    mapping.key_column = "key"
    others = [column for column in mapping.board_columns if column["id"] != "key"]
    key = [{"id": "key", "title": "Visma key", "type": kind}] if kind else []
    mapping.board_columns = [*others, *key]
    mapping.save()

    page = auditor.get(f"/t/{mapping.tenant.slug}/mappings/{mapping.pk}/").content.decode()

    assert told in page
    assert ("Each item carries its record’s Visma key" in page) == (kind == "text")


def test_a_dry_run_is_told_on_the_mapping_and_on_the_record(
    workspace: Workspace, auditor: Client
) -> None:
    told = "Would make a receipt of order 500254 (2 lines, quantity 12) and release it."
    receipt = workspace.refuse_receipt(state="dry", happened=told, remedy="")
    mapping, record = workspace.mapping, receipt.link.record
    mapping.receive = {**mapping.receive, "dry": True}
    mapping.save()

    pages = [
        auditor.get(f"/t/{mapping.tenant.slug}/{path}").content.decode()
        for path in (f"mappings/{mapping.pk}/", f"records/{record.entity}/{record.key}/")
    ]

    assert [told in page and "Dry run" in page for page in pages] == [True, True]
    assert "Nothing is written to Visma, and nothing to the board." in pages[0]
    assert "setup" not in pages[0].partition("Receiving goods")[2]  # an auditor changes nothing


def test_an_owner_switches_the_webhooks_of_a_board_on_and_off(
    workspace: Workspace, owner: Client
) -> None:
    mapping = workspace.mapping
    address = f"/t/{mapping.tenant.slug}/mappings/{mapping.pk}/"
    shown = []
    for wanted in ("on", "off"):
        owner.post(f"{address}webhooks/", {"webhooks": wanted})
        mapping.refresh_from_db()
        shown.append((mapping.webhooks, "Switch off" in owner.get(address).content.decode()))

    assert shown == [(True, True), (False, False)]
    assert "switched the webhooks of" in AuditEntry.objects.latest("pk").message


def test_what_stands_in_the_way_of_a_webhook_is_told_on_the_mapping(
    workspace: Workspace, auditor: Client
) -> None:
    mapping = workspace.mapping
    mapping.webhooks = True
    mapping.save()
    BoardWebhook.objects.create(
        monday=mapping.monday,
        board_id=mapping.board_id,
        event="create_column",
        problem="monday did not reach the address.",
    )

    page = auditor.get(f"/t/{mapping.tenant.slug}/mappings/{mapping.pk}/").content.decode()

    assert "0 of 4 are on the board" in page
    assert "monday did not reach the address. monday must reach http://localhost:8000" in page
    assert "Switch" not in page  # an auditor changes nothing

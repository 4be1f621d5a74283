"""Needs attention: causes with their money, and Replay with its effect."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connector.console.causes import causes_of
from connector.console.receiving import receipt_causes_of
from connector.models import (
    AuditEntry,
    BoardLane,
    BoardReading,
    GoodsReceipt,
    LinkState,
    ReceiptState,
    RecordLink,
    SourceRecord,
    SyncRun,
)
from connector.sync import drift, items
from mappings.models import BoardMapping
from tenants.services import connection_needs_person
from tests.connector.console.conftest import Workspace, lose_a_column

pytestmark = pytest.mark.django_db
PAGE = "/t/nordlys/attention/"


def causes(client: Client) -> list[Any]:
    found: list[Any] = client.get(PAGE).context["causes"]
    return found


def test_failures_with_one_reason_are_one_cause_with_the_money_at_stake(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.add(3, LinkState.FAILED)
    workspace.add(4, LinkState.FAILED)
    SourceRecord.objects.filter(number="200004").update(currency="EUR", amount=Decimal("10.50"))

    [cause] = causes(auditor)

    assert cause.count == 3
    assert dict(cause.stakes) == {"NOK": Decimal("2469.12"), "EUR": Decimal("10.50")}


def test_uncertain_stands_apart_and_cannot_be_replayed(
    workspace: Workspace, operator: Client
) -> None:
    workspace.add(3, LinkState.UNCERTAIN)

    found = {cause.state: cause for cause in causes(operator)}
    answer = operator.get(f"{PAGE}{found[LinkState.UNCERTAIN].id}/replay/")

    assert not found[LinkState.UNCERTAIN].is_replayable
    assert answer.status_code == 404


def test_the_count_of_a_cause_leads_to_exactly_its_records(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.add(3, LinkState.FAILED, failure_happened="Another reason.")
    cause = next(c for c in causes(auditor) if c.happened == "Another reason.")

    answer = auditor.get("/t/nordlys/records/", {"cause": cause.id})

    assert [link.record.number for link in answer.context["page"].items] == ["200003"]


def test_replay_shows_its_effect_before_anything_happens(
    workspace: Workspace, operator: Client
) -> None:
    [cause] = causes_of(workspace.tenant)

    answer = operator.get(f"{PAGE}{cause.id}/replay/")

    preview = answer.context["preview"]
    assert (preview.create, preview.update, preview.calls) == (1, 0, 1)
    assert RecordLink.objects.get(record__number="200002").state == LinkState.FAILED


def test_replay_leads_to_the_run_and_is_signed(workspace: Workspace, operator: Client) -> None:
    [cause] = causes_of(workspace.tenant)

    answer = operator.post(f"{PAGE}{cause.id}/replay/")

    run = SyncRun.objects.get(trigger="replay")
    assert answer["Location"] == f"/t/nordlys/runs/{run.pk}/"
    assert RecordLink.objects.get(record__number="200002").state == LinkState.WAITING
    assert AuditEntry.objects.get(action="replay").actor == "operator-nordlys@example.test"


def test_replaying_twice_finds_nothing_the_second_time(
    workspace: Workspace, operator: Client
) -> None:
    [cause] = causes_of(workspace.tenant)
    operator.post(f"{PAGE}{cause.id}/replay/")

    again = operator.post(f"{PAGE}{cause.id}/replay/")

    assert again.status_code == 404
    assert SyncRun.objects.filter(trigger="replay").count() == 1


def test_an_auditor_sees_the_cause_and_no_button(workspace: Workspace, auditor: Client) -> None:
    page = auditor.get(PAGE).content.decode()

    assert "Column “Status” has no label “Open”." in page
    assert "/replay/" not in page


def test_a_paused_board_is_one_cause_with_what_waits_behind_it(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.add(3, LinkState.WAITING)
    BoardLane.objects.update(
        paused_code="board_gone",
        paused_reason="The board “AP invoices” is archived in monday.com.",
        paused_remedy="Restore the board in monday.com.",
        paused_at=timezone.now(),
    )

    [blockade] = auditor.get(PAGE).context["blockades"]

    assert (blockade.kind, blockade.waiting.count) == ("board", 1)
    assert blockade.trouble.remedy == "Restore the board in monday.com."


def test_a_connection_that_needs_a_person_is_told_once(
    workspace: Workspace, auditor: Client
) -> None:
    connection_needs_person(workspace.monday, happened="The token was revoked.", remedy="Renew it.")
    BoardLane.objects.update(paused_code="not_connected", paused_reason="x")

    blockades = auditor.get(PAGE).context["blockades"]

    assert [blockade.kind for blockade in blockades] == ["connection"]


def test_a_deleted_column_says_how_many_records_lack_its_value(
    workspace: Workspace, auditor: Client
) -> None:
    lose_a_column(workspace)

    [blockade] = auditor.get(PAGE).context["blockades"]

    assert (blockade.kind, blockade.waiting.count) == ("drift", 1)
    assert "“Due date” was deleted" in blockade.trouble.happened
    assert "1 supplier invoice lacks this one value" in blockade.trouble.meaning


def test_a_mended_column_is_no_longer_told(workspace: Workspace, auditor: Client) -> None:
    lose_a_column(workspace)
    workspace.mapping.drift[0]["over"] = True
    workspace.mapping.save()

    assert auditor.get(PAGE).context["blockades"] == []


def test_a_workspace_without_trouble_says_so(workspace: Workspace, auditor: Client) -> None:
    RecordLink.objects.filter(state=LinkState.FAILED).delete()

    assert "Nothing needs you" in auditor.get(PAGE).content.decode()


def test_refused_receipts_are_one_cause_with_words_and_who_can_mend_it(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.refuse_receipt()
    workspace.refuse_receipt(item_id="2", happened="Order 500255 is Hold in Visma.")
    workspace.refuse_receipt(item_id="3", answered=True)

    answer = auditor.get(PAGE)
    [cause] = answer.context["receipt_causes"]
    page = " ".join(answer.content.decode().split())

    assert cause.count == 2
    assert "“Received” made no receipt: goods cannot be received on orders in this state" in page
    assert "Order 500255 is Hold in Visma." in page
    assert "A Visma administrator" in page
    assert "An operator can replay these." in page


def test_replaying_refused_receipts_is_counted_first_and_signed(
    workspace: Workspace, operator: Client
) -> None:
    workspace.refuse_receipt(number="000210")
    [cause] = receipt_causes_of(workspace.tenant)
    address = f"{PAGE}receiving/{cause.id}/replay/"

    shown = operator.get(address).context["cause"]
    tries = GoodsReceipt.objects.count()
    answer = operator.post(address)
    again = GoodsReceipt.objects.latest("pk")

    assert (shown.count, shown.begun, tries) == (1, 1, 1)
    assert answer["Location"] == f"/t/nordlys/mappings/{workspace.mapping.pk}/"
    assert (again.state, again.replayed) == (ReceiptState.WAITING, True)
    assert AuditEntry.objects.get(action="replay").actor == "operator-nordlys@example.test"
    assert receipt_causes_of(workspace.tenant) == []
    assert operator.post(address).status_code == 404


LATE = timedelta(minutes=11)
JUST_NOW = timedelta(minutes=3)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": "waiting", "waits_since": LATE}, "goods may not be in Visma's stock yet"),
        ({"state": "sent", "sent_at": LATE}, "Nobody knows yet whether Visma has made the receipt"),
        ({"state": "made", "status": "Released", "waits_since": LATE}, "are in Visma's stock"),
        ({"state": "done", "told": False, "waits_since": LATE}, "not told on the item yet"),
        (
            {"state": "done", "told": True, "on_hold": "waits", "waits_since": LATE},
            "supplier invoices may not be linked yet",
        ),
        (
            {"state": "done", "told": True, "on_hold": "comment", "waits_since": LATE},
            "could not be linked is not told on the item yet",
        ),
        ({"state": "done", "told": True, "on_hold": "waits"}, None),
        ({"state": "waiting", "waits_since": JUST_NOW}, None),
        ({"state": "done", "waits_since": LATE}, None),
    ],
)
def test_receipts_that_wait_for_long_are_told_with_what_they_wait_for(
    facts: dict[str, Any], told: str | None, workspace: Workspace, operator: Client
) -> None:
    now = timezone.now()  # of the test: a loaded machine comes here long after it was read
    facts = {k: now - v if isinstance(v, timedelta) else v for k, v in facts.items()}
    receipt = workspace.refuse_receipt(waits_for="Visma", waits_words="", **facts)

    answer = operator.get(PAGE)
    found = [each for each in answer.context["blockades"] if each.kind == "receipts"]
    page = " ".join(answer.content.decode().replace("&#x27;", "'").split())

    assert len(found) == (told is not None)
    assert told is None or told in page
    assert (receipt.link.record.key in page) == (told is not None)  # the way to its timeline
    assert "waits for Visma" in page if told else "waits for Visma" not in page


def test_a_lost_column_that_no_item_lacks_is_not_counted_with_a_zero(
    workspace: Workspace, operator: Client
) -> None:
    RecordLink.objects.update(item_id=None)
    lose_a_column(workspace)
    page = operator.get(PAGE).content.decode()

    assert "Nothing is missing on the board." in page
    assert "0 supplier invoices" not in page


def test_what_visma_has_said_about_a_receipt_is_told_as_its_words(
    workspace: Workspace, operator: Client
) -> None:
    since = timezone.now() - LATE
    workspace.refuse_receipt(
        state="made", waits_since=since, waits_for="Visma", waits_words="It is locked.", said=1
    )
    page = operator.get(PAGE).content.decode()

    assert "Visma says: It is locked." in page


@pytest.mark.parametrize(("label", "told"), [("Received", False), ("Arrived", True)])
def test_a_rule_whose_label_is_gone_from_the_board_is_told(
    label: str, told: bool, workspace: Workspace, owner: Client
) -> None:
    settings = {"labels": [{"id": 1, "label": label, "index": 1}]}
    column = {"id": "got", "title": "Received?", "type": "status", "settings": settings}
    workspace.mapping.board_columns = [*workspace.mapping.board_columns, column]
    workspace.mapping.receive = {"column": "got", "label": "Received"}
    workspace.mapping.save()

    page = " ".join(owner.get(PAGE).content.decode().split())

    assert ("“Received” on AP invoices cannot ask for receipts" in page) == told
    assert ("“Received?” has no label “Received”." in page) == told


def test_who_looks_now_sees_the_board_as_it_is_now(
    workspace: Workspace, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    BoardReading.objects.create(
        mapping=workspace.mapping, purpose="items key", cursor="next", began_at=now
    )
    kept: list[bool] = []
    monkeypatch.setattr(items, "compare", lambda mapping: kept.append(has_reading(mapping)))
    monkeypatch.setattr(drift, "look", lambda mapping: True)
    operator.post(f"{PAGE}board/{workspace.mapping.pk}/look/")

    assert kept == [False]


def has_reading(mapping: BoardMapping) -> bool:
    return BoardReading.objects.filter(mapping=mapping).exists()

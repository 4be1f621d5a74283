"""Home answers its three questions from the rows, and promises nothing more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from connector.models import AccountLimits, LinkState, RecordLink, Watermark
from connector.models.clock import database_now
from mappings.models import BoardMapping
from tests.connector.console.conftest import Workspace

pytestmark = pytest.mark.django_db
HOME = "/t/nordlys/"


def test_home_says_no_as_long_as_one_record_is_not_across(
    workspace: Workspace, auditor: Client
) -> None:
    page = " ".join(auditor.get(HOME).content.decode().split())

    assert "No: <a" in page
    assert "of 2 records are." in page


def test_home_says_yes_only_when_every_wanted_record_is_on_its_board(
    workspace: Workspace, auditor: Client
) -> None:
    RecordLink.objects.filter(state=LinkState.FAILED).update(state=LinkState.EXCLUDED)

    answer = auditor.get(HOME)

    assert answer.context["across"].is_all
    assert "Yes: all" in answer.content.decode()


def test_a_delivery_that_was_not_compared_is_not_green(
    workspace: Workspace, auditor: Client
) -> None:
    page = auditor.get("/t/nordlys/records/?state=delivered").content.decode()

    assert '<span class="state ">' in page
    assert "state good" not in page


def test_uncertain_is_counted_apart_from_failed(workspace: Workspace, auditor: Client) -> None:
    workspace.add(3, LinkState.UNCERTAIN)

    [tile] = auditor.get(HOME).context["tiles"]

    assert (tile.delivered, tile.failed, tile.uncertain) == (1, 1, 1)


def test_a_silent_stream_is_about_to_break(workspace: Workspace, auditor: Client) -> None:
    Watermark.objects.update(last_complete_at=timezone.now() - timedelta(hours=2))

    [warning] = auditor.get(HOME).context["outlook"]

    assert "Visma was last read 2 h ago" in warning.words


def test_the_first_cause_is_named_without_quotes_around_its_own(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.refuse_receipt(state="waiting", waits_since=timezone.now() - timedelta(hours=1))
    page = auditor.get(HOME).content.decode()

    assert "“Received” on " in page
    assert "““" not in page


def test_a_long_wait_is_about_to_break(workspace: Workspace, auditor: Client) -> None:
    workspace.add(3, LinkState.WAITING, waiting_since=timezone.now() - timedelta(hours=1))

    [warning] = auditor.get(HOME).context["outlook"]

    assert "the oldest change has waited" in warning.words


def test_a_budget_that_runs_out_today_is_told_with_the_hour(
    workspace: Workspace, auditor: Client
) -> None:
    AccountLimits.objects.create(
        account=workspace.monday.account_key, day=database_now().date(), day_calls=9_990
    )

    [warning] = auditor.get(HOME).context["outlook"]

    assert "9990 of 10000 calls of the day are used" in warning.words


def test_a_paused_mapping_is_neither_silent_nor_late(workspace: Workspace, auditor: Client) -> None:
    Watermark.objects.update(last_complete_at=timezone.now() - timedelta(days=2))
    BoardMapping.objects.update(active=False)

    answer = auditor.get(HOME)

    assert answer.context["outlook"] == []
    assert [tile.state for tile in answer.context["tiles"]] == ["paused"]


def test_a_workspace_without_a_mapping_leads_to_the_setup(
    workspace: Workspace, owner: Client
) -> None:
    BoardMapping.objects.all().delete()

    assert "Nothing is connected yet" in owner.get(HOME).content.decode()


def test_the_first_cause_keeps_the_dots_of_its_names_and_loses_its_full_stop(
    workspace: Workspace, auditor: Client
) -> None:
    RecordLink.objects.update(failure_happened="The monday.com board was archived.")
    page = auditor.get(HOME).content.decode()

    assert "The monday.com board was archived.</span>" in page

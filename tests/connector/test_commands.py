"""The operator's commands as scripts meet them: exit codes, JSON, and words."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import AccountLimits, AuditEntry, LinkState, RecordLink, Watermark
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import poll
from mappings.models import BoardMapping
from tenants.fields import Sealed
from tenants.models import MondayConnection, Tenant, VismaConnection
from tests.connector.sync.conftest import Eyes

COUNTS = ("created", "updated", "archived", "unchanged", "excluded", "failed", "uncertain")


def run(*words: str) -> tuple[int, str]:
    """The exit code and what stood on standard output."""
    out = StringIO()
    try:
        call_command(*words, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def said(*words: str) -> Any:
    return json.loads(run(*words)[1])


@pytest.fixture
def eyes(sandbox: SandboxServer, mapping: BoardMapping) -> Eyes:
    return Eyes(sandbox, sandbox.monday.account.boards[int(mapping.board_id)])


def test_a_sync_that_delivers_everything_exits_with_0(mapping: BoardMapping) -> None:
    code, text = run("sync", "nordlys", "--json")
    account = json.loads(text)

    assert code == 0
    assert account["read"] == account["created"] == 200
    assert account["read"] == sum(account[name] for name in COUNTS) + account["waiting"]


def test_progress_names_what_is_read_and_ends_with_what_is_delivered(
    mapping: BoardMapping, capsys: pytest.CaptureFixture[str]
) -> None:
    run("sync", "nordlys")

    lines = capsys.readouterr().err.splitlines()
    assert "Supplier invoices read: 200 of 200" in lines
    assert lines[-1] == "Delivered: 200 of 200"


def test_a_sync_with_failures_exits_with_1_until_they_are_gone(
    mapping: BoardMapping, eyes: Eyes
) -> None:
    eyes.switch_label("Status", "Voided", on=False)
    first, account = run("sync", "nordlys", "--json")
    # Even when no poll reads the failed records again.
    Watermark.objects.update(position="2099-01-01T00:00:00.000")
    again, _ = run("sync", "nordlys", "--json")
    eyes.switch_label("Status", "Voided", on=True)
    replayed = run("replay", "nordlys", "--failed")
    last, _ = run("sync", "nordlys", "--json")

    failed = json.loads(account)["failed"]
    assert failed > 0
    assert (first, again, last) == (1, 1, 0)
    assert replayed == (0, f"{failed} waiting again.\n")


def test_what_an_earlier_sync_left_waiting_is_told_with_its_reason(
    mapping: BoardMapping, eyes: Eyes
) -> None:
    eyes.set_board("archived")
    run("sync", "nordlys", "--json")
    Watermark.objects.update(position="2099-01-01T00:00:00.000")
    code, account = run("sync", "nordlys", "--json")
    (error,) = json.loads(account)["errors"]

    assert (code, json.loads(account)["read"]) == (1, 0)
    assert error["happened"].startswith("“AP invoices”: 200 waiting. The board")
    assert "archived" in error["happened"]


def test_a_sync_that_a_limit_ends_says_when_it_goes_on(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    AccountLimits.objects.create(
        account=mapping.monday.account_key,
        blocked_until=database_now() + timedelta(hours=1),
        blocked_code="rate_daily",
    )
    code, account = run("sync", "nordlys", "--json")
    (error,) = json.loads(account)["errors"]

    assert (code, error["code"]) == (1, "goes_on_later")
    assert "200 waiting. The board can be written to again at 20" in error["happened"]


@pytest.mark.parametrize(
    "words",
    [
        ("sync", "nobody"),
        ("sync", "nordlys", "--entity", "invoices"),
        ("sync", "nordlys", "--entity", "supplier"),
        ("status", "nobody"),
        ("replay", "nobody", "--failed"),
        ("replay", "nordlys", "--entry", "999999"),
        ("tenant_export", "nobody"),
        ("tenant_import", "no-such-file.json"),
    ],
    ids=" ".join,
)
def test_bad_usage_exits_with_2(mapping: BoardMapping, words: tuple[str, ...]) -> None:
    code, text = run(*words)

    assert code == 2
    assert text


def test_a_command_that_is_stopped_says_that_nothing_is_lost(
    mapping: BoardMapping, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_args: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("connector.sync.foreground.poll", interrupt)
    with pytest.raises(SystemExit) as end:
        call_command("sync", "nordlys")

    assert end.value.code == 130
    assert "Nothing is lost" in capsys.readouterr().err


def test_a_tenant_of_which_nothing_is_active_is_not_called_delivered(
    mapping: BoardMapping,
) -> None:
    BoardMapping.objects.update(active=False)

    assert run("sync", "nordlys") == (
        2,
        "Nordlys Grossist AS has no active mapping: there is nothing to deliver.",
    )


def test_the_status_has_the_shape_that_scripts_rely_on(mapping: BoardMapping) -> None:
    poll.poll(mapping.visma, mapping.entity)
    RecordLink.objects.update(waiting_since=Watermark.objects.get().last_complete_at)
    RecordLink.objects.filter(pk=RecordLink.objects.first().pk).update(  # type: ignore[union-attr]
        waiting_since=Watermark.objects.get().last_complete_at - timedelta(minutes=5)  # type: ignore[operator]
    )
    found = said("status", "nordlys", "--json")
    shown = found["mappings"][0]

    assert set(found) == {"tenant", "mappings", "connections", "budgets"}
    assert set(shown["links"]) == set(LinkState.values)
    assert shown["links"]["waiting"] == 200
    assert 300 <= shown["lag_seconds"] < 3_000
    assert {each["system"] for each in found["connections"]} == {"visma", "monday"}
    assert found["budgets"][0]["calls_a_day"] == 10_000


def test_times_in_the_status_are_iso_8601(mapping: BoardMapping) -> None:
    poll.poll(mapping.visma, mapping.entity)
    read = said("status", "nordlys", "--json")["mappings"][0]["last_complete_read"]

    assert "T" in read
    assert datetime.fromisoformat(read) == Watermark.objects.get().last_complete_at


def test_the_status_of_all_tenants_is_a_list(mapping: BoardMapping, foreign_tenant: Tenant) -> None:
    assert [each["tenant"] for each in said("status", "--json")] == ["nordlys", "sydvest"]


def test_the_status_needs_no_secret(mapping: BoardMapping) -> None:
    VismaConnection.objects.update(client_secret=Sealed("no key opens this"))
    MondayConnection.objects.update(token=Sealed("no key opens this"))

    assert run("status", "nordlys", "--json")[0] == 0


def test_one_entry_is_replayed_by_its_number(mapping: BoardMapping, eyes: Eyes) -> None:
    eyes.switch_label("Status", "Voided", on=False)
    run("sync", "nordlys")
    entry = AuditEntry.objects.filter(outcome="failed").latest("pk")
    first = run("replay", "nordlys", "--entry", str(entry.pk))
    again = run("replay", "nordlys", "--entry", str(entry.pk))

    assert (first, again) == ((0, "1 waiting again.\n"), (0, "0 waiting again.\n"))


def test_another_tenants_entry_cannot_be_replayed(
    mapping: BoardMapping, foreign_tenant: Tenant, eyes: Eyes
) -> None:
    eyes.switch_label("Status", "Voided", on=False)
    run("sync", "nordlys")
    entry = AuditEntry.objects.filter(outcome="failed").latest("pk")

    assert run("replay", "sydvest", "--entry", str(entry.pk))[0] == 2

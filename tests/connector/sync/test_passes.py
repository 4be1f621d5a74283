"""A pass of many pages may stop anywhere: the next goes on, and nothing is missed or lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.errors import ConnectorError
from connector.models import (
    Pass,
    PassPage,
    RecordLink,
    SourceRecord,
    SyncRun,
    Trigger,
    Watermark,
)
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sandbox.visma.tables import Table
from connector.sync import foreground
from connector.sync.poll import due_streams, poll
from connector.sync.seen import SeenKeys
from mappings.models import BoardMapping
from tenants.models import VismaConnection
from tests.faults.mortal import Death
from tests.interrupts import at_statement

ENTITY = "supplier_invoice"


@pytest.fixture
def visma(mapping: BoardMapping, sandbox: SandboxServer) -> VismaConnection:
    """Two hundred invoices, fifty a page."""
    sandbox.visma.quirks.page_caps[ENTITY] = 50
    return mapping.visma


def pages_asked(sandbox: SandboxServer) -> list[str]:
    paths = [entry.path for entry in sandbox.log.entries() if "supplierInvoice" in entry.path]
    return [path.partition("pageNumber=")[2].partition("&")[0] for path in paths]


def fail_at_page(sandbox: SandboxServer, number: int) -> None:
    rule = {"match": {"path": "*supplierInvoice*", "nth": number}, "do": [{"action": "html_502"}]}
    sandbox.faults.add(rule)


def an_old_invoice() -> str:
    """One that the first page has brought."""
    return SourceRecord.objects.filter(key__startswith="Invoice:").earliest("pk").number


def test_a_pass_whose_time_is_over_goes_on_at_the_next_page(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    accounts = [poll(visma, ENTITY, seconds=0) for _ in range(4)]

    assert [account.read for account in accounts] == [50] * 4
    assert [account.complete for account in accounts] == [False, False, False, True]
    assert SourceRecord.objects.count() == 200


def test_the_watermark_waits_for_the_end_of_the_pass(visma: VismaConnection) -> None:
    for _ in range(3):
        poll(visma, ENTITY, seconds=0)
    before = Watermark.objects.get().position
    poll(visma, ENTITY, seconds=0)

    assert before == ""
    newest = max(SourceRecord.objects.values_list("modified_at", flat=True))
    assert Watermark.objects.get().position == newest


def test_a_pass_cut_short_goes_on_where_it_stopped(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    fail_at_page(sandbox, 3)
    with pytest.raises(ConnectorError):
        poll(visma, ENTITY)
    sandbox.log.clear()
    poll(visma, ENTITY)

    assert pages_asked(sandbox)[-2:] == ["3", "4"]
    assert SourceRecord.objects.count() == RecordLink.objects.count() == 200


def test_a_complete_pass_leaves_no_note_behind(visma: VismaConnection) -> None:
    poll(visma, ENTITY, seconds=0)
    kept = PassPage.objects.count()
    poll(visma, ENTITY)

    assert kept == 1
    assert (Pass.objects.count(), PassPage.objects.count()) == (0, 0)


def test_a_pass_of_one_page_is_never_noted(
    visma: VismaConnection, sandbox: SandboxServer, django_assert_max_num_queries: Any
) -> None:
    poll(visma, ENTITY)
    sandbox.visma.quirks.page_caps.clear()
    with django_assert_max_num_queries(45) as queries:
        poll(visma, ENTITY)

    assert not [q for q in queries if "connector_passpage" in q["sql"]]


def test_the_slices_of_a_pass_are_one_run_that_adds_up(visma: VismaConnection) -> None:
    for _ in range(4):
        poll(visma, ENTITY, seconds=0)

    run = SyncRun.objects.get(trigger="backfill")
    assert run.read == 200
    assert run.read_until is not None


def test_a_pass_that_is_not_over_is_due_at_once(visma: VismaConnection) -> None:
    poll(visma, ENTITY, seconds=0)
    while_under_way = due_streams(now=database_now())
    poll(visma, ENTITY)

    assert while_under_way == [(visma.pk, ENTITY)]
    assert due_streams(now=database_now()) == []


def test_a_record_removed_between_two_slices_makes_the_pass_start_over(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY, seconds=0)
    sandbox.visma.delete_invoice(an_old_invoice())
    poll(visma, ENTITY)

    assert RecordLink.objects.filter(record__vanished_at=None).count() == 199


def test_what_changes_during_a_long_pass_is_on_its_way_before_the_pass_is_over(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY, seconds=0)
    number = an_old_invoice()
    sandbox.visma.edit_invoice(number, description="today")
    account = poll(visma, ENTITY, seconds=0)

    assert not account.complete
    assert '"today"' in SourceRecord.objects.get(key=f"Invoice:{number}").payload


def test_what_changes_during_a_long_pass_is_read_once_a_minute(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    for _ in range(3):
        poll(visma, ENTITY, seconds=0)

    beside = [path for path in pages_asked(sandbox) if path == "1"]
    assert len(beside) == 2  # the pass's own first page, and one beside it


def test_the_length_of_a_pass_is_added_to_the_overlap(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY, seconds=0)
    Pass.objects.update(started_at=database_now() - timedelta(hours=5))
    poll(visma, ENTITY)
    sandbox.log.clear()
    poll(visma, ENTITY)

    position = Watermark.objects.get().position[:13]
    asked = next(e.path for e in sandbox.log.entries() if "lastModifiedDateTime=" in e.path)
    since = asked.partition("lastModifiedDateTime=")[2][:13]
    assert _hours(position) - _hours(since) in (7, 8)


def _hours(text: str) -> int:
    day, _, hour = text.partition("T")
    return date.fromisoformat(day).toordinal() * 24 + int(hour or 0)


def test_everything_is_read_again_when_asked_for(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    sandbox.log.clear()
    account = poll(visma, ENTITY, full=True)

    assert (account.read, account.new, account.changed) == (200, 0, 0)
    assert "lastModified" not in sandbox.log.entries()[0].path


def test_a_full_reading_that_was_stopped_goes_on(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    poll(visma, ENTITY, full=True, seconds=0)
    sandbox.log.clear()
    poll(visma, ENTITY, full=True)

    assert pages_asked(sandbox)[-3:] == ["2", "3", "4"]


def test_a_full_reading_takes_the_place_of_one_that_reads_less(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY, since="2020-01-01T00:00:00.000", seconds=0)
    account = poll(visma, ENTITY, full=True)

    assert account.read == 200
    assert SyncRun.objects.filter(read_until=None).count() == 0


def test_a_worker_that_dies_over_an_interrupted_run_leaves_it_to_the_next(
    visma: VismaConnection, mapping: BoardMapping
) -> None:
    run = SyncRun.objects.create(
        mapping=mapping, trigger=Trigger.SCHEDULE, started_at=database_now()
    )

    def die() -> None:
        raise Death

    with pytest.raises(Death), at_statement("SET finished_at", die):
        poll(visma, ENTITY)
    Watermark.objects.update(lease_until=None)
    poll(visma, ENTITY)

    run.refresh_from_db()
    assert run.finished_at


def test_a_day_later_than_what_was_read_up_to_skips_nothing(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    sandbox.visma.add_invoice()
    poll(visma, ENTITY, since="2099-01-01T00:00:00.000")

    assert SourceRecord.objects.count() == 201


def test_a_first_reading_may_begin_at_a_day(visma: VismaConnection, sandbox: SandboxServer) -> None:
    table = sandbox.visma.company.tables[ENTITY]
    days = sorted(row["lastModifiedDateTime"][:10] for row in table.rows())
    middle = days[100]
    account = poll(visma, ENTITY, since=f"{middle}T00:00:00.000")

    assert account.read == len([day for day in days if day >= middle])
    assert Watermark.objects.get().position


def test_a_day_after_which_nothing_changed_still_moves_the_watermark(
    visma: VismaConnection,
) -> None:
    poll(visma, ENTITY, since="2099-01-01T00:00:00.000")

    assert Watermark.objects.get().position == "2099-01-01T00:00:00.000"


def test_the_command_reads_from_a_day_on(
    visma: VismaConnection, sandbox: SandboxServer, capsys: pytest.CaptureFixture[str]
) -> None:
    table = sandbox.visma.company.tables[ENTITY]
    newest = max(row["lastModifiedDateTime"][:10] for row in table.rows())
    call_command("sync", "nordlys", "--from", newest, "--json")

    assert 0 < SourceRecord.objects.count() < 200


def test_the_command_reads_since_the_watermark_unless_told_otherwise(
    visma: VismaConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync", "nordlys", "--json")
    call_command("sync", "nordlys", "--full", "--json")

    assert SourceRecord.objects.count() == 200


@pytest.mark.parametrize("day", ["2099-01-01", "yesterday", "2026-13-01"])
def test_the_command_refuses_a_day_that_is_none_or_to_come(
    visma: VismaConnection, day: str
) -> None:
    with pytest.raises(CommandError):
        call_command("sync", "nordlys", "--from", day)


# --- rows that cannot be told apart -------------------------------------------------------------
@pytest.fixture
def nameless(visma: VismaConnection, monkeypatch: pytest.MonkeyPatch) -> VismaConnection:
    """Visma's third invoice has no number."""
    kept: Any = Table.page

    def page(self: Table, *given: Any, **more: Any) -> Any:
        rows, total = kept(self, *given, **more)
        if more.get("start") == 0 and len(rows) > 2:
            rows = [*rows[:2], {**rows[2], "referenceNumber": ""}, *rows[3:]]
        return rows, total

    monkeypatch.setattr(Table, "page", page)
    return visma


def test_a_record_without_a_key_is_told_and_holds_nobody_up(nameless: VismaConnection) -> None:
    account = poll(nameless, ENTITY)

    run = SyncRun.objects.get()
    assert account.complete
    assert SourceRecord.objects.count() == 199
    assert Watermark.objects.get().position
    assert "page 1, row 3" in run.error
    assert "referenceNumber" in Watermark.objects.get().unreadable


def test_the_command_tells_of_a_record_without_a_key(nameless: VismaConnection) -> None:
    account = foreground.sync(nameless.tenant)

    assert [error.code for error in account.errors] == ["record_unreadable"]
    assert not account.is_clean


def test_a_record_without_a_key_is_told_once_not_at_each_poll(nameless: VismaConnection) -> None:
    poll(nameless, ENTITY)
    poll(nameless, ENTITY, since="2000-01-01T00:00:00.000")
    poll(nameless, ENTITY, since="2000-01-01T00:00:00.000")

    assert SyncRun.objects.count() == 1


def test_records_without_a_key_prove_nobody_gone(nameless: VismaConnection) -> None:
    SourceRecord.objects.create(
        connection=nameless,
        entity=ENTITY,
        key="Invoice:999999",
        payload="{}",
        changed_at=database_now() - timedelta(days=1),
    )
    poll(nameless, ENTITY, full=True)

    assert SourceRecord.objects.filter(vanished_at=None).count() == 200


# --- the keys of a pass -------------------------------------------------------------------------
def test_a_key_counts_once_however_often_it_is_met() -> None:
    seen = SeenKeys()
    stored = [seen.add(["a", "b"]), seen.add(["b", "c"])]

    assert seen.count() == 3
    assert SeenKeys(stored).count() == 3
    assert "b" in SeenKeys(stored)
    assert "d" not in seen


def test_a_key_takes_eight_bytes() -> None:
    assert len(SeenKeys().add(map(str, range(1_000)))) == 8_000

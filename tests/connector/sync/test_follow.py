"""Hints followed: one fetch per record, nothing believed, nothing lost, nothing backwards."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from connector import tasks
from connector.models import FirstFound, Found, Hint, LinkState, RecordLink, SourceRecord, SyncRun
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import follow, gap, hints, intake, settling
from connector.sync.poll import poll
from connector.sync.runs import RunBook
from connector.visma.client import Row
from connector.visma.records import decode
from mappings.models import BoardMapping
from tenants.models import Health, VismaConnection
from tests.connector.sync.conftest import Work

Hear = Callable[..., None]


@pytest.fixture
def read(small: None, mapping: BoardMapping, sandbox: SandboxServer, work: Work) -> BoardMapping:
    """The board shows the company as it was at first."""
    poll(mapping.visma, mapping.entity)
    work()
    return mapping


@pytest.fixture(autouse=True)
def no_storm(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said here in one second was said in the course of a day."""
    monkeypatch.setattr(settling, "STORM", 10_000)


@pytest.fixture
def hear(mapping: BoardMapping) -> Hear:
    """A webhook call about an invoice; other facts of the hint may be given."""

    def keep(number: str = "", **facts: Any) -> None:
        usual = {"entity": "supplier_invoice", "key": f"Invoice:{number}" if number else ""}
        said: dict[str, Any] = usual | facts
        hints.keep(mapping.visma, b"{}", dedupe_id=uuid.uuid4().hex, verified=True, **said)

    return keep


def numbers(sandbox: SandboxServer, count: int) -> list[str]:
    rows = sandbox.visma.company.tables["supplier_invoice"].rows()
    plain = [r["referenceNumber"] for r in rows if r["documentType"] == "Invoice"]
    return plain[:count]


def fetches(sandbox: SandboxServer) -> int:
    return sum("/supplierInvoice/" in entry.path for entry in sandbox.log.entries())


def listings(sandbox: SandboxServer) -> int:
    return sum("/supplierInvoice?" in entry.path for entry in sandbox.log.entries())


def found() -> list[str]:
    return list(Hint.objects.order_by("pk").values_list("found", flat=True))


def test_a_hint_brings_the_change_to_the_board_without_a_poll(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear, work: Work
) -> None:
    (number,) = numbers(sandbox, 1)
    sandbox.visma.edit_invoice(number, description="Kaffe og te")
    sandbox.log.clear()
    hear(number)
    follow.follow(read.visma_id)
    work()
    link = RecordLink.objects.get(record__number=number)

    assert "Kaffe og te" in str(link.delivered)
    assert (fetches(sandbox), found()) == (1, [Found.CHANGE])
    assert SyncRun.objects.filter(trigger="webhook", read=1, updated=1).count() == 1


def test_however_many_hints_a_record_is_fetched_once(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    some = numbers(sandbox, 3)
    for _ in range(40):
        for number in some:
            hear(number)
    sandbox.log.clear()
    follow.follow(read.visma_id)

    assert fetches(sandbox) == 3
    assert found() == [Found.KNOWN] * 120


def test_a_hint_about_nothing_new_leaves_no_run_behind(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    hear(*numbers(sandbox, 1))
    follow.follow(read.visma_id)

    assert not SyncRun.objects.filter(trigger="webhook").exists()
    assert not RecordLink.objects.exclude(state=LinkState.DELIVERED).exists()


def test_a_hint_that_names_no_record_has_the_stream_read_once(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    (number,) = numbers(sandbox, 1)
    sandbox.visma.edit_invoice(number, description="Kakao")
    _rest(read)
    sandbox.log.clear()
    for _ in range(5):
        hear()
    follow.follow(read.visma_id)

    assert (listings(sandbox), fetches(sandbox), found()) == (1, 0, [Found.CHANGE] * 5)
    assert FirstFound.objects.get().by_webhook == 1


def test_a_hint_about_a_record_that_is_not_there_has_the_stream_read(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    _rest(read)
    sandbox.log.clear()
    hear("999999")
    follow.follow(read.visma_id)

    assert (fetches(sandbox), found()) == (1, [Found.KNOWN])


def test_vague_hints_cannot_have_the_stream_read_all_the_time(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    sandbox.log.clear()
    hear()
    follow.follow(read.visma_id)  # the stream was read a moment ago

    assert listings(sandbox) == 0
    assert Hint.objects.get().not_before is not None


def test_a_credit_note_is_found_by_its_number(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    record = SourceRecord.objects.exclude(key__startswith="Invoice:").earliest("pk")
    kind = record.key.partition(":")[0]
    sandbox.visma.edit_invoice(record.number, kind=kind, description="Kreditert")
    sandbox.log.clear()
    hear(record.number)  # the call names no type, so the usual one was guessed
    follow.follow(read.visma_id)

    assert (fetches(sandbox), found()) == (1, [Found.CHANGE])


def test_a_hint_nobody_asked_for_costs_no_call(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    sandbox.log.clear()
    hear("50010", entity="supplier", key="50010")
    follow.follow(read.visma_id)

    assert (len(sandbox.log.entries()), found()) == (0, [Found.UNWANTED])


def test_a_failing_fetch_leaves_its_hint_for_later(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    sandbox.faults.add({"match": {"system": "visma", "count": 1}, "do": [{"action": "html_502"}]})
    hear(*numbers(sandbox, 1))
    follow.follow(read.visma_id)
    after_failure = found()
    Hint.objects.update(not_before=None)
    follow.follow(read.visma_id)

    assert (after_failure, found()) == ([""], [Found.KNOWN])


def test_hints_wait_while_the_connection_needs_a_person(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    VismaConnection.objects.update(health=Health.NEEDS_PERSON)
    sandbox.log.clear()
    hear(*numbers(sandbox, 1))
    follow.follow(read.visma_id)

    assert (len(sandbox.log.entries()), found(), hints.due_connections()) == (0, [""], [])


def test_two_workers_do_not_look_after_the_same_hints(mapping: BoardMapping, hear: Hear) -> None:
    hear("205501")

    assert (len(hints.claim(mapping.visma)), len(hints.claim(mapping.visma))) == (1, 0)


def test_a_dead_workers_hints_are_looked_after_by_another(
    mapping: BoardMapping, hear: Hear
) -> None:
    hear("205501")
    hints.claim(mapping.visma)
    Hint.objects.update(claimed_until=database_now() - timedelta(seconds=1))

    assert len(hints.claim(mapping.visma)) == 1


def test_an_older_reading_is_never_stored_over_a_newer_one(read: BoardMapping) -> None:
    record = SourceRecord.objects.earliest("pk")
    payload = decode(record.payload.encode())
    asked_early = database_now()
    _take(read, record, payload | {"description": "new"}, asked_at=database_now())
    late_page = _take(read, record, payload | {"description": "old"}, asked_at=asked_early)
    record.refresh_from_db()

    assert '"description":"new"' in record.payload
    assert late_page.overtaken == [record.key]


def test_the_gap_meter_tells_who_was_first(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    told, untold = numbers(sandbox, 2)
    sandbox.visma.edit_invoice(told, description="Kaffe")
    hear(told)
    follow.follow(read.visma_id)
    sandbox.visma.edit_invoice(untold, description="Te")
    poll(read.visma, read.entity)
    (week,) = gap.weeks(read.tenant)

    assert (week.entity, week.by_webhook, week.by_poll) == ("supplier_invoice", 1, 1)


@pytest.mark.parametrize("webhooks", [0, 1])
def test_a_stream_read_for_what_a_record_names_counts_for_a_webhook_only_if_one_came(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear, webhooks: int
) -> None:
    sandbox.visma.edit_invoice(*numbers(sandbox, 1), description="Kaffe")
    _rest(read)
    hear(event=hints.NAMED)
    for _ in range(webhooks):
        hear(event="apinvoice_statuschanged")
    follow.follow(read.visma_id)
    (week,) = gap.weeks(read.tenant)

    assert (week.by_webhook, week.by_poll) == (webhooks, 1 - webhooks)
    assert SyncRun.objects.latest("pk").trigger == ("webhook" if webhooks else "schedule")


def test_a_record_fetched_because_another_names_it_is_no_webhooks_run(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear
) -> None:
    (number,) = numbers(sandbox, 1)
    sandbox.visma.edit_invoice(number, description="Kaffe")
    hear(number, event=hints.NAMED)
    follow.follow(read.visma_id)

    assert SyncRun.objects.latest("pk").trigger == "schedule"
    assert gap.weeks(read.tenant) == []


def test_lost_doubled_and_mixed_up_calls_end_with_the_board_equal_to_the_company(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear, work: Work
) -> None:
    some = numbers(sandbox, 30)
    for number in some:
        sandbox.visma.edit_invoice(number, description=f"Ny {number}")
    for position, number in reversed(list(enumerate(some))):
        for _ in range(0 if position % 3 == 0 else 1 + position % 2):
            hear(number)
    sandbox.log.clear()
    tasks.follow_hints("visma", read.visma_id)
    work()
    poll(read.visma, read.entity)
    work()
    descriptions = {
        link.record.number: str(link.delivered)
        for link in RecordLink.objects.filter(record__number__in=some).select_related("record")
    }
    (week,) = gap.weeks(read.tenant)
    written = [
        effect for e in sandbox.log.entries() if e.system == "monday" for effect in e.effects
    ]

    assert all(f"Ny {number}" in descriptions[number] for number in some)
    assert (week.by_webhook, week.by_poll) == (20, 10)
    assert len(written) == 30


def _rest(mapping: BoardMapping) -> None:
    """The stream was read some time ago."""
    mapping.visma.watermarks.update(last_started_at=database_now() - timedelta(minutes=1))


def _take(
    mapping: BoardMapping, record: SourceRecord, payload: dict[str, Any], **asked: Any
) -> intake.Taken:
    book = RunBook([mapping], "webhook")
    row = Row(record.key, record.modified_at, "", payload)
    with transaction.atomic():
        return intake.take_in(mapping.visma, record.entity, [row], book, **asked)


def test_a_storm_about_many_records_is_one_reading_of_the_stream(
    read: BoardMapping, sandbox: SandboxServer, hear: Hear, work: Work
) -> None:
    many = numbers(sandbox, follow.MANY + 10)
    for number in many:
        sandbox.visma.edit_invoice(number, description="Sist endret")
    for number in 3 * many:
        hear(number)
    read.visma.watermarks.update(last_started_at=None)
    sandbox.log.clear()
    follow.follow(read.visma_id)
    work()

    changed = SourceRecord.objects.filter(number__in=many, payload__contains="Sist endret")
    assert (fetches(sandbox), listings(sandbox) < follow.MANY) == (0, True)
    assert changed.count() == len(many)
    assert not Hint.objects.filter(handled_at=None).exists()

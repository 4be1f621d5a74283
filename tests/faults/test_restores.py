"""A database set back behind its boards: nothing is doubled, and today's values are shown again."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connector import tasks
from connector.models import AuditEntry, Batch, BoardLane, RecordLink, SyncRun, Watermark
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import drift, lanes, slices
from connector.sync.deliver import KEY_LIFE
from connector.sync.pauses import connection_works
from connector.sync.poll import poll
from connector.sync.replay import replay_links
from mappings.models import BoardMapping
from tenants.models import Tenant
from tests.faults import second
from tests.faults.checker import board_violations, violations
from tests.faults.clocks import one_clock
from tests.faults.mortal import Fate
from tests.faults.restores import forgotten, recover, work_off
from tests.faults.stage import ENTITY, PERSON, Stage
from tests.interrupts import at_statement

NEXT_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def stage(mapping: BoardMapping, sandbox: SandboxServer) -> Iterator[Stage]:
    """Four invoices, all of them delivered."""
    with one_clock(sandbox) as clocks:
        made = Stage(sandbox, mapping, clocks, random.Random(1))  # noqa: S311 - repeatable
        made.keep_invoices(4)
        work_off(made)
        yield made


def read(stage: Stage) -> None:
    """What Visma has changed is read, and waits to be written."""
    stage.clocks.advance(61)
    stage.tick()
    stage.run_task()


def replay_one(mapping: BoardMapping) -> None:
    """A record failed before the restore, and a person presses Replay now."""
    links = RecordLink.objects.filter(mapping=mapping)
    shown = links.exclude(item_id=None).earliest("pk")
    links.filter(pk=shown.pk).update(state="failed")
    replay_links(links, actor=PERSON)


def wrong(stage: Stage) -> list[str]:
    return violations(stage.sandbox, stage.mapping, stage.forgotten)


def test_what_was_created_in_the_lost_minutes_is_found_and_not_created_again(stage: Stage) -> None:
    with forgotten(stage):
        stage.add_invoice()
        work_off(stage)
    recover(stage)
    work_off(stage)

    assert wrong(stage) == []
    assert AuditEntry.objects.filter(action="find", outcome="done").count() == 1


def go_on_after_a_pause(stage: Stage) -> None:
    """Meanwhile Visma is read to the end for somebody else."""
    stage.pause_mapping()
    stage.clocks.advance(61)
    poll(stage.mapping.visma, ENTITY)
    assert not Watermark.objects.exclude(doubtful_since=None).exists()
    stage.resume_mapping()
    work_off(stage)


def test_a_second_recover_leaves_the_first_doubt_as_old_as_it_is(stage: Stage) -> None:
    stage.pause_mapping()
    recover(stage)
    first = BoardMapping.objects.get(pk=stage.mapping.pk).doubtful_since
    stage.clocks.advance(601)
    recover(stage)

    assert first is not None
    assert BoardMapping.objects.get(pk=stage.mapping.pk).doubtful_since == first


def test_a_second_recover_leaves_the_streams_first_doubt_as_old_as_it_is(stage: Stage) -> None:
    streams = Watermark.objects.values_list("doubtful_since", flat=True)
    recover(stage)
    first = list(streams.all())
    stage.clocks.advance(601)
    recover(stage)

    assert None not in first
    assert list(streams.all()) == first


def test_a_reader_that_a_second_recover_overtakes_clears_no_doubt(stage: Stage) -> None:
    recover(stage)
    stage.clocks.advance(61)
    with at_statement('UPDATE "connector_watermark" SET "position"', lambda: recover(stage)):
        poll(stage.mapping.visma, ENTITY)

    assert Watermark.objects.get(entity=ENTITY).doubtful_since is not None
    assert BoardMapping.objects.get(pk=stage.mapping.pk).doubtful_since is not None


def test_what_was_created_in_the_lost_minutes_is_found_after_a_pause(stage: Stage) -> None:
    with forgotten(stage):
        stage.add_invoice()
        work_off(stage)
    recover(stage)
    go_on_after_a_pause(stage)

    assert wrong(stage) == []
    assert not BoardMapping.objects.exclude(doubtful_since=None).exists()


def test_what_was_changed_in_the_lost_minutes_and_changed_back_is_shown_after_a_pause(
    stage: Stage,
) -> None:
    kind, _, number = stage.invoices()[0].partition(":")
    row = stage.sandbox.visma.company.get(ENTITY, f"{kind}:{number}")
    with forgotten(stage):
        stage.sandbox.visma.edit_invoice(number, kind=kind, description="forgotten")
        work_off(stage)
    stage.sandbox.visma.edit_invoice(number, kind=kind, description=row["description"])
    recover(stage)
    go_on_after_a_pause(stage)

    assert wrong(stage) == []


def test_a_mapping_that_went_live_in_the_lost_minutes_finds_its_items(stage: Stage) -> None:
    other = second.draw(stage)
    with forgotten(stage):
        second.switch(stage)
        work_off(stage)
    recover(stage)
    work_off(stage)
    second.switch(stage)
    work_off(stage)

    assert board_violations(stage.sandbox, other) == []
    assert not BoardMapping.objects.exclude(doubtful_since=None).exists()


def test_a_record_that_waited_before_the_lost_minutes_is_found_too(stage: Stage) -> None:
    stage.add_invoice()
    read(stage)
    waiting = stage.open_links()
    with forgotten(stage):
        work_off(stage)
    recover(stage)
    work_off(stage)

    assert waiting == 1
    assert wrong(stage) == []


def test_a_record_that_has_waited_for_hours_is_found_though_it_is_not_read_again(
    stage: Stage,
) -> None:
    other = stage.invoices()[0]
    lanes.release(lanes.seize(lanes.lane_of(stage.mapping)), not_before=NEXT_YEAR)
    stage.add_invoice()
    work_off(stage)
    stage.clocks.advance(3 * 3600)
    stage.touch(other)
    work_off(stage)
    waiting = stage.open_links()
    BoardLane.objects.update(not_before=None)
    with forgotten(stage):
        work_off(stage)
    recover(stage)
    work_off(stage)

    assert waiting == 2
    assert wrong(stage) == []


def test_a_change_that_was_taken_back_in_the_lost_minutes_is_taken_back_on_the_board(
    stage: Stage,
) -> None:
    row = next(iter(stage.sandbox.visma.company.tables[ENTITY].rows()))
    invoice = {"number": row["referenceNumber"], "kind": row["documentType"]}
    with forgotten(stage):
        stage.sandbox.visma.edit_invoice(**invoice, description="rev 9")
        work_off(stage)
    stage.sandbox.visma.edit_invoice(**invoice, description=row["description"])
    recover(stage)
    work_off(stage)

    assert [words for words in wrong(stage) if not words.startswith("backwards")] == []


def test_a_request_that_was_not_sent_as_far_as_the_database_knows_is_not_sent(
    stage: Stage,
) -> None:
    stage.add_invoice()
    read(stage)
    frozen = Batch.objects.filter(state=Batch.State.FROZEN)
    for step in range(1, 100):  # a worker dies, ever later, until one has just frozen a request
        stage.clocks.advance(1)
        stage.perform(partial(tasks.work_lane, lanes.lane_of(stage.mapping).pk), Fate(step))
        if frozen.exists():
            break
        BoardLane.objects.update(lease_until=None)
    with forgotten(stage):
        work_off(stage)
    was_frozen = frozen.exists()
    stage.clocks.advance(2 * KEY_LIFE.total_seconds())
    recover(stage)
    work_off(stage)

    assert was_frozen
    assert wrong(stage) == []


@pytest.mark.parametrize(
    "wake_up",
    [
        lambda mapping: connection_works(mapping.monday),
        drift.wake,
        replay_one,
    ],
    ids=["a connection works", "a board was mended", "a record is replayed"],
)
def test_what_wakes_boards_does_not_end_the_rest_after_a_restore(
    stage: Stage, wake_up: Callable[[BoardMapping], object]
) -> None:
    lane = lanes.lane_of(stage.mapping).pk
    stage.account.index_lag = 90.0
    stage.add_invoice()
    stage.clocks.advance(61)
    with forgotten(stage):
        poll(stage.mapping.visma, ENTITY)
        slices.work(lane)
    recover(stage)
    poll(stage.mapping.visma, ENTITY)
    wake_up(BoardMapping.objects.get(pk=stage.mapping.pk))
    slices.work(lane)
    work_off(stage)

    assert board_violations(stage.sandbox, stage.mapping) == []


def test_nothing_is_written_before_visma_was_read_again(stage: Stage) -> None:
    stage.edit()
    read(stage)
    stage.sandbox.faults.add(
        {"match": {"system": "visma"}, "do": [{"action": "status", "code": 500, "body": "{}"}]}
    )
    recover(stage)
    before = stage.sandbox.log.counters["effects.item_changed"]
    work_off(stage)
    meanwhile = stage.sandbox.log.counters["effects.item_changed"]
    stage.sandbox.faults.clear()
    work_off(stage)

    assert meanwhile == before
    assert wrong(stage) == []
    assert wrong(stage) == []


def test_after_one_complete_reading_new_records_are_created_without_a_look(stage: Stage) -> None:
    recover(stage)
    work_off(stage)
    stage.sandbox.log.clear()
    stage.add_invoice()
    work_off(stage)
    asked = {entry.operation for entry in stage.sandbox.log.entries() if entry.system == "monday"}

    assert Watermark.objects.get(entity=ENTITY).doubtful_since is None
    assert "items_page_by_column_values" not in asked
    assert stage.open_links() == 0


def test_without_a_key_column_a_person_decides_about_each_record_without_an_item(
    stage: Stage,
) -> None:
    BoardMapping.objects.update(key_column="")
    with forgotten(stage):
        stage.add_invoice()
        work_off(stage)
    items = len(list(stage.board.active_items()))
    recover(stage)
    work_off(stage)

    assert list(RecordLink.objects.filter(state="failed").values_list("failure_code")) == [
        ("needs_decision",)
    ]
    assert len(list(stage.board.active_items())) == items


def test_the_command_tells_what_it_found_and_leaves_other_tenants_alone(
    stage: Stage, foreign_tenant: Tenant
) -> None:
    Watermark.objects.update(doubtful_since=None)
    told = StringIO()
    call_command("recover", foreign_tenant.slug, stdout=told)
    untouched = Watermark.objects.get(entity=ENTITY).doubtful_since
    call_command("recover", "--all", stdout=told)
    call_command("recover", stage.mapping.tenant.slug, stdout=told)
    work_off(stage)

    assert untouched is None
    assert told.getvalue().count("AP invoices: 0 without an item") == 2
    assert AuditEntry.objects.filter(action="recover").count() == 2
    assert wrong(stage) == []
    assert not SyncRun.objects.filter(finished_at=None).exists()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("words", [[], ["nordlys", "--all"]])
def test_the_command_wants_one_tenant_or_all(words: list[str]) -> None:
    with pytest.raises(CommandError, match="one tenant"):
        call_command("recover", *words)


def test_a_worker_that_was_under_way_loses_its_board(stage: Stage) -> None:
    lane = lanes.lane_of(stage.mapping)
    lease = lanes.seize(lane)
    recover(stage)

    with pytest.raises(lanes.LeaseLost):
        lanes.hold(lease)
    lane.refresh_from_db()
    assert lane.not_before is not None
    assert lane.not_before > database_now()

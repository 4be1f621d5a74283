"""Two workers at once: whoever is second finds out before anything is written."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from connector.errors import Throttled
from connector.models import (
    AccountLimits,
    ApiCall,
    Batch,
    BoardLane,
    LinkState,
    RecordLink,
    SourceRecord,
    Trigger,
    Watermark,
)
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import intake, slices
from connector.sync.boards import desk_of
from connector.sync.budget import Ledger, Plan
from connector.sync.choose import batches, choose, due
from connector.sync.deliver import freeze
from connector.sync.lanes import LeaseLost, claim, due_lanes, release
from connector.sync.poll import StreamBusy, poll
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping
from tenants.models import Tenant
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, pass_time, payload, states
from tests.faults.clocks import one_clock
from tests.interrupts import Act, after_answer, at_statement, before_request

ENTITY = "supplier_invoice"
# A worker that has to wait for another's lock is given up waiting for after this.
BLOCKED = 1.0


def side_by_side(first: Callable[[], Any], at: str, second: Callable[[], Any]) -> None:
    """Run ``first`` in a thread and, once it comes to the statement ``at``, ``second`` in another.

    ``first`` goes on when ``second`` is through, or when it evidently waits for a lock.
    """
    through = threading.Event()

    def run_second() -> None:
        try:
            second()
        finally:
            connection.close()
            through.set()

    other = threading.Thread(target=run_second)

    def let_the_other_try() -> None:
        other.start()
        through.wait(BLOCKED)

    def run_first() -> None:
        try:
            with at_statement(at, let_the_other_try):
                first()
        finally:
            connection.close()

    one = threading.Thread(target=run_first)
    one.start()
    one.join()
    other.join()


def take_over(lane_id: int) -> None:
    """The lease runs out, and another worker of another host claims the board."""
    BoardLane.objects.filter(pk=lane_id).update(lease_owner="elsewhere:1:x")
    pass_time(seconds=61)
    assert claim(lane_id) is not None


def test_of_two_workers_that_claim_at_once_one_gets_the_board(
    take_in: TakeIn, mapping: BoardMapping
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    got: list[Any] = []
    with at_statement('UPDATE "connector_boardlane"', lambda: got.append(claim(lane))):
        got.append(claim(lane))

    assert [lease is not None for lease in got] == [True, False]


def test_a_worker_whose_lease_was_taken_over_freezes_nothing(
    take_in: TakeIn, mapping: BoardMapping, board: Eyes
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    (group,) = batches(choose(lease, desk, due(desk, database_now())))
    take_over(lane)
    with pytest.raises(LeaseLost):
        freeze(lease, desk, group)

    assert Batch.objects.count() == 0
    assert states() == {"waiting": 1}


def test_of_links_that_are_no_longer_waiting_none_is_frozen(
    take_in: TakeIn, mapping: BoardMapping, board: Eyes
) -> None:
    take_in(1, 2)
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    (group,) = batches(choose(lease, desk, due(desk, database_now())))
    RecordLink.objects.filter(pk=group[0].link.pk).update(state=LinkState.EXCLUDED)

    assert freeze(lease, desk, group) is None
    assert Batch.objects.count() == 0
    assert states() == {"excluded": 1, "waiting": 1}


def test_a_change_that_comes_while_its_record_is_being_sent_leaves_it_so(
    take_in: TakeIn, mapping: BoardMapping, board: Eyes
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    (group,) = batches(choose(lease, desk, due(desk, database_now())))
    freeze(lease, desk, group)
    take_in(1, description="Newer")

    assert states() == {"sending": 1}


def test_a_worker_that_stalls_over_an_answer_settles_nothing_its_successor_does(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    (lane,) = due_lanes()
    with after_answer("create_item", lambda: take_over(lane)):
        slices.work(lane)
    left_by_the_first = states()
    pass_time(seconds=61)
    work()

    assert left_by_the_first == {"sending": 2}
    assert (states(), len(board.items)) == ({"delivered": 2}, 2)
    assert [entry.action for entry in entries()] == ["create", "create"]


# Between "written down as sent" and the wire: when the token is read, and at the very last moment.
FROZEN: dict[str, Callable[[Act], AbstractContextManager[None]]] = {
    "token": lambda act: at_statement('FROM "tenants_mondayconnection"', act, nth=2),
    "wire": lambda act: before_request("create_item", act),
}


@pytest.mark.parametrize("where", FROZEN)
def test_a_worker_that_wakes_up_when_others_have_recovered_its_batch_does_not_send_it(
    take_in: TakeIn, work: Work, board: Eyes, sandbox: SandboxServer, where: str
) -> None:
    """It was frozen for longer than monday keeps a key: its request would be a new one."""
    take_in(1, 2)
    (lane,) = due_lanes()
    with one_clock(sandbox) as clocks:

        def others_recover() -> None:
            BoardLane.objects.update(lease_owner="elsewhere:1:x")
            clocks.advance(26 * 60)
            for _ in range(6):
                work()
                clocks.advance(40)

        with FROZEN[where](others_recover):
            slices.work(lane)

    assert (states(), len(board.items)) == ({"delivered": 2}, 2)
    assert len([m for m in board.mutations() if "create" in m.operation]) == 1


def test_what_was_planned_on_an_old_version_is_planned_again(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    work()
    take_in(1, note="shown on no column, so that nothing has to be written")
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(mapping, now=database_now())
    planned = due(desk, database_now())
    take_in(1, description="Newer")
    choose(lease, desk, planned)
    release(lease)
    work()

    assert board.cells("Description") == ["Newer"]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(
    "moment",
    [r'FROM "connector_recordlink".*"batch_id" =', 'INSERT INTO "?connector_auditentry'],
    ids=["versions-read", "links-written"],
)
def test_a_record_that_changes_in_the_moment_of_settling_is_sent_again(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, moment: str
) -> None:
    take_in(1, description="before")
    (lane,) = due_lanes()
    # As on the second page of a pass: its run is there already.
    book = RunBook([mapping], Trigger.PERSON)
    row = Row("Invoice:200001", "2026-07-14T09:00:00", "", payload(1, description="after"))

    def read_page() -> None:
        with transaction.atomic():
            intake.take_in(mapping.visma, mapping.entity, [row], book)

    side_by_side(lambda: slices.work(lane), moment, read_page)
    work()

    assert board.cells("Description") == ["after"]
    assert states() == {"delivered": 1}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.usefixtures("transactional_db")
def test_a_page_that_brings_a_new_record_does_not_wait_for_what_is_being_settled(
    take_in: TakeIn, mapping: BoardMapping
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    book = RunBook([mapping], Trigger.PERSON)
    row = Row("Invoice:200002", "2026-07-14T09:00:00", "", payload(2))
    stored: list[str] = []

    def read_page() -> None:
        with suppress(OperationalError), transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '200ms'")
            intake.take_in(mapping.visma, mapping.entity, [row], book)
            stored.append("for now")
        stored.append("for good")

    side_by_side(lambda: slices.work(lane), 'INSERT INTO "?connector_auditentry', read_page)

    assert stored == ["for now", "for good"]
    assert RecordLink.objects.filter(record__key=row.key).exists()


@pytest.mark.usefixtures("transactional_db")
def test_two_workers_never_take_the_last_call_of_a_minute(tenant: Tenant) -> None:
    AccountLimits.objects.create(account="monday:1")
    ledger = Ledger("monday:1", Plan(minute=1), tenant_id=tenant.pk)
    refused: list[Throttled] = []

    def reserve() -> None:
        try:
            ledger.reserve("create_items", mutation=True, cost=1)
        except Throttled as error:
            refused.append(error)

    side_by_side(reserve, "INSERT INTO connector_apicall", reserve)

    assert (ApiCall.objects.count(), len(refused)) == (1, 1)


def read_on(sandbox: SandboxServer, mapping: BoardMapping) -> None:
    """A record changes, the lease of the reader runs out, and another one reads to the end."""
    sandbox.visma.edit_invoice("205501", description="Newer")
    Watermark.objects.update(lease_until=database_now())
    poll(mapping.visma, ENTITY)


def test_a_reader_that_stalls_does_not_put_an_older_record_over_a_newer_one(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    stall = after_answer("supplierInvoice", lambda: read_on(sandbox, mapping))
    with stall, pytest.raises(StreamBusy):
        poll(mapping.visma, ENTITY)

    assert '"description":"Newer"' in SourceRecord.objects.get(number="205501").payload


def test_a_reader_that_stalls_does_not_move_the_watermark_back(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    with at_statement(
        'UPDATE "connector_watermark" SET "position"', lambda: read_on(sandbox, mapping)
    ):
        poll(mapping.visma, ENTITY)

    newest = SourceRecord.objects.get(number="205501").modified_at
    assert Watermark.objects.get().position == newest

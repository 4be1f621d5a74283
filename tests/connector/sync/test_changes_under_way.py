"""What changes while a record is on its way: the mapping, the run, another tenant's token."""

from datetime import timedelta
from typing import Any

import pytest

from connector import tasks
from connector.models import BoardLane, RecordLink, SyncRun
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sync import activate, drift, finding, pauses, recover, slices
from connector.sync.boards import desk_of
from connector.sync.choose import batches, choose, due
from connector.sync.deliver import freeze, send
from connector.sync.lanes import claim, due_lanes, release
from mappings.models import BoardMapping, FieldPairing
from tenants.models import Health, MondayConnection, Tenant, VismaConnection
from tests.connector.sync.conftest import FEW, Eyes, TakeIn, Work, entries, pass_time, states


def change_rules(mapping: BoardMapping) -> None:
    FieldPairing.objects.filter(mapping=mapping, field="description").update(transform="upper")
    activate.replan(mapping)


def test_a_mapping_changed_while_a_record_is_sent_is_written_all_the_same(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, description="Bananer")
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(BoardMapping.objects.get(pk=mapping.pk), now=database_now())
    (group,) = batches(choose(lease, desk, due(desk, database_now())))
    batch = freeze(lease, desk, group)
    assert batch is not None
    change_rules(mapping)
    send(lease, desk, batch)
    release(lease)
    work()

    assert board.cells("Description") == ["BANANER"]


def test_an_unchanged_plan_of_the_old_mapping_does_not_settle_a_record(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, description="Bananer")
    work()
    take_in(1, description="Bananer", note="nothing the board shows")
    (lane,) = due_lanes()
    lease = claim(lane)
    assert lease is not None
    desk = desk_of(BoardMapping.objects.get(pk=mapping.pk), now=database_now())
    links = due(desk, database_now())
    change_rules(mapping)
    choose(lease, desk, links)
    release(lease)
    work()

    assert board.cells("Description") == ["BANANER"]


@pytest.fixture
def theirs(mapping: BoardMapping, foreign_tenant: Tenant) -> BoardMapping:
    """Another tenant's mapping to the same board."""
    visma = VismaConnection.objects.create(
        tenant=foreign_tenant, client_id="x", client_secret="x", company_id="77"
    )
    monday = MondayConnection.objects.create(
        tenant=foreign_tenant, token=world.MONDAY_APP_TOKEN, account_id=mapping.monday.account_id
    )
    return BoardMapping.objects.create(
        tenant=foreign_tenant,
        name="Theirs",
        entity="supplier_invoice",
        visma=visma,
        monday=monday,
        board_id=mapping.board_id,
        active=True,
    )


def lose_an_answer(board: Eyes, work: Work) -> None:
    """A request of which only the board knows what became, once its key is too old to be sent."""
    match = {"system": "monday", "operation": "create_item", "count": 1}
    board.sandbox.faults.add({"match": match, "do": [{"action": "execute_then_reset"}]})
    work()
    pass_time(minutes=26)


def calls(board: Eyes) -> int:
    return board.sandbox.log.counters["monday.calls"]


def test_one_tenants_revoked_token_is_not_held_against_another(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, theirs: BoardMapping
) -> None:
    take_in(1)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    theirs.monday.refresh_from_db()
    mapping.monday.refresh_from_db()

    assert (theirs.monday.health, mapping.monday.health) == (Health.UNKNOWN, Health.NEEDS_PERSON)
    assert {entry.tenant_id for entry in entries()} == {mapping.tenant_id}
    assert not pauses.reason_of(theirs)


def test_a_request_under_way_of_a_revoked_token_pauses_the_board_for_all_with_its_reason(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, theirs: BoardMapping
) -> None:
    take_in(1)
    lose_an_answer(board, work)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    before = calls(board)
    pass_time(minutes=9)
    work()
    spared = calls(board) - before
    pass_time(minutes=2)
    work()

    assert (spared, calls(board) - before) == (0, 1)
    assert BoardLane.objects.get().paused_code == "request_under_way"
    assert pauses.reason_of(theirs)
    told = entries(action="pause")
    assert {entry.tenant_id for entry in told} == {mapping.tenant_id, theirs.tenant_id}
    assert len(told) == 2


@pytest.mark.usefixtures("bulk")
def test_a_load_under_way_of_a_revoked_token_pauses_the_board_for_all_with_its_reason(
    take_in: TakeIn, work: Work, board: Eyes, theirs: BoardMapping
) -> None:
    take_in(*range(FEW))
    work()
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    pass_time(seconds=31)
    work()
    before = calls(board)
    pass_time(minutes=9)
    work()

    assert calls(board) == before
    assert BoardLane.objects.get().paused_code == "request_under_way"


def test_a_look_at_the_board_by_another_connection_does_not_end_that_pause(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, theirs: BoardMapping
) -> None:
    take_in(1)
    lose_an_answer(board, work)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    drift.wake(theirs)

    assert drift.look(theirs) is False
    assert pauses.reason_of(theirs)


def test_once_the_revoked_token_works_again_both_go_on(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, theirs: BoardMapping
) -> None:
    take_in(1)
    lose_an_answer(board, work)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    board.sandbox.monday.access.allow(world.MONDAY_TOKEN)
    pauses.connection_works(MondayConnection.objects.get(pk=mapping.monday_id))
    work()

    assert (states(), len(board.items)) == ({"delivered": 1}, 1)
    assert not pauses.reason_of(theirs)


def test_a_connection_that_works_again_need_not_wait(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    board.sandbox.monday.access.allow(world.MONDAY_TOKEN)
    pauses.connection_works(MondayConnection.objects.get())
    work()

    assert states() == {"delivered": 1}


def test_a_nudge_older_than_a_rest_does_not_disturb_it(
    take_in: TakeIn, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1)
    (lane,) = due_lanes()
    BoardLane.objects.update(not_before=database_now() + timedelta(minutes=10))
    tasks.work_lane(lane)

    assert (states(), board.mutations()) == ({"waiting": 1}, [])


def test_the_account_adds_up_when_a_reading_meets_a_look_up(
    take_in: TakeIn, work: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(1)
    work()
    board.copy_item(board.items[0])
    RecordLink.objects.update(state="waiting", look_up_first=True, item_id=None)
    look = finding.find

    def look_while_visma_is_read(*args: Any) -> Any:
        found = look(*args)
        take_in(1, description="newer")
        return found

    monkeypatch.setattr(recover, "find", look_while_visma_is_read)
    slices.work(due_lanes()[0])

    newest = SyncRun.objects.latest("pk")
    assert (newest.read, newest.failed) == (1, 1)

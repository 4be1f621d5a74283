"""What changes while a record is on its way: the mapping, the run, another tenant's token."""

from datetime import timedelta
from typing import Any

import pytest

from connector import tasks
from connector.models import BoardLane, RecordLink, SyncRun
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sync import activate, finding, pauses, recover, slices
from connector.sync.boards import desk_of
from connector.sync.choose import batches, choose, due
from connector.sync.deliver import freeze, send
from connector.sync.lanes import claim, due_lanes, release
from mappings.models import BoardMapping, FieldPairing
from tenants.models import Health, MondayConnection, Tenant, VismaConnection
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, states


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


def test_one_tenants_revoked_token_is_not_held_against_another(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping, foreign_tenant: Tenant
) -> None:
    visma = VismaConnection.objects.create(
        tenant=foreign_tenant, client_id="x", client_secret="x", company_id="77"
    )
    theirs = MondayConnection.objects.create(
        tenant=foreign_tenant, token="theirs", account_id=mapping.monday.account_id
    )
    BoardMapping.objects.create(
        tenant=foreign_tenant,
        name="Theirs",
        entity="supplier_invoice",
        visma=visma,
        monday=theirs,
        board_id=mapping.board_id,
        active=True,
    )
    take_in(1)
    board.sandbox.monday.revoke(world.MONDAY_TOKEN)
    work()
    theirs.refresh_from_db()
    mapping.monday.refresh_from_db()

    assert (theirs.health, mapping.monday.health) == (Health.UNKNOWN, Health.NEEDS_PERSON)
    assert {entry.tenant_id for entry in entries()} == {mapping.tenant_id}


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

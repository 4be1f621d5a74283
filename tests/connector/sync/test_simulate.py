"""The simulation: the same planner as the run, nothing written, nothing kept."""

from dataclasses import replace

import pytest

from connector.models import RecordLink, SourceRecord
from connector.sandbox.server import SandboxServer
from connector.sync.boards import forget_board, read_board
from connector.sync.foreground import sync
from connector.sync.simulate import simulate
from connector.sync.simulation import Simulation
from mappings.content import Content, Pairing
from mappings.models import BoardMapping
from mappings.services import mapping_content

from .conftest import Eyes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content(mapping: BoardMapping) -> Content:
    read_board(mapping)
    return mapping_content(mapping)


def test_before_the_first_poll_pages_are_read_and_nothing_is_stored(
    mapping: BoardMapping, content: Content, sandbox: SandboxServer
) -> None:
    found = simulate(mapping, content)

    assert found.read == found.total >= 200
    assert found.counts["create"] + found.counts["invalid"] == found.read
    assert not SourceRecord.objects.exists()
    assert not RecordLink.objects.exists()
    assert not any(entry.mutation for entry in sandbox.log.entries())


def test_the_plan_is_what_the_run_then_does(
    mapping: BoardMapping, content: Content, board: Eyes
) -> None:
    found = simulate(mapping, content)

    forget_board(mapping)
    account = sync(mapping.tenant)

    assert account.counts["created"] == found.counts["create"]
    assert account.counts["failed"] == found.counts["invalid"]
    assert account.monday_calls == found.cost.monday_calls
    example = next(each for each in found.examples if each.decision == "create")
    item = next(item for item in board.items if item.name == example.name)
    assert item.cells[board.column("Invoice no").id] == example.number


def test_a_record_on_the_board_already_is_unchanged(
    mapping: BoardMapping, content: Content
) -> None:
    sync(mapping.tenant)

    found = simulate(mapping, content)

    on_board = RecordLink.objects.filter(state="delivered").count()
    assert found.counts["unchanged"] == on_board > 0
    assert found.cost.monday_calls == 0


def test_a_new_pair_updates_every_item_and_shows_before_and_after(
    mapping: BoardMapping, content: Content, board: Eyes
) -> None:
    sync(mapping.tenant)
    column = board.column("Supplier")
    changed = content.with_pair(
        Pairing("supplier.number", column.id, column.title, column.type, "prefix:S-")
    )

    found = simulate(mapping, changed)

    example = next(each for each in found.examples if each.decision == "update")
    cell = next(each for each in example.cells if each.column == "Supplier")
    assert found.counts["update"] > 0
    assert cell.after.startswith("S-")
    assert cell.before
    assert not cell.before.startswith("S-")


def test_what_the_filter_leaves_out_is_counted_with_its_reason(
    mapping: BoardMapping, content: Content
) -> None:
    found = simulate(mapping, replace(content, filter={"date_from": "2999-01-01"}))

    assert found.counts["excluded"] == found.read
    assert "before 2999-01-01" in found.examples[0].words[0]


def test_records_that_cannot_land_are_grouped_by_cause(
    mapping: BoardMapping, content: Content, board: Eyes
) -> None:
    board.switch_label("Status", "Open", on=False)
    read_board(mapping)

    found = simulate(mapping, content)

    cause = found.causes[0]
    assert "Open" in cause.message
    assert cause.records == found.counts["invalid"] > 0
    assert cause.whole_record


def test_a_simulation_survives_being_stored(mapping: BoardMapping, content: Content) -> None:
    found = simulate(mapping, content)

    assert Simulation.load(found.dump()) == found


def test_a_person_is_not_kept_waiting(mapping: BoardMapping, content: Content) -> None:
    found = simulate(mapping, content, seconds=0.0)

    assert 0 < found.read < found.total
    assert found.cost.monday_calls > found.total // 25

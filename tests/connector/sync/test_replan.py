"""A changed mapping plans every record anew, in a run that accounts for it."""

from connector.models import SyncRun
from connector.sync import activate
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, Work


def test_records_planned_anew_are_counted_in_a_run_of_their_own(
    take_in: TakeIn, work: Work, board: Eyes, mapping: BoardMapping
) -> None:
    take_in(1, 2)
    work()
    mapping.pairings.filter(field="description").update(transform="upper")
    activate.replan(mapping, by="kari@nordlys.example")
    work()

    first, second = SyncRun.objects.order_by("pk")
    assert (first.read, first.created, first.updated) == (2, 2, 0)
    assert (second.read, second.created, second.updated) == (2, 0, 2)
    assert second.finished_at is not None
    assert board.cells("Description") == ["BANANER", "BANANER"]


def test_a_mapping_without_records_leaves_no_empty_run(mapping: BoardMapping) -> None:
    assert activate.replan(mapping) == 0
    assert SyncRun.objects.count() == 0

"""Tasks are nudges with ids: losing every one of them loses nothing."""

import pytest
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage

from connector import tasks
from connector.models import BoardLane, RecordLink, Watermark
from connector.sandbox.server import SandboxServer
from connector.sync.lanes import claim, due_lanes
from mappings.models import BoardMapping


def queued() -> list[tuple[str, tuple[object, ...]]]:
    packages = [SignedPackage.loads(row.payload) for row in OrmQ.objects.order_by("pk")]
    return [(package["func"], package["args"]) for package in packages]


def run_queued() -> None:
    """What a worker does with the tasks that are there now."""
    found = queued()
    OrmQ.objects.all().delete()
    for function, arguments in found:
        getattr(tasks, function.rpartition(".")[2])(*arguments)


def test_a_tick_finds_a_stream_that_is_due(mapping: BoardMapping) -> None:
    tasks.tick(beats=1)

    assert queued() == [("connector.tasks.poll_stream", (mapping.visma_id, "supplier_invoice"))]


def test_reading_nudges_the_lane_and_the_lane_delivers(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    tasks.tick(beats=1)
    run_queued()
    nudged = queued()
    run_queued()

    assert nudged == [("connector.tasks.work_lane", (BoardLane.objects.get().pk,))]
    assert RecordLink.objects.filter(state="delivered").count() == 200


def test_deleting_every_task_only_delays(mapping: BoardMapping, sandbox: SandboxServer) -> None:
    tasks.tick(beats=1)
    run_queued()
    OrmQ.objects.all().delete()
    tasks.nudge_lanes()
    run_queued()

    assert RecordLink.objects.filter(state="delivered").count() == 200


def test_a_lane_that_is_worked_on_is_not_nudged_again(
    mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    tasks.poll_stream(mapping.visma_id, mapping.entity)
    OrmQ.objects.all().delete()
    (lane,) = due_lanes()
    claim(lane)
    tasks.nudge_lanes()

    assert queued() == []


@pytest.mark.parametrize("broken", ["due_streams", "watch.due_boards", "due_lanes"])
def test_an_error_in_looking_for_one_kind_of_work_holds_up_no_other(
    mapping: BoardMapping,
    sandbox: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    tasks.poll_stream(mapping.visma_id, mapping.entity)
    OrmQ.objects.all().delete()
    Watermark.objects.update(last_started_at=None)
    monkeypatch.setattr(f"connector.tasks.{broken}", lambda *_args, **_named: 1 / 0)
    tasks.tick(beats=1)

    kinds = {"due_streams": "poll_stream", "due_lanes": "work_lane"}
    left = {"poll_stream", "work_lane"} - {kinds.get(broken)}
    assert {name.rpartition(".")[2] for name, _ in queued()} == left


def test_a_paused_mapping_is_neither_read_nor_written(mapping: BoardMapping) -> None:
    BoardMapping.objects.update(active=False)
    tasks.tick(beats=1)

    assert queued() == []


@pytest.mark.django_db
def test_the_tick_is_the_only_schedule() -> None:
    found = list(Schedule.objects.values_list("func", "schedule_type", "minutes"))

    assert found == [("connector.tasks.tick", Schedule.MINUTES, 1)]

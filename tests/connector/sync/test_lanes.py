"""One writer per board: leases by database time, fenced."""

from datetime import timedelta

import pytest

from connector.models import BoardLane
from connector.models.clock import database_now
from connector.sync.lanes import LeaseLost, claim, hold, release


@pytest.fixture
def lane(db: None) -> BoardLane:
    return BoardLane.objects.create(account="monday:1", board_id="7")


def pass_time(lane: BoardLane, seconds: int) -> None:
    lane.refresh_from_db()
    assert lane.lease_until is not None
    BoardLane.objects.filter(pk=lane.pk).update(
        lease_until=lane.lease_until - timedelta(seconds=seconds), lease_owner="elsewhere:1:x"
    )


def test_a_leased_board_is_not_given_to_a_second_worker(lane: BoardLane) -> None:
    claim(lane.pk)

    assert claim(lane.pk) is None


def test_a_released_board_can_be_claimed_at_once(lane: BoardLane) -> None:
    lease = claim(lane.pk)
    assert lease is not None
    release(lease)

    assert claim(lane.pk) is not None


def test_a_lease_that_ran_out_is_taken_over_and_the_old_holder_is_fenced_off(
    lane: BoardLane,
) -> None:
    old = claim(lane.pk)
    pass_time(lane, 61)
    new = claim(lane.pk)

    assert old is not None
    assert new is not None
    with pytest.raises(LeaseLost):
        hold(old)


def test_a_fenced_off_holder_cannot_release_its_successors_lease(lane: BoardLane) -> None:
    old = claim(lane.pk)
    pass_time(lane, 61)
    claim(lane.pk)
    assert old is not None
    release(old)

    assert claim(lane.pk) is None


def test_holding_prolongs_the_lease(lane: BoardLane) -> None:
    lease = claim(lane.pk)
    assert lease is not None
    pass_time(lane, 30)
    hold(lease)
    lane.refresh_from_db()

    assert lane.lease_until is not None
    assert lane.lease_until > database_now() + timedelta(seconds=55)


def test_the_lease_of_a_process_that_died_on_this_host_need_not_run_out(
    lane: BoardLane, dead_process_owner: str
) -> None:
    claim(lane.pk)
    BoardLane.objects.update(lease_owner=dead_process_owner)

    assert claim(lane.pk) is not None


@pytest.fixture
def dead_process_owner() -> str:
    import socket
    import subprocess
    import sys

    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return f"{socket.gethostname()}:{child.pid}:gone"

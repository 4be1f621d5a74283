"""However calls come: no minute holds more than its quota, and nobody waits without need."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connector.sync.windows import WINDOW, wait_for_room

START = datetime(2026, 9, 1, tzinfo=UTC)
MINUTE = timedelta(seconds=60)
calls = st.lists(
    st.tuples(st.floats(0, 40, allow_nan=False), st.integers(1, 12)), min_size=1, max_size=60
)


def send_all(quota: int, wishes: list[tuple[float, int]]) -> list[tuple[datetime, int]]:
    """Each call as soon as it may go; each wish comes so many seconds after the call before it."""
    sent: list[tuple[datetime, int]] = []
    now = START
    for pause, amount in wishes:
        now += timedelta(seconds=pause)
        recent = [(at, spent) for at, spent in sent if at > now - WINDOW]
        wait = wait_for_room(quota, amount, recent, now)
        if wait is not None:
            now += wait
            left = [(at, spent) for at, spent in sent if at > now - WINDOW]
            assert wait_for_room(quota, amount, left, now) is None, "it waited and may not go yet"
        sent.append((now, amount))
    return sent


@given(st.integers(12, 40), calls)
def test_no_minute_holds_more_than_its_quota(quota: int, wishes: list[tuple[float, int]]) -> None:
    sent = send_all(quota, wishes)

    for at, _ in sent:
        within = [amount for when, amount in sent if at <= when < at + MINUTE]
        assert sum(within) <= quota


@given(st.integers(12, 40), calls)
def test_a_call_that_fits_does_not_wait(quota: int, wishes: list[tuple[float, int]]) -> None:
    spent = [(START, amount) for _, amount in wishes]
    left = quota - sum(amount for _, amount in spent)

    for wanted in range(1, left + 1):
        assert wait_for_room(quota, wanted, spent, START) is None


@given(st.integers(1, 11), st.integers(12, 90))
def test_what_is_larger_than_the_quota_goes_out_alone(quota: int, wanted: int) -> None:
    assert wait_for_room(quota, wanted, [], START) is None
    assert wait_for_room(quota, wanted, [(START, 1)], START) == WINDOW

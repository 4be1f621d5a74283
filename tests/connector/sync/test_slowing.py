"""monday says to slow down, but not for how long: everybody rests, longer each time."""

from datetime import timedelta
from typing import Any

import pytest

from connector.http import CallReport
from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.sync import corrections
from connector.sync.allowances import rest
from connector.sync.budget import Ledger
from tenants.models import Tenant
from tests.connector.sync.conftest import Eyes, TakeIn, Work, states
from tests.connector.sync.test_limits import call, make_ledger, refusal
from tests.faults.clocks import one_clock

UNTOLD = CallReport(429, 1, throttle="rate_limit")


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rest is shortened."""
    monkeypatch.setattr(corrections, "chance", lambda: 0.0)


def rested(ledger: Ledger) -> float:
    """Let the account's rest pass; how many seconds it was."""
    limits = AccountLimits.objects.get(account=ledger.account)
    assert limits.blocked_until is not None
    left = limits.blocked_until - database_now()
    AccountLimits.objects.update(blocked_until=database_now())
    return round(left.total_seconds())


@pytest.mark.usefixtures("chance")
def test_each_refusal_without_a_time_doubles_the_rest_up_to_five_minutes(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    rests = []
    for _ in range(7):
        call(ledger, UNTOLD)
        rests.append(rested(ledger))

    assert rests == [10, 20, 40, 80, 160, 300, 300]


@pytest.mark.usefixtures("chance")
def test_all_who_call_the_account_rest_together(tenant: Tenant) -> None:
    call(make_ledger(tenant), UNTOLD)
    refused = refusal(make_ledger(tenant))

    assert refused.after is not None
    assert timedelta(seconds=8) < refused.after <= timedelta(seconds=10)


@pytest.mark.usefixtures("chance")
def test_answers_of_one_crowd_are_one_refusal(tenant: Tenant) -> None:
    ledgers = [make_ledger(tenant) for _ in range(3)]
    slots = [ledger.reserve("create_items", mutation=True, cost=1) for ledger in ledgers]
    for ledger, slot in zip(ledgers, slots, strict=True):
        ledger.record(slot, UNTOLD)

    assert rested(ledgers[0]) == 10


@pytest.mark.usefixtures("chance")
def test_an_answer_that_is_no_refusal_ends_the_row(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    for report in (UNTOLD, UNTOLD, CallReport(200, 1)):
        call(ledger, report)
        rested(ledger)
    call(ledger, UNTOLD)

    assert rested(ledger) == 10


@pytest.mark.usefixtures("chance")
@pytest.mark.parametrize("status", [0, 502])
def test_silence_and_an_error_of_the_server_end_no_row(tenant: Tenant, status: int) -> None:
    ledger = make_ledger(tenant)
    for report in (UNTOLD, CallReport(status, 1)):
        call(ledger, report)
        rested(ledger)
    call(ledger, UNTOLD)

    assert rested(ledger) == 20


@pytest.mark.usefixtures("chance")
def test_an_answer_to_a_call_from_before_the_refusal_ends_no_row(tenant: Tenant) -> None:
    early, late = make_ledger(tenant), make_ledger(tenant)
    slot = early.reserve("create_items", mutation=True, cost=1)
    call(late, UNTOLD)
    early.record(slot, CallReport(200, 1))
    rested(late)
    call(late, UNTOLD)

    assert rested(late) == 20


def test_after_a_refusal_one_call_at_a_time_tries(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    call(ledger, UNTOLD)
    rested(ledger)
    ledger.reserve("create_items", mutation=True, cost=1)

    assert refusal(make_ledger(tenant)).why.code == "rate_concurrency"


def test_chance_takes_up_to_half_of_a_rest_away() -> None:
    assert rest(1, 0.0) == timedelta(seconds=10)
    assert rest(1, 1.0) == timedelta(seconds=5)
    assert rest(50, 1.0) == timedelta(minutes=2.5)


def refusals() -> int:
    return ApiCall.objects.exclude(throttle="").count()


REFUSED: dict[str, Any] = {"action": "status", "code": 429, "body": "{}"}


def test_a_board_that_is_refused_for_ten_minutes_costs_a_handful_of_calls(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    board.sandbox.faults.add({"match": {"operation": "create_item*"}, "do": [REFUSED]})
    with one_clock(board.sandbox) as clocks:
        for _ in range(120):
            work()
            clocks.advance(5)
        refused = refusals()
        board.sandbox.faults.clear()
        for _ in range(60):
            work()
            clocks.advance(5)

    assert 4 < refused < 10
    assert (states(), len(board.items)) == ({"delivered": 2}, 2)


def test_a_look_at_a_board_that_is_refused_is_not_repeated_at_once(
    take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    board.sandbox.faults.add({"match": {"system": "monday"}, "do": [REFUSED]})
    with one_clock(board.sandbox):
        work()

    assert refusals() == 1

"""Every limit of an account, learned from its answers and shared by all who call it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from connector.errors import Throttled
from connector.http import CallReport, Limits
from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.sync.allowances import allowance, day_gap, left_of_day
from connector.sync.budget import Ledger, Plan
from tenants.models import Tenant, VismaConnection
from tests.world import Connections

PLAN = Plan(minute=1_000, concurrency=40, complexity=1_000_000, daily=1_000, mutations=1_000)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_ledger(tenant: Tenant, plan: Plan = PLAN, *, backlog: bool = False) -> Ledger:
    ledger = Ledger("monday:1", plan, tenant_id=tenant.pk)
    ledger.backlog = backlog
    return ledger


def call(ledger: Ledger, report: CallReport | None = None, *, cost: int = 1) -> None:
    slot = ledger.reserve("create_items", mutation=True, cost=cost)
    ledger.record(slot, report or CallReport(200, 1))


def refusal(ledger: Ledger, *, mutation: bool = True, cost: int = 1) -> Throttled:
    with pytest.raises(Throttled) as caught:
        ledger.reserve("create_items", mutation=mutation, cost=cost)
    return caught.value


def used_today(calls: int) -> None:
    """So many calls were made since midnight UTC."""
    today = database_now().date()
    AccountLimits.objects.update_or_create(
        account="monday:1", defaults={"day": today, "day_calls": calls}
    )


# --- the day ------------------------------------------------------------------------------------
def test_a_tenth_of_the_day_stays_for_looking_up(tenant: Tenant) -> None:
    used_today(900)

    assert refusal(make_ledger(tenant)).why.code == "rate_daily"
    assert make_ledger(tenant).reserve("board", mutation=False, cost=1)


def test_a_day_used_up_says_when_it_goes_on(tenant: Tenant) -> None:
    used_today(1_000)
    refused = refusal(make_ledger(tenant), mutation=False)

    now = database_now()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=UTC)
    assert "00:00 UTC" in refused.why.happened
    assert refused.after is not None
    assert abs(refused.after - (midnight - now)) < timedelta(seconds=5)


def test_the_first_half_of_a_day_goes_at_full_speed(tenant: Tenant) -> None:
    used_today(498)
    call(make_ledger(tenant))
    call(make_ledger(tenant))

    assert refusal(make_ledger(tenant)).why.code == "rate_pace"


def test_what_is_left_of_the_day_is_spread_until_midnight() -> None:
    assert day_gap(1_000, 499, NOON) == timedelta(0)
    assert day_gap(1_000, 500, NOON) == timedelta(hours=12) / 400
    assert day_gap(1_000, 899, NOON) == timedelta(hours=12)


def test_a_paced_change_goes_once_its_distance_is_kept(tenant: Tenant) -> None:
    used_today(600)
    call(make_ledger(tenant))
    ApiCall.objects.update(started_at=database_now() - timedelta(days=1))

    assert make_ledger(tenant).reserve("create_items", mutation=True, cost=1)


@pytest.mark.parametrize(("used", "mutation", "left"), [(0, True, 900), (0, False, 1_000)])
def test_changes_leave_the_reserve_alone(used: int, mutation: bool, left: int) -> None:
    assert left_of_day(1_000, used, mutation=mutation) == left


# --- what the answers say -----------------------------------------------------------------------
def test_a_quota_lowered_meanwhile_holds_from_the_next_call_on(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    call(ledger, CallReport(200, 1, cost=300_000, limits=Limits(complexity_quota=500_000)))

    assert refusal(ledger, cost=300_000).why.code == "rate_complexity"


def test_a_quota_raised_meanwhile_is_used(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    call(ledger, CallReport(200, 1, cost=900_000, limits=Limits(complexity_quota=2_000_000)))

    assert ledger.reserve("create_items", mutation=True, cost=900_000)


def test_what_other_apps_spend_of_the_minute_is_left_to_them(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    said = Limits(complexity_quota=1_000_000, complexity_left=200_000, reset_in=20)
    call(ledger, CallReport(200, 1, cost=100_000, limits=said))
    refused = refusal(ledger, cost=300_000)

    assert refused.why.code == "rate_complexity"
    assert refused.after is not None
    assert timedelta(seconds=18) < refused.after <= timedelta(seconds=20)


def test_others_are_forgotten_once_monday_counts_none(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    said = Limits(complexity_quota=1_000_000, complexity_left=200_000, reset_in=20)
    call(ledger, CallReport(200, 1, cost=100_000, limits=said))
    said = Limits(complexity_quota=1_000_000, complexity_left=900_000, reset_in=60)
    call(ledger, CallReport(200, 1, cost=1, limits=said))

    assert ledger.reserve("create_items", mutation=True, cost=800_000)


def test_the_last_call_of_a_minute_by_mondays_count_is_the_last(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    call(ledger, CallReport(200, 1, limits=Limits(minute_left=0, reset_in=12)))

    assert refusal(ledger).why.code == "rate_minute"


def test_a_day_that_monday_calls_used_up_waits_for_midnight(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    call(ledger, CallReport(429, 1, blocked_for=60, throttle="rate_daily"))
    refused = refusal(ledger)

    now = database_now()
    assert refused.after is not None
    assert (now + refused.after).date() == now.date() + timedelta(days=1)


@pytest.mark.parametrize(("known", "left"), [(1_300, None), (900, 900)])
def test_a_limit_that_proved_too_high_is_forgotten_for_the_plans_own(
    known: int, left: int | None, tenant: Tenant
) -> None:
    ledger = make_ledger(tenant)
    call(ledger)
    AccountLimits.objects.update(daily_quota=known)
    call(ledger, CallReport(429, 1, blocked_for=60, throttle="rate_daily"))

    assert AccountLimits.objects.get().daily_quota == left


def test_an_address_that_is_too_busy_rests_for_every_account(tenant: Tenant) -> None:
    other = Ledger("monday:2", PLAN, tenant_id=tenant.pk)
    call(other)
    call(make_ledger(tenant), CallReport(429, 1, blocked_for=9, throttle="rate_ip"))

    assert refusal(other).why.code == "rate_ip"


# --- calls at a time ----------------------------------------------------------------------------
def too_many(ledger: Ledger) -> None:
    call(ledger, CallReport(429, 1, blocked_for=0.001, throttle="rate_concurrency"))


def at_a_time(ledger: Ledger, *, later: float = 0) -> int | None:
    limits = AccountLimits.objects.get(account=ledger.account)
    return allowance(PLAN, limits, database_now() + timedelta(seconds=later)).concurrency


def test_calls_at_a_time_are_halved_when_monday_meets_too_many(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    too_many(ledger)

    assert at_a_time(ledger) == 20


def test_one_crowd_halves_once(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    slots = [ledger.reserve("create_items", mutation=True, cost=1) for _ in range(3)]
    for slot in slots:
        ledger.record(slot, CallReport(429, 1, blocked_for=0.001, throttle="rate_concurrency"))

    assert at_a_time(ledger) == 20


def test_calls_at_a_time_come_back_one_by_one_up_to_the_quota(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    too_many(ledger)

    assert at_a_time(ledger, later=31) == 23
    assert at_a_time(ledger, later=3_600) == 40


def test_one_call_at_a_time_always_remains(tenant: Tenant) -> None:
    plan = Plan(concurrency=1)
    ledger = make_ledger(tenant, plan)
    too_many(ledger)
    AccountLimits.objects.update(blocked_until=None)

    assert ledger.reserve("create_items", mutation=True, cost=1)


# --- who goes first -----------------------------------------------------------------------------
def let_minutes_pass() -> None:
    ApiCall.objects.update(started_at=database_now() - timedelta(minutes=2))
    AccountLimits.objects.update(backlog_due_at=None)


def test_a_backlog_leaves_the_next_call_to_who_has_little_to_send(tenant: Tenant) -> None:
    full = Plan(mutations=4)
    backlog, live = make_ledger(tenant, full, backlog=True), make_ledger(tenant, full)
    for _ in range(4):
        call(live)
    refusal(live)
    let_minutes_pass()

    assert refusal(backlog).why.code == "rate_turn"
    assert live.reserve("update_items", mutation=True, cost=1)
    assert backlog.reserve("create_items", mutation=True, cost=1)


def test_a_turn_that_nobody_takes_is_not_kept_for_ever(tenant: Tenant) -> None:
    full = Plan(mutations=1)
    call(make_ledger(tenant, full))
    refusal(make_ledger(tenant, full))
    AccountLimits.objects.update(turn_kept_until=database_now() - timedelta(seconds=1))
    let_minutes_pass()

    assert make_ledger(tenant, full, backlog=True).reserve("create_items", mutation=True, cost=1)


def test_a_backlog_runs_ahead_by_a_third_of_the_minute_and_then_keeps_its_pace(
    tenant: Tenant,
) -> None:
    ledger = make_ledger(tenant, Plan(mutations=60), backlog=True)
    for _ in range(19):
        call(ledger)
    AccountLimits.objects.update(backlog_due_at=database_now())
    call(ledger)
    refused = refusal(ledger)

    assert refused.why.code == "rate_turn"
    assert refused.after is not None
    assert refused.after < timedelta(seconds=1.1)


def test_a_single_change_is_not_paced(tenant: Tenant) -> None:
    backlog = make_ledger(tenant, Plan(mutations=60), backlog=True)
    for _ in range(20):
        call(backlog)

    assert make_ledger(tenant, Plan(mutations=60)).reserve("update_items", mutation=True, cost=1)


# --- Visma --------------------------------------------------------------------------------------
@pytest.fixture
def visma(connections: Connections) -> VismaConnection:
    return connections.visma


def read(ledger: Ledger, left: int, *, reset_in: float = 1_000) -> None:
    slot = ledger.reserve("supplier_invoice", mutation=False, cost=1)
    said = Limits(window_quota=100, window_left=left, reset_in=reset_in)
    ledger.record(slot, CallReport(200, 1, limits=said))


def refused_read(ledger: Ledger) -> Throttled:
    with pytest.raises(Throttled) as caught:
        ledger.reserve("supplier_invoice", mutation=False, cost=1)
    return caught.value


def test_vismas_window_is_never_overdrawn(visma: VismaConnection) -> None:
    ledger = Ledger.of_visma(visma)
    read(ledger, 0)
    refused = refused_read(ledger)

    assert refused.why.code == "rate_window"
    assert refused.after is not None
    assert timedelta(seconds=995) < refused.after <= timedelta(seconds=1_000)


def test_the_last_fifth_of_vismas_window_is_spread_until_its_end(visma: VismaConnection) -> None:
    ledger = Ledger.of_visma(visma)
    read(ledger, 10)
    refused = refused_read(ledger)

    assert refused.after is not None
    assert timedelta(seconds=95) < refused.after <= timedelta(seconds=112)


def test_a_backlog_leaves_the_last_fifth_of_vismas_window_alone(visma: VismaConnection) -> None:
    ledger = Ledger.of_visma(visma)
    read(ledger, 20)
    ledger.backlog = True

    assert refused_read(ledger).why.code == "rate_window"


def test_calls_under_way_count_before_visma_has_counted_them(visma: VismaConnection) -> None:
    ledger = Ledger.of_visma(visma)
    read(ledger, 22)
    ledger.reserve("supplier_invoice", mutation=False, cost=1)
    ledger.reserve("supplier_invoice", mutation=False, cost=1)
    ledger.backlog = True

    assert refused_read(ledger).why.code == "rate_window"


def test_a_window_that_has_ended_holds_nobody(visma: VismaConnection) -> None:
    ledger = Ledger.of_visma(visma)
    read(ledger, 0)
    AccountLimits.objects.update(window_ends_at=database_now())

    assert ledger.reserve("supplier_invoice", mutation=False, cost=1)


def test_the_ledger_writes_nothing_where_nothing_is_new(
    tenant: Tenant, django_assert_max_num_queries: Any
) -> None:
    ledger = make_ledger(tenant)
    said = Limits(minute_quota=1_000, complexity_quota=1_000_000)
    call(ledger, CallReport(200, 1, limits=said))
    slot = ledger.reserve("create_items", mutation=True, cost=1)

    with django_assert_max_num_queries(3) as counted:
        ledger.record(slot, CallReport(200, 1, limits=said))
    assert len(counted) == 3


def test_today_is_the_utc_day(tenant: Tenant) -> None:
    used_today(1_000)
    AccountLimits.objects.update(day=date(2000, 1, 1))

    assert make_ledger(tenant).reserve("create_items", mutation=True, cost=1)

"""The ledger never lets an account spend more than it may, whoever asks."""

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import Throttled
from connector.http import CallReport, Limits
from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.sync.budget import Ledger, Plan
from tenants.models import Tenant

PLAN = Plan(minute=100, concurrency=3, complexity=1_000_000, daily=10, mutations=4)


def make_ledger(tenant: Tenant, plan: Plan = PLAN) -> Ledger:
    return Ledger("monday:1", plan, tenant_id=tenant.pk)


def spend(ledger: Ledger, times: int, *, cost: int = 1) -> None:
    for _ in range(times):
        slot = ledger.reserve("create_items", mutation=True, cost=cost)
        ledger.record(slot, CallReport(status=200, duration_ms=5))


def refusal(ledger: Ledger, *, mutation: bool = True, cost: int = 1) -> Throttled:
    with pytest.raises(Throttled) as caught:
        ledger.reserve("create_items", mutation=mutation, cost=cost)
    return caught.value


def test_the_fifth_change_of_a_minute_waits_for_the_first_to_leave_the_window(
    tenant: Tenant,
) -> None:
    ledger = make_ledger(tenant)
    spend(ledger, 4)
    ApiCall.objects.order_by("pk").filter(pk=ApiCall.objects.order_by("pk")[0].pk).update(
        started_at=database_now() - timedelta(seconds=50)
    )

    refused = refusal(ledger)

    assert refused.why.code == "rate_mutations"
    assert refused.after is not None
    assert timedelta(seconds=8) < refused.after <= timedelta(seconds=11)


def test_reads_do_not_count_against_the_cap_of_changes(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    spend(ledger, 4)

    assert ledger.reserve("board", mutation=False, cost=1)


def test_a_call_that_would_exceed_the_complexity_of_a_minute_waits(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    spend(ledger, 1, cost=900_000)

    assert refusal(ledger, cost=200_000).why.code == "rate_complexity"


def test_calls_under_way_hold_their_slots_until_they_report_or_expire(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    for _ in range(3):
        ledger.reserve("board", mutation=False, cost=1)
    refused = refusal(ledger, mutation=False)
    ApiCall.objects.update(expires_at=database_now() - timedelta(seconds=1))

    assert refused.why.code == "rate_concurrency"
    assert ledger.reserve("board", mutation=False, cost=1)


def test_the_daily_count_ends_at_midnight_utc(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    AccountLimits.objects.create(account="monday:1", day=database_now().date(), day_calls=10)
    refused = refusal(ledger)
    AccountLimits.objects.update(day=database_now().date() - timedelta(days=1))

    assert refused.why.code == "rate_daily"
    assert ledger.reserve("board", mutation=False, cost=1)


def test_what_one_worker_is_told_to_wait_all_workers_wait(tenant: Tenant) -> None:
    slot = make_ledger(tenant).reserve("board", mutation=False, cost=1)
    make_ledger(tenant).record(
        slot, CallReport(status=429, duration_ms=1, blocked_for=7.0, throttle="rate_minute")
    )

    refused = refusal(make_ledger(tenant), mutation=False)

    assert refused.after is not None
    assert timedelta(seconds=6) < refused.after <= timedelta(seconds=7)


def test_headers_correct_the_quotas_of_the_plan(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    slot = ledger.reserve("board", mutation=False, cost=1)
    ledger.record(slot, CallReport(200, 1, limits=Limits(minute_quota=1)))

    assert refusal(ledger, mutation=False).why.code == "rate_minute"


def test_the_actual_cost_replaces_the_reserved_one(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)
    slot = ledger.reserve("create_items", mutation=True, cost=900_000)
    ledger.record(slot, CallReport(200, 1, cost=100))

    assert ledger.reserve("create_items", mutation=True, cost=900_000)


def test_a_request_larger_than_the_whole_quota_goes_out_alone(tenant: Tenant) -> None:
    ledger = make_ledger(tenant)

    assert ledger.reserve("create_items", mutation=True, cost=5_000_000)


def test_other_accounts_have_budgets_of_their_own(tenant: Tenant) -> None:
    spend(make_ledger(tenant), 4)
    other = Ledger("monday:2", PLAN, tenant_id=tenant.pk)

    assert other.reserve("create_items", mutation=True, cost=1)


def test_a_reservation_costs_the_same_queries_however_many_calls_there_were(
    tenant: Tenant, django_assert_num_queries: Any
) -> None:
    ledger = make_ledger(tenant, Plan(minute=1000))
    spend(ledger, 30)

    with django_assert_num_queries(7):
        ledger.reserve("board", mutation=False, cost=1)

"""monday counts the requests of an IP address, for all accounts together: so does the ledger."""

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import Throttled
from connector.models import ApiCall
from connector.models.clock import database_now
from connector.sync import allowances
from connector.sync.budget import Ledger, Plan
from tenants.models import Tenant
from tests.world import Connections

HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def three_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "CALLS_OF_ADDRESS", 3)


def ledger_of(tenant: Tenant, account: int, address: str = HERE) -> Ledger:
    return Ledger(f"monday:{account}", Plan(minute=100), tenant_id=tenant.pk, address=address)


def call(ledger: Ledger, times: int = 1) -> None:
    for _ in range(times):
        ledger.reserve("board", mutation=False, cost=1)


def test_all_accounts_together_stay_inside_the_limit_of_their_address(tenant: Tenant) -> None:
    call(ledger_of(tenant, 1), 2)
    call(ledger_of(tenant, 2))

    with pytest.raises(Throttled) as refused:
        call(ledger_of(tenant, 3))
    assert refused.value.why.code == "rate_ip"
    assert refused.value.after is not None
    assert timedelta(seconds=8) < refused.value.after <= timedelta(seconds=10.5)


def test_the_call_that_leaves_the_ten_seconds_makes_room_for_the_next(tenant: Tenant) -> None:
    call(ledger_of(tenant, 1), 3)
    oldest = ApiCall.objects.order_by("pk")[0]
    ApiCall.objects.filter(pk=oldest.pk).update(started_at=database_now() - timedelta(seconds=11))
    call(ledger_of(tenant, 2))

    with pytest.raises(Throttled):
        call(ledger_of(tenant, 2))


def test_another_address_has_a_limit_of_its_own(tenant: Tenant) -> None:
    call(ledger_of(tenant, 1), 3)
    call(ledger_of(tenant, 1, "203.0.113.8"), 3)

    assert ApiCall.objects.count() == 6


def test_calls_to_visma_are_not_counted_by_address(connections: Connections) -> None:
    call(Ledger.of_visma(connections.visma), 5)
    call(Ledger.of_monday(connections.monday), 3)

    assert ApiCall.objects.exclude(address="").count() == 3


def test_a_ledger_of_monday_counts_for_the_address_of_this_process(
    connections: Connections, settings: Any
) -> None:
    settings.EGRESS_ADDRESS = HERE
    call(ledger_of(connections.monday.tenant, 9), 3)

    with pytest.raises(Throttled):
        call(Ledger.of_monday(connections.monday))


def test_counting_by_address_costs_no_statement_more(
    tenant: Tenant, django_assert_num_queries: Any
) -> None:
    call(ledger_of(tenant, 1))

    with django_assert_num_queries(7):
        call(ledger_of(tenant, 1))

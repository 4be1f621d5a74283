"""Reading a page is dear, and monday says how dear only afterwards: no limit is met by it."""

import pytest

from connector.clients import monday_client
from connector.errors import Throttled
from connector.http import CallReport
from connector.models import AccountLimits, ApiCall
from connector.monday.queries import PAGE
from connector.sync.budget import REQUEST_COST, Ledger, Plan
from mappings.models import BoardMapping
from tenants.models import Tenant
from tests.connector.sync.conftest import Eyes

QUOTA = 2_000_000


@pytest.fixture
def ledger(tenant: Tenant) -> Ledger:
    return Ledger("monday:1", Plan(complexity=QUOTA), tenant_id=tenant.pk)


def reserve(ledger: Ledger, operation: str = "items") -> int:
    return ledger.reserve(operation, mutation=False, cost=500_000, items=PAGE)


def read(ledger: Ledger, cost: int, *, throttle: str = "") -> None:
    report = CallReport(429 if throttle else 200, 1, cost=cost, throttle=throttle)
    ledger.record(reserve(ledger), report)


def reserved(operation: str = "items") -> int:
    return ApiCall.objects.filter(operation=operation).latest("pk").cost


def test_boards_are_read_in_a_tight_minute_and_no_limit_is_met(
    board: Eyes, mapping: BoardMapping
) -> None:
    board.sandbox.monday.limits.set(personal_complexity=QUOTA, query_complexity=QUOTA)
    AccountLimits.objects.create(account=mapping.monday.account_key, complexity_quota=QUOTA)
    client = monday_client(mapping.monday, Ledger.of_monday(mapping.monday, mapping.board_id))

    for _ in range(4):
        list(client.items(mapping.board_id, []))
    with pytest.raises(Throttled):
        list(client.items(mapping.board_id, []))

    assert board.sandbox.log.counters["monday.calls"] == 4
    assert board.sandbox.log.counters["monday.429"] == 0


def test_two_pages_that_are_read_at_a_time_share_the_minute(ledger: Ledger) -> None:
    read(ledger, 900_100)
    ApiCall.objects.all().delete()
    reserve(ledger)
    reserve(ledger)

    with pytest.raises(Throttled):
        reserve(ledger)


def test_a_reading_reserves_what_its_kind_has_cost(ledger: Ledger) -> None:
    read(ledger, 900_100)
    reserve(ledger)

    assert reserved() == 900_000 + REQUEST_COST


def test_another_kind_of_reading_is_learned_by_itself(ledger: Ledger) -> None:
    read(ledger, 900_100)
    reserve(ledger, "next_items")

    assert reserved("next_items") == 500_000


def test_a_smaller_page_is_taken_for_less(ledger: Ledger) -> None:
    read(ledger, 900_100)
    ledger.reserve("items", mutation=False, cost=1, items=PAGE // 10)

    assert reserved() == 90_000 + REQUEST_COST


def test_a_page_that_was_cheap_makes_the_next_one_a_little_cheaper(ledger: Ledger) -> None:
    read(ledger, 600_100)
    read(ledger, 200_100)
    reserve(ledger)

    assert reserved() == 500_000 + REQUEST_COST


def test_what_is_known_of_dear_pages_is_unlearned_from_cheap_ones(ledger: Ledger) -> None:
    read(ledger, 900_100)
    for _ in range(20):
        ApiCall.objects.all().delete()
        read(ledger, 5_100)
    reserve(ledger)

    assert reserved() < 10_000


def test_a_page_that_was_dearer_than_a_minute_is_tried_in_a_minute_of_its_own(
    ledger: Ledger,
) -> None:
    reserve(ledger)
    AccountLimits.objects.update(read_costs={"next_items": 2 * QUOTA // PAGE})
    with pytest.raises(Throttled):
        reserve(ledger, "next_items")
    ApiCall.objects.all().delete()
    reserve(ledger, "next_items")

    assert 0.8 * QUOTA < reserved("next_items") < QUOTA


def test_what_a_refused_reading_would_have_cost_is_not_learned(ledger: Ledger) -> None:
    read(ledger, 10, throttle="rate_complexity")

    assert AccountLimits.objects.get().read_costs == {}

"""A minute keeps room for a reading that found none, and a backlog goes on beside it."""

from datetime import timedelta

import pytest

from connector.errors import Throttled
from connector.models import AccountLimits, ApiCall
from connector.models.clock import database_now
from connector.sync import rooms
from connector.sync.budget import Ledger, Plan
from tenants.models import Tenant

QUOTA = 1_000_000
PAGE = 500_000


@pytest.fixture
def changes(tenant: Tenant) -> Ledger:
    return make(tenant)


@pytest.fixture
def pages(tenant: Tenant, changes: Ledger) -> Ledger:
    """Its page was refused in a minute that was full; it is over."""
    write(changes, 900_000)
    pages = make(tenant)
    with pytest.raises(Throttled):
        read(pages, PAGE)
    a_minute_passes()
    return pages


def make(tenant: Tenant, *, backlog: bool = True) -> Ledger:
    ledger = Ledger("monday:1", Plan(complexity=QUOTA), tenant_id=tenant.pk)
    ledger.backlog = backlog
    return ledger


def write(ledger: Ledger, cost: int) -> int:
    return ledger.reserve("create_items", mutation=True, cost=cost)


def read(ledger: Ledger, cost: int) -> int:
    return ledger.reserve("items", mutation=False, cost=cost)


def a_minute_passes() -> None:
    """For all calls so far, and for the pace of the backlog."""
    ApiCall.objects.update(started_at=database_now() - timedelta(minutes=2))
    AccountLimits.objects.update(backlog_due_at=None)


def test_a_refused_reading_leaves_the_pace_of_changes_alone(
    tenant: Tenant, changes: Ledger
) -> None:
    write(changes, 900_000)
    before = AccountLimits.objects.get().backlog_due_at
    with pytest.raises(Throttled):
        read(make(tenant), PAGE)

    assert AccountLimits.objects.get().backlog_due_at == before


def test_a_backlog_goes_on_beside_the_room(changes: Ledger, pages: Ledger) -> None:
    write(changes, 400_000)
    with pytest.raises(Throttled):
        write(changes, 200_000)

    assert read(pages, PAGE)


def test_a_batch_is_made_to_fit_beside_the_room(changes: Ledger, pages: Ledger) -> None:
    write(changes, 250_000)

    assert changes.fitting(25, 10_000) == 23


def test_a_reading_that_has_gone_gives_its_room_back(changes: Ledger, pages: Ledger) -> None:
    read(pages, PAGE)

    assert write(changes, 400_000)


def test_room_that_nobody_takes_is_not_kept_for_ever(changes: Ledger, pages: Ledger) -> None:
    AccountLimits.objects.update(page_room_until=database_now())

    assert write(changes, 900_000)


def test_a_single_change_finds_the_room_free(tenant: Tenant, pages: Ledger) -> None:
    assert write(make(tenant, backlog=False), 900_000)


def test_a_reading_of_next_to_nothing_takes_no_room_away(changes: Ledger, pages: Ledger) -> None:
    read(pages, 1_000)
    with pytest.raises(Throttled):
        write(changes, 600_000)


def test_a_reading_that_is_refused_in_spite_of_its_room_is_kept_more(
    tenant: Tenant, changes: Ledger, pages: Ledger
) -> None:
    write(make(tenant, backlog=False), 900_000)
    with pytest.raises(Throttled):
        read(pages, PAGE)

    assert rooms.kept(AccountLimits.objects.get(), database_now()) == 750_000


def test_a_reading_of_somebody_who_has_little_to_read_has_room_kept_too(
    tenant: Tenant, changes: Ledger
) -> None:
    write(changes, 900_000)
    with pytest.raises(Throttled):
        read(make(tenant, backlog=False), PAGE)
    a_minute_passes()
    AccountLimits.objects.update(turn_kept_until=None)
    with pytest.raises(Throttled):
        write(changes, 600_000)

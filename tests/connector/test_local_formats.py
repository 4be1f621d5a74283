"""Numbers and times as a tenant's country writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connector import local_formats
from tenants.models import Tenant

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SPACE = "\N{NO-BREAK SPACE}"


def tenant(zone: str) -> Tenant:
    return Tenant(slug="x", name="X", timezone=zone)


OSLO, COPENHAGEN, LONDON = map(tenant, ("Europe/Oslo", "Europe/Copenhagen", "Europe/London"))


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1234567.5", f"1{SPACE}234{SPACE}567,50"),
        ("-0.125", "−0,125"),
        ("1234.560000", f"1{SPACE}234,56"),
        ("0", "0,00"),
        ("1E+3", f"1{SPACE}000,00"),
    ],
)
def test_an_amount_has_two_decimals_or_all_it_has(amount: str, told: str) -> None:
    assert local_formats.amount(Decimal(amount), OSLO) == told


@pytest.mark.parametrize(
    ("where", "told"), [(COPENHAGEN, "1.234,50"), (LONDON, "1,234.50"), (None, "1,234.50")]
)
def test_each_country_has_its_own_separators(where: Tenant | None, told: str) -> None:
    assert local_formats.amount(Decimal("1234.5"), where) == told


def test_a_date_is_never_moved_by_a_zone() -> None:
    days = [local_formats.day(date(2026, 1, 1), tenant(z)) for z in ("Europe/Oslo", "Pacific/Apia")]

    assert days == ["01.01.2026", "2026-01-01"]


def test_a_moment_is_told_in_the_tenants_zone() -> None:
    assert local_formats.moment(NOW, OSLO) == "23.11.2026 13:00"


def test_vismas_timestamps_get_no_zone() -> None:
    assert local_formats.as_written("2026-07-14T23:59:58.1234567", OSLO) == "14.07.2026 23:59"


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "24.10.2026"),
        (timedelta(minutes=-10), "in 10 min"),
        (timedelta(seconds=-5), "in a moment"),
    ],
)
def test_the_near_past_and_future_are_told_as_spans(passed: timedelta, told: str) -> None:
    assert local_formats.ago(NOW - passed, NOW, OSLO) == told

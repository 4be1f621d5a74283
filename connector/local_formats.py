"""Numbers, dates and times as a tenant's country writes them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, numberformat
from django.utils.formats import get_format

from mappings.showing import plain
from tenants.models import Tenant

# A tenant says its time zone only; the country of that zone says how numbers and days are written.
LANGUAGES = {
    "Arctic/Longyearbyen": "nb",
    "Atlantic/Reykjavik": "is",
    "Europe/Amsterdam": "nl",
    "Europe/Berlin": "de",
    "Europe/Copenhagen": "da",
    "Europe/Helsinki": "fi",
    "Europe/Mariehamn": "sv",
    "Europe/Oslo": "nb",
    "Europe/Stockholm": "sv",
}
ELSEWHERE = "en-gb"
MINUS = "\N{MINUS SIGN}"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def language_of(tenant: Tenant | None) -> str:
    return LANGUAGES.get(tenant.timezone, ELSEWHERE) if tenant else ELSEWHERE


def zone_of(tenant: Tenant | None) -> ZoneInfo:
    return ZoneInfo(tenant.timezone if tenant else "UTC")


def number(value: Decimal | int, tenant: Tenant | None) -> str:
    """Grouped, with the value's own decimals; never rounded."""
    return _grouped(value, language_of(tenant), decimals=None)


def amount(value: Decimal, tenant: Tenant | None) -> str:
    """With two decimals, or as many more as the value has: an amount is never rounded."""
    places = -int(value.normalize().as_tuple().exponent) if value else 0
    return _grouped(value, language_of(tenant), decimals=max(places, 2))


def anything(value: Any, tenant: Tenant | None) -> str:
    """Any value as one line: days and numbers as the country writes them, none of it rounded."""
    match value:
        case bool():
            return plain(value)
        case Decimal() | int():
            return number(_without_empty_places(value), tenant)
        case datetime():
            return f"{day(value.date(), tenant)} {value:%H:%M}"
        case date():
            return day(value, tenant)
        case tuple() | list():
            return plain([anything(each, tenant) for each in value])
    return plain(value)


def _without_empty_places(value: Decimal | int) -> Decimal:
    """Visma gives four decimals of everything: 1234.5600 reads 1234.56, and 0.0000 reads 0."""
    found = Decimal(value)
    return found.quantize(Decimal(1)) if found == found.to_integral() else found.normalize()


def day(value: date, tenant: Tenant | None) -> str:
    """A date stays the date it is: no zone is applied."""
    pattern = str(get_format("SHORT_DATE_FORMAT", lang=language_of(tenant)))
    return dateformat.format(value, pattern)


def moment(value: datetime, tenant: Tenant | None, *, seconds: bool = False) -> str:
    local = value.astimezone(zone_of(tenant))
    return f"{day(local.date(), tenant)} {local:{'%H:%M:%S' if seconds else '%H:%M'}}"


def ago(value: datetime, now: datetime, tenant: Tenant | None) -> str:
    """How long ago, or how soon; the date once that says more."""
    passed = now - value
    if abs(passed) < timedelta(seconds=45):
        return "just now" if passed >= timedelta(0) else "in a moment"
    if abs(passed) >= 6 * DAY:
        return day(value.astimezone(zone_of(tenant)).date(), tenant)
    span = _span(abs(passed))
    return f"{span} ago" if passed > timedelta(0) else f"in {span}"


def _span(length: timedelta) -> str:
    if length < 90 * MINUTE:
        return f"{max(round(length / MINUTE), 1)} min"
    if length < 36 * HOUR:
        return f"{round(length / HOUR)} h"
    return f"{round(length / DAY)} days"


def as_written(text: str, tenant: Tenant | None) -> str:
    """One of Visma's timestamps: they carry no zone, and none is invented."""
    try:
        found = datetime.fromisoformat(text[:26])
    except ValueError:
        return text
    return f"{day(found.date(), tenant)} {found:%H:%M}"


def _grouped(value: Decimal | int, language: str, *, decimals: int | None) -> str:
    text = numberformat.format(
        Decimal(value).copy_abs(),
        get_format("DECIMAL_SEPARATOR", lang=language),
        decimal_pos=decimals,
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR", lang=language),
        force_grouping=True,
    )
    return f"{MINUS}{text}" if value < 0 else text

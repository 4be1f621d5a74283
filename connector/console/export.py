"""CSV that opens right in a Nordic spreadsheet and never runs as a formula there."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import get_format

from connector.local_formats import language_of, zone_of
from connector.models import LinkState, RecordLink
from tenants.models import Tenant

# What spreadsheets take for the start of a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEAD = (
    *("Entity", "Number", "Party", "Amount", "Currency", "Mapping", "State", "Reason"),
    *("Item id", "Last written", "Key"),
)
# Told at the start, so that spreadsheets read the letters right.
BYTE_ORDER_MARK = "\ufeff"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(links: QuerySet[RecordLink], tenant: Tenant) -> Iterator[str]:
    """A line for each link, read from the database bit by bit."""
    comma = get_format("DECIMAL_SEPARATOR", lang=language_of(tenant)) == ","
    writer = csv.writer(_Echo(), delimiter=";" if comma else ",")
    yield BYTE_ORDER_MARK + writer.writerow(HEAD)
    for link in links.iterator(chunk_size=2_000):
        yield writer.writerow([safe(value, comma, tenant) for value in _row(link)])


def safe(value: Any, comma: bool, tenant: Tenant) -> str:
    """Numbers and times as the country writes them; a text is a text, whatever it starts with."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return text.replace(".", ",") if comma else text
    if isinstance(value, datetime):
        return f"{value.astimezone(zone_of(tenant)):%Y-%m-%d %H:%M:%S}"
    text = str(value)
    return f"'{text}" if text.lstrip(" \ufeff").startswith(FORMULA) else text


def _row(link: RecordLink) -> Iterable[Any]:
    record = link.record
    return (
        *(record.entity, record.number or record.key, record.party),
        *(record.amount, record.currency, link.mapping.name),
        *(LinkState(link.state).label, link.failure_happened, link.item_id),
        *(link.delivered_at, record.key),
    )

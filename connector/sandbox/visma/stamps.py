"""Timestamps and row versions as Visma writes them: no zone, as many fraction digits as needed."""

import base64
from datetime import datetime, time
from zoneinfo import ZoneInfo

from connector.sandbox.clock import Clock
from connector.sandbox.visma.quirks import Quirks

# Where the first row version starts; those of live companies are of this size.
FIRST_VERSION = 0x0161D000

REQUEST_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
)


class Stamps:
    """The company's wall clock and its one counter of row versions."""

    def __init__(self, clock: Clock, quirks: Quirks) -> None:
        self.clock = clock
        self.quirks = quirks
        self.version = FIRST_VERSION

    def now(self) -> datetime:
        """Naive, in the company's zone."""
        return self.clock.now().astimezone(ZoneInfo(self.quirks.zone)).replace(tzinfo=None)

    def next_version(self) -> str:
        self.version += 1
        return version_text(self.version)


def version_text(number: int) -> str:
    """Eight bytes in base64, as SQL Server's rowversion leaves through JSON."""
    return base64.b64encode(number.to_bytes(8, "big")).decode()


def written(moment: datetime) -> str:
    """Milliseconds without trailing zeros; text of this form sorts as time does."""
    fraction = f"{moment.microsecond // 1000:03d}".rstrip("0")
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "")


def day(moment: datetime) -> str:
    """A date field: midnight, zone-less."""
    return written(datetime.combine(moment.date(), time.min))


def asked(text: str) -> str:
    """A date of a filter in the form of ``written``; ValueError for a zone or another format."""
    for form in REQUEST_FORMATS:
        try:
            return written(datetime.strptime(text, form))  # noqa: DTZ007 - Visma has no zone
        except ValueError:
            continue
    raise ValueError(f"'{text}' is not a valid date and time")


def period(date_text: str) -> str:
    """The financial period YYYYMM of a date field."""
    return date_text[:4] + date_text[5:7]

"""Bulk loads: rows of a CSV file that monday takes in by itself, hundreds in three calls.

Formats: monday, API reference, "Importing items in bulk" (September 2026). At most 10,000 rows a
load, 100 loads and 19,000 rows an hour. The answer names no item: read the board afterwards.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from connector.errors import ConnectorError, Explanation, GiveUp, TryAgain
from connector.http import WireError

from . import queries
from .answer import Answer
from .errors import unreadable
from .reading import Reading
from .verdicts import WAIT

Row = list[str]

MOST_ROWS = 10_000
CLEAR = "<NULL>"
UPLOAD_DEADLINE = 40.0  # seconds; 10,000 rows of invoices are about 3 MB
# Column types whose cells decide whether a row is an update or a new item.
MATCHABLE = ("text", "name", "numbers", "email", "phone", "link", "date", "long_text", "status")


@dataclass(frozen=True)
class Load:
    """A started load; the address carries its own permission, so it is never stored or shown."""

    id: str
    upload_url: str = field(repr=False)


@dataclass(frozen=True)
class LoadState:
    """``status``: UPLOAD_PENDING, PROCESSING, COMPLETED, FAILED or REJECTED.

    ``written``: items created and updated; None where monday does not count them.
    """

    status: str
    written: int | None
    percent: int
    reason: str

    @property
    def is_over(self) -> bool:
        return self.status in ("COMPLETED", "FAILED", "REJECTED")


def read_load(answer: Answer) -> Load:
    """Raises why no load was started, and OutcomeUnknown where the answer does not say."""
    started = answer.data.get("a0")
    if started is None and isinstance(refusal := answer.outcome("a0"), ConnectorError):
        raise refusal
    if not isinstance(started, dict) or not started.get("job_id") or not started.get("upload_url"):
        raise unreadable(answer.exchange, "no load was named")
    return Load(str(started["job_id"]), str(started["upload_url"]))


def load_state(client: Reading, load_id: str) -> LoadState:
    answer = client.execute(queries.bulk_load(load_id))
    found = answer.data.get("fetch_job_status")
    if not isinstance(found, dict) or not found.get("status"):
        raise unreadable(answer.exchange, "no status of the load")
    return LoadState(
        status=str(found["status"]),
        written=_written(found.get("counts") or {}),
        percent=int(found.get("progress_percentage") or 0),
        reason=str(found.get("failure_message") or found.get("failure_reason") or ""),
    )


def _written(counts: Mapping[str, Any]) -> int | None:
    """Any count may be missing, and a missing one is not zero."""
    created, updated = counts.get("created"), counts.get("updated")
    return None if created is None or updated is None else int(created) + int(updated)


def upload(session: requests.Session, load: Load, rows: str, *, api_url: str) -> None:
    """Put the rows where monday said. Twice is the same as once.

    Raises TryAgain, and GiveUp where the address is not one of monday's kind: TLS, as its API.
    """
    if urlsplit(load.upload_url).scheme != urlsplit(api_url).scheme:
        raise GiveUp(NOT_SECURE)
    try:
        reply = session.put(
            load.upload_url,
            data=rows.encode(),
            headers={"Content-Type": "text/csv"},
            timeout=UPLOAD_DEADLINE,
        )
    except WireError as error:
        raise TryAgain(_not_taken(str(error))) from None
    if reply.status_code != 200:
        raise TryAgain(_not_taken(f"HTTP {reply.status_code}"))


def _not_taken(detail: str) -> Explanation:
    return Explanation(
        code="upload_refused",
        happened="monday.com did not take the file of a bulk load.",
        remedy=WAIT,
        fixer="nobody",
        detail=detail,
    )


NOT_SECURE = Explanation(
    code="upload_not_secure",
    happened="monday.com named an unprotected address for a bulk load.",
    remedy="Nothing to do: the items are created without bulk loads.",
    fixer="nobody",
)


# --- the rows ---------------------------------------------------------------------------------
class Sheet:
    """A file of items. ``types`` by column, in their order; what no CSV can carry is left out."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.formats = {c: FORMATS[type_] for c, type_ in types.items() if type_ in FORMATS}

    def row(self, name: str, cells: Mapping[str, Any]) -> Row | None:
        """An item's row; None where it cannot carry the cells as they are.

        Absent cells stay as they are on the board; None clears.
        """
        row: dict[str, str] = dict.fromkeys(self.formats, "")
        for column, cell in cells.items():
            text = self._text(column, cell)
            if text is None:
                return None
            if column in row:
                row[column] = text
        return [name, *row.values()]

    def _text(self, column: str, cell: Any) -> str | None:
        if cell is None:
            return CLEAR
        format_ = self.formats.get(column)
        text = format_(cell) if format_ else None
        # An empty cell means "leave it", the clear mark "empty": neither may be a value.
        return text if isinstance(text, str) and text.strip() not in ("", CLEAR) else None

    def file(self, rows: Iterable[Row]) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([["name", *self.formats], *rows])
        return text.getvalue()


def _plain(cell: Any) -> str | None:
    return cell if isinstance(cell, str) else None


def _labels(cell: Any) -> str | None:
    labels = cell.get("labels") if isinstance(cell, dict) else None
    if not labels or any("," in str(label) for label in labels):
        return None
    return ",".join(map(str, labels))


def _email(cell: Any) -> str | None:
    email, text = cell["email"], cell.get("text") or cell["email"]
    if set(text) & set("<>"):
        return None
    return str(email) if text == email else f"{text} <{email}>"


def _link(cell: Any) -> str | None:
    url, text = cell["url"], cell.get("text")
    if set(f"{url}{text or ''}") & set("[]()"):
        return None
    return f"[{text}]({url})" if text else str(url)


FORMATS: dict[str, Callable[[Any], str | None]] = {
    "text": _plain,
    "numbers": _plain,
    "long_text": lambda cell: cell.get("text") if isinstance(cell, dict) else _plain(cell),
    "date": lambda cell: None if cell.get("time") else cell.get("date"),
    "status": lambda cell: cell.get("label"),
    "dropdown": _labels,
    "checkbox": lambda cell: "true" if cell.get("checked") == "true" else "false",
    "email": _email,
    "link": _link,
    "timeline": lambda cell: f"{cell['from']}/{cell['to']}" if "from" in cell else None,
    "people": lambda cell: ",".join(f"user:{p['id']}" for p in cell.get("personsAndTeams", ())),
    "board_relation": lambda cell: ",".join(map(str, cell.get("item_ids", ()))),
}

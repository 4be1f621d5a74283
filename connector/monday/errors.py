"""Which error of monday means which verdict, and the words a person reads.

The table is read from the top; the first line whose pattern and status both fit decides. Codes
and texts are those of monday's documentation (2026-09), of its own public test fixtures, and of
the shapes from before 2025; every line has a test.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.http import NotReachedError, Reply, WireError, wait

from .documents import Document
from .faults import Fault
from .refusals import LINES
from .verdicts import UNREADABLE, WAIT, Line


@dataclass(frozen=True)
class Exchange:
    """One document and the HTTP answer it got."""

    document: Document
    reply: Reply = field(repr=False)
    request_id: str = ""


# What is not found where monday does not say it.
ABOUT = {"update_items": "item", "archive_items": "item", "bulk_load": "load"}
# Of several errors about one thing, the one that promises least decides.
RANK = ("unknown", "throttled", "again", "ask", "refused")


def judge(faults: tuple[Fault, ...], exchange: Exchange) -> ConnectorError:
    """The verdict on a request, or on one alias of it, that was not applied as asked."""
    lines = [(find_line(fault, exchange), fault) for fault in faults]
    line, fault = min(lines, key=lambda pair: RANK.index(pair[0].verdict))
    return _verdict(line, fault, exchange)


def unreadable(exchange: Exchange, reason: str = "") -> ConnectorError:
    """An answer that makes no sense: its status may still say enough, never more than that."""
    line = find_line(Fault(""), exchange)
    chosen = UNREADABLE if line.code == "server_error" and exchange.reply.status < 500 else line
    return _verdict(chosen, Fault(reason), exchange)


def unanswered(error: WireError, document: Document) -> ConnectorError:
    reached = not isinstance(error, NotReachedError)
    why = Explanation(
        code="no_answer" if reached else "not_reached",
        happened="monday.com did not answer." if reached else "monday.com was not reached.",
        remedy=WAIT,
        fixer="nobody",
        detail=str(error)[:500],
    )
    return OutcomeUnknown(why) if reached and document.mutation else TryAgain(why)


def find_line(fault: Fault, exchange: Exchange) -> Line:
    reply = exchange.reply
    subject = _subject(fault, exchange.document)
    status = reply.status if reply.status >= 400 else fault.status or 0
    return next(line for line in LINES if line.fits(subject, status))


def _subject(fault: Fault, document: Document) -> str:
    """``code`` without punctuation, then what is being talked about, then the message."""
    code = re.sub(r"[^a-z0-9]", "", fault.code.lower())
    names = " ".join(sorted(fault.facts))
    reason = str(fault.facts.get("error_reason", ""))
    subject = f"{code} {fault.message} {reason} {names}".lower()
    about = ABOUT.get(document.operation, "board")
    named = about != "load" and re.search(r"item|board|column|group", subject)
    if code == "resourcenotfoundexception" and not named:
        subject += f" {about}"
    return subject


def _verdict(line: Line, fault: Fault, exchange: Exchange) -> ConnectorError:
    reply = exchange.reply
    why = Explanation(
        code=line.code,
        happened=reply.quote(line.happened.format_map(_names(fault))),
        remedy=line.remedy,
        fixer=line.fixer,
        detail=reply.quote(f"{fault.code} {fault.message}") or reply.snippet(),
        request_id=exchange.request_id,
    )
    waits = [each for each in (reply.retry_after, fault.retry_in) if each is not None]
    after = wait(max(waits, default=None))
    if line.verdict == "ask":
        return AskAPerson(why, line.reach)
    if line.verdict == "refused":
        return GiveUp(why)
    if line.verdict == "throttled":
        return Throttled(why, after)
    if line.verdict == "unknown" and exchange.document.mutation:
        return OutcomeUnknown(why, after)
    return TryAgain(why, after)


_LABEL = re.compile(r"label[^'\"“”]{0,20}['\"“]([^'\"“”]{1,60})['\"”]", re.IGNORECASE)


def _names(fault: Fault) -> dict[str, str]:
    """What the words may name: the label and the column, as far as monday says which."""
    in_text = _LABEL.search(fault.message)
    label = in_text[1] if in_text else _said(fault, "label", "label_text")
    column = _said(fault, "column_title", "column_name", "column_id")
    return {
        "label": f"The label “{label}”" if label else "A label",
        "column": f"column “{column}”" if column else "a column",
    }


def _said(fault: Fault, *names: str) -> str:
    values: list[Any] = [fault.facts.get(name) for name in names]
    return next((value for value in values if isinstance(value, str) and value), "")

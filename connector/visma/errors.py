"""Which answer of Visma means which verdict, and the words a person reads.

The table is read from the top; the first line that fits decides. Sources: Visma's developer
documentation and recorded answers; property names vary in case (``message``, ``Message``).
"""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    Fixer,
    GiveUp,
    Throttled,
    TryAgain,
)
from connector.http import NotReachedError, Reply, WireError, wait

from .records import decode

TENANT_ID_PLACE = "Visma Admin → Company → Edit → Configuration → Tenant id"
WAIT = "Nothing to do; it is tried again by itself."


@dataclass(frozen=True)
class Line:
    """One line of the table: what it fits (fault codes or statuses), what it means, the words."""

    faults: tuple[str, ...]  # IPPException codes; ("",) = any answer without one
    statuses: range | tuple[int, ...]
    verdict: Literal["again", "throttled", "refused", "ask"]
    code: str
    happened: str
    remedy: str
    fixer: Fixer = "nobody"

    def fits(self, status: int, fault: str) -> bool:
        return (not self.faults or fault in self.faults) and status in self.statuses


EVERY = range(1000)
LINES: tuple[Line, ...] = (
    Line(
        ("12002",),
        EVERY,
        "ask",
        "company_refused",
        "Visma does not open the company with Company id {company}.",
        "Check the Company id of this connection, and that the application is approved for the "
        "company in Visma App Store.",
        "visma_admin",
    ),
    Line(
        ("12027",),
        EVERY,
        "ask",
        "company_refused",
        "Visma says that there is no licence for the company with Company id {company}.",
        "Check the Company id, and that the Tenant id is the company's own and not the "
        f"customer's ({TENANT_ID_PLACE}).",
        "visma_admin",
    ),
    Line(
        (),
        (401,),
        "ask",
        "not_connected",
        "Visma does not accept this connection, also not after a new sign-in.",
        "Most often the Tenant id is the customer's instead of the company's: take it from "
        f"{TENANT_ID_PLACE}. Then check that the application is approved in Visma App Store.",
        "visma_admin",
    ),
    Line(
        (),
        (403,),
        "ask",
        "permission",
        "The application may not do this in Visma.",
        "Ask the Integration Administrator to approve the application's access (read, create, "
        "update) in Visma App Store.",
        "visma_admin",
    ),
    Line(
        (),
        (429,),
        "throttled",
        "rate_window",
        "Visma's limit of calls for this company is used up for now.",
        WAIT,
    ),
    Line(
        (),
        (412,),
        "again",
        "changed_meanwhile",
        "Somebody changed the document in Visma at the same moment.",
        "Nothing to do; it is read again and decided anew.",
    ),
    Line((), (408,), "again", "no_answer", "Visma took too long to answer.", WAIT),
    Line(
        (),
        (404, 405, 410),
        "ask",
        "api_changed",
        "Visma does not offer this at the address we use.",
        "Check VISMA_API_URL, or update ml-connector.",
        "you",
    ),
    Line(
        (),
        range(400, 500),
        "refused",
        "refused",
        "Visma refused the request.",
        "Read Visma's own words below, correct the document in Visma, then press Replay.",
        "visma_admin",
    ),
    Line((), range(500, 600), "again", "server_error", "Visma has a problem of its own.", WAIT),
    Line((), EVERY, "again", "unreadable_answer", "Visma's answer makes no sense.", WAIT),
)


def judge(reply: Reply, *, company_id: str, one_record: bool) -> ConnectorError:
    """The verdict on a read that did not succeed.

    A refused record is given up; a refused page is read again later, since giving up a page
    would lose every record on it.
    """
    fault, message = said(reply.body)
    line = next(line for line in LINES if line.fits(reply.status, fault))
    why = Explanation(
        code=line.code,
        happened=line.happened.format(company=company_id),
        remedy=line.remedy,
        fixer=line.fixer,
        detail=reply.quote(f"{fault} {message}") if message else reply.snippet(),
        request_id=reply.headers.get("Ipp-Request-Id", "")[:100],
    )
    if line.verdict == "ask":
        return AskAPerson(why, "connection")
    if line.verdict == "refused" and one_record:
        return GiveUp(why)
    kind = Throttled if line.verdict == "throttled" else TryAgain
    return kind(why, wait(reply.retry_after))


def said(body: bytes) -> tuple[str, str]:
    """(fault code, message) of an error body, whatever its shape; ("", "") when it has none."""
    try:
        found = decode(body)
    except (msgspec.DecodeError, RecursionError):
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    lower = {str(key).lower(): value for key, value in found.items()}
    fault = lower.get("exceptionfaultcode") or lower.get("faultcode") or ""
    message = lower.get("exceptionmessage") or lower.get("message") or lower.get("title") or ""
    return str(fault), str(message)


def is_fault(payload: Any) -> bool:
    """An error in the clothes of a success: HTTP 200 with an exception in it."""
    return isinstance(payload, dict) and any(k.lower() == "exceptionfaultcode" for k in payload)


def not_answered(system: str, error: WireError) -> TryAgain:
    """Nothing usable came back from a call that changes nothing."""
    reached = not isinstance(error, NotReachedError)
    return TryAgain(
        Explanation(
            code="no_answer" if reached else "not_reached",
            happened=f"{system} did not answer." if reached else f"{system} was not reached.",
            remedy=WAIT,
            fixer="nobody",
            detail=str(error)[:500],
        )
    )


def unreadable(system: str, detail: str = "") -> TryAgain:
    return TryAgain(
        Explanation(
            code="unreadable_answer",
            happened=f"{system}'s answer makes no sense.",
            remedy=WAIT,
            fixer="nobody",
            detail=detail[:500],
        )
    )

"""The table of monday's errors: pattern, verdict, words."""

import re
from dataclasses import dataclass
from typing import Literal

from connector.errors import Fixer, Reach

WAIT = "Nothing to do; it is tried again by itself."
REPLAY = "then press Replay."


@dataclass(frozen=True)
class Line:
    """``pattern`` is searched in "code message names", lower case; ``statuses`` () = any.

    ``{label}`` and ``{column}`` in ``happened`` are filled from what monday said.
    """

    pattern: str
    verdict: Literal["unknown", "throttled", "again", "ask", "refused"]
    code: str
    happened: str
    remedy: str = WAIT
    fixer: Fixer = "nobody"
    reach: Reach = "record"
    statuses: range | tuple[int, ...] = ()

    def fits(self, subject: str, status: int) -> bool:
        in_status = not self.statuses or status in self.statuses
        return in_status and re.search(self.pattern, subject) is not None


UNREADABLE = Line("", "unknown", "unreadable_answer", "monday.com's answer makes no sense.")
OWN_PROBLEM = "monday.com has a problem of its own."

TROUBLE = (
    # First: a failing server may have applied the request, whatever else it says.
    Line("", "unknown", "server_error", OWN_PROBLEM, statuses=range(500, 600)),
    Line("^internal", "unknown", "server_error", OWN_PROBLEM),
    Line("", "unknown", "no_answer", "monday.com took too long.", statuses=(408,)),
    Line(
        "^idempotencyconflict|idempotency key is currently",
        "unknown",
        "in_progress",
        "monday.com is still working on the same request.",
        "Nothing to do; we ask again for its result.",
    ),
    Line("^apitemporarilyblocked", "again", "api_blocked", "monday.com has paused its API."),
    Line("currently locked", "again", "board_busy", "The board is busy in monday.com."),
    Line("", "again", "board_busy", "The board is busy in monday.com.", statuses=(423,)),
    Line(
        "cursor.*(expired|invalid|not valid)|^cursor(expired|exception)",
        "again",
        "cursor_expired",
        "Reading the board took too long and starts over.",
    ),
)

LIMITS = (
    Line(
        "exceeds? (the )?max(imum)? complexity|^maxcomplexity",
        "refused",
        "too_complex",
        "The request is larger than monday.com takes at once.",
        "Set a smaller batch size, " + REPLAY,
        "you",
    ),
    Line(
        "^dailylimitexceeded|daily limit",
        "throttled",
        "rate_daily",
        "The monday.com account has used all its API calls of today.",
        "Nothing to do; it goes on after 00:00 UTC. A higher monday.com plan allows more calls.",
        "monday_admin",
    ),
    Line(
        "^complexity(budgetexhausted|exception)|complexity budget",
        "throttled",
        "rate_complexity",
        "The monday.com account has used its API budget of this minute.",
    ),
    Line(
        "^(maxconcurrency|concurrencylimit|fieldlimit)exceeded|concurrency limit|concurrent req",
        "throttled",
        "rate_concurrency",
        "Too many requests to monday.com run at the same time.",
    ),
    Line(
        "^(minuteratelimit|minutelimitrate|fieldminuteratelimit)exceeded|minute (rate )?limit",
        "throttled",
        "rate_minute",
        "The monday.com account has used its API calls of this minute.",
    ),
    Line(
        "call limit exceeded for",
        "throttled",
        "rate_boards",
        "Too many boards were created in this minute.",
    ),
    Line("^ipratelimit", "throttled", "rate_ip", "Too many requests come from our address."),
    Line(
        "^(ratelimitexceeded|toomanyrequests)|rate limit|too many requests",
        "throttled",
        "rate_limit",
        "monday.com asks us to slow down.",
    ),
    Line("", "throttled", "rate_limit", "monday.com asks us to slow down.", statuses=(429,)),
)

ACCESS = (
    Line(
        r"\bip\b.*restricted",
        "ask",
        "ip_restricted",
        "The monday.com account does not allow connections from our address.",
        "Ask a monday.com admin to allow the address in Administration → Security, or to remove "
        "the restriction.",
        "monday_admin",
        "connection",
    ),
    Line(
        "^(missingrequiredpermissions|unauthorizedfieldortype)",
        "ask",
        "scope_missing",
        "The monday.com token may not do this.",
        "Connect monday.com again with a token of a user who may change the board.",
        "you",
        "connection",
    ),
    Line(
        "^useraccessdenied",
        "ask",
        "permission",
        "The monday.com user of this connection has no access any more.",
        "Ask a monday.com admin to restore the user, or connect with another user's token.",
        "monday_admin",
        "connection",
    ),
    Line(
        "^(userunauthorized|forbidden)|user unauthorized|not authorized to",
        "ask",
        "permission",
        "The monday.com user of this connection may not change this board.",
        "Ask the board's owner to add the user as an editor of the board in monday.com.",
        "monday_admin",
        "board",
    ),
    Line(
        "^(unauthorized|unauthenticated|notauthenticated)|not authenticated",
        "ask",
        "not_connected",
        "monday.com does not accept the token of this connection.",
        "In monday.com open your picture → Developers → My access tokens, copy the token, and "
        "connect again.",
        "you",
        "connection",
    ),
    Line(
        "",
        "ask",
        "not_connected",
        "monday.com does not accept the token of this connection.",
        "In monday.com open your picture → Developers → My access tokens, copy the token, and "
        "connect again.",
        "you",
        "connection",
        statuses=(401,),
    ),
    Line(
        "^(invalidversion|undefinedfield|undefinedtype)|exist on type",
        "ask",
        "api_changed",
        "monday.com has changed its API in a way this version does not know.",
        "Update ml-connector.",
        "you",
        "connection",
    ),
)

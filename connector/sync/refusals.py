"""What stopped us on our own side, in words: a limit that is used up, a worker that ended."""

from datetime import timedelta

from connector.errors import Explanation, Throttled

AT_LEAST = timedelta(milliseconds=50)
GOES_ON = "Nothing to do: the connector goes on by itself when the limit allows it."

HAPPENED = {
    "rate_minute": "The account's limit of calls a minute is used up for now.",
    "rate_mutations": "The account's limit of changes a minute is used up for now.",
    "rate_complexity": "The account's limit of complexity a minute is used up for now.",
    "rate_concurrency": "The account's limit of calls at the same time is used up for now.",
    "rate_daily": "The account's limit of calls a day is used up until 00:00 UTC.",
    "rate_pace": "More than half of the account's calls of today are used; the rest is spread "
    "until 00:00 UTC.",
    "rate_window": "Visma's limit of calls in this hour is nearly or wholly used up.",
    "rate_ip": "monday.com's limit of calls from our address in ten seconds is used up for now.",
    "rate_loads": "The account's limit of bulk loads an hour is used up for now.",
    "rate_turn": "A change of today goes before this backlog.",
}


def throttled(code: str, wait: timedelta) -> Throttled:
    why = Explanation(
        code=code,
        happened=HAPPENED.get(code, "monday.com asks us to wait."),
        remedy=GOES_ON,
        fixer="nobody",
    )
    return Throttled(why, after=max(wait, AT_LEAST))


NOT_TOLD = Explanation(
    code="no_answer",
    happened="The worker ended before monday.com’s answer was stored.",
    remedy="Nothing to do: the board is looked at and written again where needed.",
    fixer="nobody",
)

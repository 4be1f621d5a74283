"""The words of every page: states with their tone and icon, who can mend what, and trouble."""

from dataclasses import dataclass

from connector.errors import Explanation


@dataclass(frozen=True)
class Badge:
    """A state in a word, with an icon and a tone; the tone never stands alone."""

    word: str
    icon: str
    tone: str = ""


# Green is kept for what was compared on both sides or proven by a test: delivered is not enough.
BADGES: dict[str, Badge] = {
    # links
    "waiting": Badge("Waiting", "clock"),
    "sending": Badge("Being sent", "send", "busy"),
    "uncertain": Badge("Uncertain", "question", "unsure"),
    "delivered": Badge("On the board", "check"),
    "excluded": Badge("Left out", "filter"),
    "failed": Badge("Failed", "cross", "bad"),
    "gone": Badge("Item removed", "cross", "bad"),
    # receipts
    "sent": Badge("Asked for", "send", "busy"),
    "made": Badge("Under way", "send", "busy"),
    "refused": Badge("Refused", "cross", "bad"),
    "dry": Badge("Dry run", "circle"),
    "before": Badge("Set before the rule", "circle"),
    "withdrawn": Badge("Taken back", "circle"),
    # runs
    "running": Badge("Running", "send", "busy"),
    "complete": Badge("Complete", "check"),
    "incomplete": Badge("Incomplete", "warning", "bad"),
    # connections
    "ok": Badge("Works", "check", "good"),
    "unknown": Badge("Not tested yet", "question"),
    "needs_person": Badge("Needs a person", "warning", "bad"),
    # mappings
    "active": Badge("Active", "play"),
    "paused": Badge("Paused", "pause", "warn"),
    "draft": Badge("Draft", "pencil"),
    "blocked": Badge("Blocked", "warning", "bad"),
    # attempts
    "done": Badge("Done", "check"),
    "later": Badge("Will be tried again", "clock", "warn"),
    # steps and checks
    "todo": Badge("Not started", "circle"),
    "needs_you": Badge("Needs you", "pencil", "warn"),
    "passed": Badge("Works", "check", "good"),
    "off": Badge("Off", "circle"),
    "skipped": Badge("Not tried", "circle"),
}

FIXERS = {
    "you": "You",
    "visma_admin": "A Visma administrator",
    "monday_admin": "A monday.com administrator",
    "nobody": "Nobody: it is tried again by itself",
}


@dataclass(frozen=True)
class Trouble:
    """What happened, what it means for the books, what was done, what can be done.

    ``fixer`` is one of the keys of FIXERS; ``technical`` is folded below the words.
    """

    happened: str
    meaning: str = ""
    done: str = ""
    remedy: str = ""
    fixer: str = "you"
    tone: str = "bad"
    technical: tuple[tuple[str, str], ...] = ()

    @property
    def who(self) -> str:
        return FIXERS.get(self.fixer, FIXERS["you"])


def trouble_of(why: Explanation, *, meaning: str = "", done: str = "") -> Trouble:
    """The words of a verdict as a trouble card."""
    facts = (("Code", why.code), ("Request id", why.request_id), ("Answer", why.detail))
    return Trouble(
        happened=why.happened,
        meaning=meaning,
        done=done,
        remedy=why.remedy,
        fixer=why.fixer,
        technical=tuple((name, value) for name, value in facts if value),
    )

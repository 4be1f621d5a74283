"""What can go wrong with the outside world, as three verdicts.

ConnectorError
├── TryAgain            not applied for sure; the same work may be sent again later
│   └── Throttled       a limit said when
├── OutcomeUnknown      sent, no trustworthy answer: may or may not have been applied
├── GiveUp              this one record cannot be delivered until it or the mapping changes
└── AskAPerson          a connection or a board is unusable until a person acts

The clients raise these; tables beside each client (``visma/errors.py``, ``monday/errors.py``) say
which answer means which verdict. Nobody else judges an answer.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Fixer = Literal["you", "visma_admin", "monday_admin", "nobody"]
Reach = Literal["record", "field", "item", "board", "connection"]


@dataclass(frozen=True)
class Explanation:
    """Words for a person, and the technical part folded below them.

    ``code`` is a stable slug (``label_missing``); causes are grouped by it. ``detail`` is what the
    other system said, already free of secrets and cut to 500 characters.
    """

    code: str
    happened: str
    remedy: str
    fixer: Fixer = "you"
    detail: str = ""
    request_id: str = ""


class ConnectorError(Exception):
    """Root of everything the outside world can do to us."""

    def __init__(self, why: Explanation) -> None:
        super().__init__(why.happened)
        self.why = why


class TryAgain(ConnectorError):
    """Not applied for sure. ``after`` is the wait the other side asked for, if it did."""

    def __init__(self, why: Explanation, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Throttled(TryAgain):
    """A limit of the other side, or our own ledger, says to wait. Never counts as an attempt."""


class OutcomeUnknown(ConnectorError):
    """The request left and no trustworthy answer came back. ``after``: wait before asking again."""

    def __init__(self, why: Explanation, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class GiveUp(ConnectorError):
    """This record stays undelivered until the record, the mapping or the board changes."""


class AskAPerson(ConnectorError):
    """Unusable until a person acts; ``reach`` says what is affected."""

    def __init__(self, why: Explanation, reach: Reach) -> None:
        super().__init__(why)
        self.reach = reach

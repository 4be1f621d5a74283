"""The wire: the only sessions and the only gql transport, and how calls are metered."""

from .metering import CallReport, Limits, Meter, Unmetered
from .reply import Reply, wait
from .session import DEADLINE, NoAnswerError, NotReachedError, WireError, make_session
from .transport import WholeAnswerTransport

__all__ = [
    "DEADLINE",
    "CallReport",
    "Limits",
    "Meter",
    "NoAnswerError",
    "NotReachedError",
    "Reply",
    "Unmetered",
    "WholeAnswerTransport",
    "WireError",
    "make_session",
    "wait",
]

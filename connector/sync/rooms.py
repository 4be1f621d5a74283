"""Room: what a minute keeps free for a reading that found none, while a backlog fills it.

A page of a board is dear, and who reads boards comes once a minute, not at the moment when there is
room: a backlog would have taken it by then. So the backlog goes on in what is left beside it.
"""

from datetime import datetime, timedelta

from connector.models import AccountLimits

# A tick comes a minute after the last, up to 30 s late, and its task may wait for a worker.
KEPT = timedelta(minutes=2)


def kept(limits: AccountLimits, now: datetime) -> int:
    """Points of the minute that are not for backlogs."""
    until = limits.page_room_until
    return (limits.page_room or 0) if until is not None and until > now else 0


def wanted(limits: AccountLimits, cost: int, now: datetime) -> int:
    """What to keep for a reading that was refused; refused in spite of it, half as much again:
    others read, too, and single changes go."""
    known = kept(limits, now)
    return max(cost, known * 3 // 2) if is_for(cost, known) else known


def is_for(cost: int, room: int) -> bool:
    """Whether such a reading is what the room is kept for, not one that costs next to nothing."""
    return 2 * cost >= room

"""Windows: what was spent in the last minute, and when there is room for more. Pure."""

from datetime import datetime, timedelta

# Limits count a minute at monday's end. Half a second covers what a request may spend on its way,
# so that two requests a minute apart for us are never closer for monday.
WINDOW = timedelta(seconds=60.5)


def wait_for_room(
    quota: int | None, wanted: int, spent: list[tuple[datetime, int]], now: datetime
) -> timedelta | None:
    """How long until ``wanted`` fits into the quota; None if it does now.

    ``spent``: (time, amount), oldest first. What is larger than the quota goes out alone.
    """
    if quota is None:
        return None
    excess = sum(amount for _, amount in spent) + min(wanted, quota) - quota
    for at, amount in spent:
        if excess <= 0:
            return None
        excess -= amount
        if excess <= 0:
            return at + WINDOW - now
    return None


def next_room(quota: int, enough: int, spent: list[int]) -> int:
    """What of the quota is free as soon as that is ``enough``, or else when all is free.

    ``spent``: amounts, oldest first; they leave the minute in that order.
    """
    room = quota - sum(spent)
    for amount in spent:
        if room >= enough:
            break
        room += amount
    return room

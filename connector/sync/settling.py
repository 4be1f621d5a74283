"""Settling: hints that pour in wait until it is calm, and are then looked after together.

A change or two are looked after at once. But of a storm, each reading made while it lasts would
have to be made again for the hints that came after it began: so it is made when the storm is over,
or every half minute of one that goes on. No hint that came after a reading began is left out.
"""

import time
from datetime import timedelta

from django.db.models import Count

from connector.models import Hint
from connector.models.clock import database_now
from connector.sync import hints

# One change by one person is up to three events; so many and more within CALM are a storm.
STORM = 6
CALM = timedelta(seconds=2)
# No hint waits longer for its storm to end.
PATIENCE = timedelta(seconds=30)
# How long a worker waits before it gives others their turn and looks again; in seconds.
PAUSE = 0.5


def restless(connection: hints.AnyConnection) -> set[str]:
    """Streams of Visma, or boards of monday, of which a storm of hints tells just now."""
    now = database_now()
    mine, stream = {connection.SYSTEM: connection}, hints.STREAM[connection.SYSTEM]
    lately = Hint.objects.filter(received_at__gt=now - CALM, **mine).exclude(event__in=hints.OURS)
    told = lately.values_list(stream).annotate(hints=Count("pk")).filter(hints__gte=STORM)
    stormed = {name for name, _ in told if name}
    if not stormed:
        return stormed
    tired = hints.pending(now).filter(received_at__lte=now - PATIENCE, **mine)
    return stormed - set(tired.values_list(stream, flat=True).distinct())


def come_back(connection: hints.AnyConnection) -> None:
    """Let others have their turn, and look again soon."""
    time.sleep(PAUSE)
    hints.nudge(connection)

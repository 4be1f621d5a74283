"""Board readings: a look at many pages of a board, which a limit may cut off.

A minute holds some thousand items of complexity (monday: API reference, "Complexity"). A look that
began anew each time would never come to the end of a larger board, and spend the day's calls on it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import Error
from django.db.models import QuerySet

from connector.errors import ConnectorError
from connector.models import BoardReading
from connector.models.clock import database_now
from mappings.models import BoardMapping

log = logging.getLogger(__name__)

# monday knows a cursor for 60 minutes; a page may take one of them.
CURSOR_LIFE = timedelta(minutes=58)
PURPOSE = 120  # characters
EXPIRED = "cursor_expired"
PROGRESS = ("cursor", "seen", "complete", "began_at")


@contextmanager
def going_on(mapping: BoardMapping, purpose: str) -> Iterator[BoardReading]:
    """The reading for this purpose, from where it was cut off, or a new one.

    Whoever reads notes in it each page's cursor and what the page showed. Whatever interrupts it,
    a worker's end too, keeps both for the next try; once it is through, the next is a new one.
    """
    reading = _reading(mapping, purpose[:PURPOSE])
    try:
        yield reading
    except BaseException as error:
        if isinstance(error, ConnectorError) and error.why.code == EXPIRED:
            _forget(reading)
        elif reading.cursor or reading.complete:
            _try_to_keep(reading)
        raise
    _forget(reading)


def _reading(mapping: BoardMapping, purpose: str) -> BoardReading:
    now = database_now()
    kept = BoardReading.objects.filter(mapping=mapping, purpose=purpose).first()
    if kept is None:
        return BoardReading(mapping=mapping, purpose=purpose, began_at=now)
    if now - kept.began_at > CURSOR_LIFE:
        kept.cursor, kept.seen, kept.complete, kept.began_at = "", {}, False, now
    return kept


def _try_to_keep(reading: BoardReading) -> None:
    """What interrupted it may have broken the connection to the database, and is to be told."""
    try:
        _keep(reading)
    except Error as error:
        log.warning("How far %s was read is not kept: %s", reading.mapping, error)


def _keep(reading: BoardReading) -> None:
    """Another look for the same purpose may be as far, or through, or told to begin anew.

    Then its row stays as it is, and one that is gone is not made again.
    """
    if reading.pk is None:
        BoardReading.objects.bulk_create([reading], ignore_conflicts=True)
    else:
        own = BoardReading.objects.filter(pk=reading.pk)
        own.update(**{name: getattr(reading, name) for name in PROGRESS})
    _old(reading.mapping).delete()


def begin_anew(mapping: BoardMapping, purpose: str) -> None:
    """What was seen so far is out of date. ``purpose``: its beginning."""
    BoardReading.objects.filter(mapping=mapping, purpose__startswith=purpose).delete()


def _old(mapping: BoardMapping) -> QuerySet[BoardReading]:
    """What nobody has come back for."""
    return BoardReading.objects.filter(mapping=mapping, began_at__lt=database_now() - CURSOR_LIFE)


def _forget(reading: BoardReading) -> None:
    if reading.pk is not None:
        reading.delete()

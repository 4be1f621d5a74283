"""Drift: what people changed on a board is told once, and answered once it is undone.

A board is compared before each slice, as far as its last look is old, and in between: every hour,
and every ten minutes while something is open.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from connector.errors import AskAPerson, ConnectorError, GiveUp, TryAgain
from connector.models import Action, AuditEntry, BoardLane, Outcome
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.monday.boards import Board
from connector.sync import activate, board_state, items, lanes, pauses
from connector.sync.audit import SYSTEM
from connector.sync.boards import STALE, monday_of
from connector.sync.lanes import claim, lane_of, release
from mappings.drift import HOLDING
from mappings.models import BoardMapping
from tenants.models import Health

log = logging.getLogger(__name__)

# A look costs one or two of an account's calls: 48 a day for a board that nothing happens on.
EVERY = timedelta(hours=1)
BACK_OFF = timedelta(minutes=1)


def due() -> list[int]:
    """Mappings whose board nobody has looked at lately."""
    now = database_now()
    return [
        pk
        for pk, read_at, open_ in STALE_BOARDS(before=now - STALE)
        if read_at is None
        or read_at < now - EVERY
        or any(each["kind"] in HOLDING for each in open_)
    ]


def _stale_boards() -> QuerySet[BoardMapping, Any]:
    old = Q(board_read_at=None) | Q(board_read_at__lt=Given("before"))
    rows = BoardMapping.objects.filter(old, active=True)
    rows = rows.exclude(board_columns=[])  # its first records will look at it
    rows = rows.exclude(monday__health=Health.NEEDS_PERSON)
    return rows.values_list("pk", "board_read_at", "drift")


STALE_BOARDS = Prepared(_stale_boards)


def look(mapping: BoardMapping) -> bool:
    """Look at a board now, unless a worker writes to it: that one looks by itself.

    True if the board was read, and what it was paused for is over as far as one can see.
    """
    lease = claim(lane_of(mapping).pk)
    if lease is None:
        return False
    wait: timedelta | None = None
    try:
        board = _read(mapping)
        react(mapping)
        items.look_for_gone(mapping)
        if not _takes_items(board, lease.lane):
            wait = pauses.LOOK_AGAIN
            return False
        pauses.end(lease.lane, whole=True)
        return True
    except ConnectorError as error:
        log.info("Board %s was not looked at: %s", mapping.board_id, error.why.happened)
        wait = _wait(lease.lane, mapping, error)
        return False
    finally:
        release(lease, not_before=database_now() + wait if wait else None)


def react(mapping: BoardMapping) -> bool:
    """Tell what is new; where values waited for a column that is back, plan their records again.

    True if the mapping has a new version.
    """
    over = [each for each in mapping.drift if each["over"]]
    fresh = [each for each in mapping.drift if not each["over"] and not each["told"]]
    if not over and not fresh:
        return False
    with transaction.atomic():
        row = BoardMapping.objects.select_for_update(no_key=True).get(pk=mapping.pk)
        _tell(mapping, fresh)
        back = [each for each in over if each["kind"] in HOLDING]
        if back:
            _deliver_parked(mapping, back)
        row.drift = mapping.drift = [
            {**each, "told": True}
            for each in mapping.drift
            if not each["over"] and each["kind"] not in board_state.NEWS
        ]
        row.save(update_fields=["drift"])
    return bool(back)


def wake(mapping: BoardMapping) -> None:
    """A person has mended something: the board need not wait for its next turn."""
    lanes.wake(lanes.lanes_of(mapping))


def _takes_items(board: Board, lane: BoardLane) -> bool:
    """A board that can be read may still be one that we may not write to, or that is full."""
    if pauses.is_held_up(lane):
        return False
    if lane.paused_code == "permission":
        return board.access_level != "view"
    if lane.paused_code == "board_full" and board.items_limit is not None:
        return board.items_count is None or board.items_count < board.items_limit
    return True


def _read(mapping: BoardMapping) -> Board:
    client = monday_of(mapping)
    board = client.board(mapping.board_id)
    try:
        required = client.required_columns(mapping.board_id)
    except ConnectorError:
        required = None  # not every plan has the setting
    board_state.take(mapping, board, required)
    return board


def _wait(lane: BoardLane, mapping: BoardMapping, error: ConnectorError) -> timedelta:
    if isinstance(error, AskAPerson):
        return pauses.begin(lane, error, mapping)
    if isinstance(error, GiveUp):
        pauses.refused(lane, error)
        return pauses.missed(lane)
    return (error.after if isinstance(error, TryAgain) else None) or BACK_OFF


def _deliver_parked(mapping: BoardMapping, back: list[dict[str, Any]]) -> None:
    read_at = mapping.board_read_at
    activate.replan(mapping, by=SYSTEM)
    mapping.board_read_at = read_at  # a moment ago: one look is enough
    mapping.save(update_fields=["board_read_at"])
    AuditEntry.objects.bulk_create(
        _entry(
            mapping,
            Action.RESUME,
            f"Column “{each['title']}” can be filled again; what waited for it is written.",
        )
        for each in back
    )


def _tell(mapping: BoardMapping, fresh: list[dict[str, Any]]) -> None:
    AuditEntry.objects.bulk_create(
        _entry(mapping, Action.NOTICE, f"{each['happened']} {each['goes_on']}", each["remedy"])
        for each in fresh
    )


def _entry(mapping: BoardMapping, action: Action, message: str, remedy: str = "") -> AuditEntry:
    return AuditEntry(
        tenant_id=mapping.tenant_id,
        at=database_now(),
        actor=SYSTEM,
        action=action,
        outcome=Outcome.DONE,
        mapping_name=mapping.name,
        mapping_version=mapping.version,
        entity=mapping.entity,
        board_id=mapping.board_id,
        message=message,
        remedy=remedy,
    )

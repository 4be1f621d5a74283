"""Pauses: a board or a connection that needs a person is told about once, not for each record."""

from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction

from connector.errors import AskAPerson
from connector.models import Action, AuditEntry, BoardLane, Outcome
from connector.models.clock import database_now
from connector.sync.audit import SYSTEM
from connector.sync.boards import forget_board
from connector.sync.lanes import lanes_of, mappings_of, wake
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import MondayConnection, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)
# A paused board is looked at this often, so that it goes on by itself once it is mended.
LOOK_AGAIN = timedelta(minutes=10)


@transaction.atomic
def begin(lane: BoardLane, error: AskAPerson, stopped: BoardMapping | None) -> timedelta:
    """Note who has to act and tell it, in one write; returns when the lane looks again.

    ``stopped``: the mapping that was refused. A refused connection concerns nobody else who
    writes to the same board.
    """
    mappings = mappings_of(lane)
    if error.reach == "connection" and stopped is not None:
        tenants.connection_needs_person(
            stopped.monday, happened=error.why.happened, remedy=error.why.remedy
        )
        others = [each for each in mappings if each.monday_id != stopped.monday_id]
        mappings = [each for each in mappings if each.monday_id == stopped.monday_id]
        if others:
            _tell(mappings, Action.PAUSE, error)
            return timedelta(seconds=1)
    for mapping in mappings:
        forget_board(mapping)
    if not lane.paused_code:
        _tell(mappings, Action.PAUSE, error)
    lane.paused_code = error.why.code[:40]
    BoardLane.objects.filter(pk=lane.pk).update(
        paused_code=lane.paused_code,
        paused_reason=error.why.happened,
        paused_remedy=error.why.remedy,
        paused_at=lane.paused_at or database_now(),
    )
    return LOOK_AGAIN


def end(lane: BoardLane) -> None:
    """The board answered: whatever was wrong is over."""
    if not lane.paused_code and not lane.misses:
        return
    with transaction.atomic():
        if lane.paused_code:
            _tell(mappings_of(lane), Action.RESUME, None)
        BoardLane.objects.filter(pk=lane.pk).update(
            paused_code="", paused_reason="", paused_remedy="", paused_at=None, misses=0
        )
    lane.paused_code, lane.misses, lane.paused_at = "", 0, None


def reason_of(mapping: BoardMapping) -> str:
    """Why the mapping's board is paused; "" where it is not."""
    return str(lanes_of(mapping).values_list("paused_reason", flat=True).first() or "")


def connection_works(connection: C, **facts: Any) -> None:
    """It was tested, or connected anew: its boards need not wait until they are looked at."""
    tenants.connection_ok(connection, **facts)
    if isinstance(connection, MondayConnection):
        lanes = BoardLane.objects.filter(account=connection.account_key)
        wake(lanes, paused_code="", paused_reason="", paused_remedy="", paused_at=None)


def own_up(lane: BoardLane, error: Exception) -> None:
    """An error of ml-connector itself: people see that the board waits, and why."""
    BoardLane.objects.filter(pk=lane.pk).update(
        paused_code="internal_error",
        paused_reason=f"ml-connector itself failed at this board ({type(error).__name__}).",
        paused_remedy="It tries again each minute. If this stays, look for a newer version of "
        "ml-connector; the log of the workers says more.",
        paused_at=lane.paused_at or database_now(),
    )
    lane.paused_code = "internal_error"


def _tell(mappings: list[BoardMapping], action: Action, error: AskAPerson | None) -> None:
    now = database_now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            tenant_id=mapping.tenant_id,
            at=now,
            actor=SYSTEM,
            action=action,
            outcome=Outcome.FAILED if error else Outcome.DONE,
            mapping_name=mapping.name,
            mapping_version=mapping.version,
            entity=mapping.entity,
            board_id=mapping.board_id,
            message=error.why.happened if error else "The board can be used again.",
            remedy=error.why.remedy if error else "",
            error_code=error.why.code[:40] if error else "",
            error_detail=error.why.detail[:500] if error else "",
        )
        for mapping in mappings
    )

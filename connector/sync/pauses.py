"""Pauses: a board or a connection that needs a person is told about once, not for each record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from connector.errors import AskAPerson, Explanation, GiveUp
from connector.models import Action, AuditEntry, Batch, BoardLane, Outcome
from connector.models.clock import database_now
from connector.sync.audit import SYSTEM
from connector.sync.boards import forget_board
from connector.sync.lanes import lanes_of, mappings_of, wake
from connector.sync.settlement import back_off
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import MondayConnection, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)
# A paused board is looked at this often, so that it goes on by itself once it is mended.
LOOK_AGAIN = timedelta(minutes=10)
# The verdict's own words speak of a record; the audit has monday's.
REFUSED = "monday.com refuses a question without whose answer nothing is written to this board."
ASKED_AGAIN = (
    "It is asked again by itself, every quarter of an hour at the longest. If this stays, look for "
    "a newer version of ml-connector; the log of the workers says more."
)
QUESTION_REFUSED = "question_refused"
# The board may be shared with another tenant, so it is not said whose request it is.
UNDER_WAY = Explanation(
    code="request_under_way",
    happened="A request of another monday connection to this board is under way, and that "
    "connection cannot be used at the moment.",
    remedy="Mend that connection, or ask those who write to this board with it. Nothing else is "
    "written here before it is known what became of the request.",
)


@transaction.atomic
def begin(lane: BoardLane, error: AskAPerson, stopped: BoardMapping | None) -> timedelta:
    """Note who has to act and tell it, in one write; returns when the lane looks again.

    ``stopped``: the mapping that was refused. A refused connection concerns nobody else who
    writes to the same board, unless a request of its own is under way there: nothing else is sent
    before it is known what became of that.
    """
    mappings = mappings_of(lane)
    if error.reach == "connection" and stopped is not None:
        tenants.connection_needs_person(
            stopped.monday, happened=error.why.happened, remedy=error.why.remedy
        )
        others = [each for each in mappings if each.monday_id != stopped.monday_id]
        mappings = [each for each in mappings if each.monday_id == stopped.monday_id]
        if others:
            _tell(mappings, Action.PAUSE, error.why)
            if not _under_way(lane).filter(mapping__monday=stopped.monday_id).exists():
                return timedelta(seconds=1)
            _pause(lane, others, UNDER_WAY)
            return LOOK_AGAIN
    for mapping in mappings:
        forget_board(mapping)
    _pause(lane, mappings, error.why)
    return LOOK_AGAIN


@transaction.atomic
def refused(lane: BoardLane, error: GiveUp) -> None:
    """What monday answers to a question will not change by itself: people see that, and why.

    It is asked again all the same, so that the board goes on once it is mended.
    """
    mappings = mappings_of(lane)
    alone = len({mapping.tenant_id for mapping in mappings}) == 1
    detail = error.why.detail if alone else ""  # monday's words may quote another tenant's values
    why = replace(error.why, code=QUESTION_REFUSED, happened=REFUSED, remedy=ASKED_AGAIN)
    _pause(lane, mappings, replace(why, detail=detail))


def missed(lane: BoardLane) -> timedelta:
    """One more request in a row was of no use; returns how long the lane rests."""
    lane.misses += 1
    BoardLane.objects.filter(pk=lane.pk).update(misses=lane.misses)
    return back_off(lane.misses)


def is_held_up(lane: BoardLane) -> bool:
    """Paused for a request of somebody else, which a look at the board says nothing about."""
    return lane.paused_code == UNDER_WAY.code and _under_way(lane).exists()


def end(lane: BoardLane, *, whole: bool = False) -> None:
    """The board answered: whatever was wrong is over.

    Not so a refused question, which other requests say nothing about: it is over once nothing is
    refused in a ``whole`` slice or look.
    """
    if not lane.paused_code and not lane.misses:
        return
    if lane.paused_code == QUESTION_REFUSED and not whole:
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
        wake(lanes)
        # Who waits for another's request is told once it is settled.
        lanes.exclude(paused_code=UNDER_WAY.code).update(
            paused_code="", paused_reason="", paused_remedy="", paused_at=None
        )


def own_up(lane: BoardLane, error: Exception) -> None:
    """An error of ml-connector itself: people see that the board waits, and why."""
    why = Explanation(
        code="internal_error",
        happened=f"ml-connector itself failed at this board ({type(error).__name__}).",
        remedy="It tries again each minute. If this stays, look for a newer version of "
        "ml-connector; the log of the workers says more.",
    )
    _note(lane, why)


def _under_way(lane: BoardLane) -> QuerySet[Batch]:
    return Batch.objects.filter(lane=lane).exclude(state=Batch.State.SETTLED)


def _pause(lane: BoardLane, mappings: list[BoardMapping], why: Explanation) -> None:
    if not lane.paused_code:
        _tell(mappings, Action.PAUSE, why)
    _note(lane, why)


def _note(lane: BoardLane, why: Explanation) -> None:
    lane.paused_code = why.code[:40]
    BoardLane.objects.filter(pk=lane.pk).update(
        paused_code=lane.paused_code,
        paused_reason=why.happened,
        paused_remedy=why.remedy,
        paused_at=lane.paused_at or database_now(),
    )


def _tell(mappings: list[BoardMapping], action: Action, why: Explanation | None) -> None:
    now = database_now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            tenant_id=mapping.tenant_id,
            at=now,
            actor=SYSTEM,
            action=action,
            outcome=Outcome.FAILED if why else Outcome.DONE,
            mapping_name=mapping.name,
            mapping_version=mapping.version,
            entity=mapping.entity,
            board_id=mapping.board_id,
            message=why.happened if why else "The board can be used again.",
            remedy=why.remedy if why else "",
            error_code=why.code[:40] if why else "",
            error_detail=why.detail[:500] if why else "",
        )
        for mapping in mappings
    )

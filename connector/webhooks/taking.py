"""Calls taken together: whose address, proven or not, stored by one statement, a worker woken."""

import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

from django.db import Error
from django.db import connection as database

from connector.sync import hints
from connector.webhooks import monday, visma
from connector.webhooks.calls import KEPT, NOT_KEPT, UNKNOWN, Answer, Call

SYSTEMS: dict[str, ModuleType] = {"visma": visma, "monday": monday}

R = TypeVar("R")
log = logging.getLogger(__name__)


def take(calls: list[Call]) -> None:
    """Give every call its answer. Raises Error when nobody's address can be looked up."""
    steady(lambda: _judge(calls))
    told = [call for call in calls if call.hint is not None]
    if told:
        hints.nudge_for(_store(told))


def _judge(calls: list[Call]) -> None:
    """Answers, but for the calls that have to be stored first: they have a hint instead."""
    for system, door in SYSTEMS.items():
        theirs = [call for call in calls if call.system == system]
        known = door.owners({call.path for call in theirs}) if theirs else {}
        for call in theirs:
            _judge_one(call, door, known.get(call.path))


def _judge_one(call: Call, door: ModuleType, owner: Any) -> None:
    """What goes wrong about one call is no concern of the others."""
    try:
        verdict = UNKNOWN if owner is None else door.judge(call, owner)
    except Exception:
        log.exception("A webhook call could not be judged; whoever called sends it again")
        verdict = NOT_KEPT
    if isinstance(verdict, Answer):
        call.answer = verdict
    else:
        call.hint = verdict


def _store(calls: list[Call]) -> set[hints.Whose]:
    """Whose hints are new. A hint that the database refuses keeps no other from being stored."""
    try:
        new = steady(lambda: hints.store([call.hint for call in calls if call.hint]))
    except Error:
        if len(calls) == 1:
            log.exception("A webhook call could not be stored; whoever called sends it again")
            return set()
        return set().union(*(_store([call]) for call in calls))
    for call in calls:
        call.answer = KEPT
    return new


def steady(work: Callable[[], R]) -> R:
    """Do something on a connection that may have broken since it was last used, twice if so.

    To try a connection before each use would cost a call more than storing its hint.
    """
    if database.in_atomic_block:  # not ours to close
        return work()
    database.close_if_unusable_or_obsolete()
    database.health_check_done = True  # type: ignore[attr-defined]  # Django's own, untyped
    try:
        return work()
    except Error:
        if database.connection is None or database.is_usable():
            raise
        database.close()
        return work()

"""Workers in this process that die or stall at a chosen step, as real ones do at any.

A step is a statement to the database or one side of a request. A worker that died does nothing any
more: every further step of it fails, also those of its ``finally`` clauses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db import connection
from django.db.transaction import Atomic
from requests import PreparedRequest, Response

from tests.interrupts import on_the_wire

Act = Callable[[], Any]
# A transaction that died is rolled back by the database, not by the worker.
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN")


_enter = Atomic.__enter__


class Death(BaseException):
    """Not an Exception: nothing in the product may catch it and live on."""


@dataclass(frozen=True)
class Fate:
    """At step number ``step`` the worker dies, or stalls while ``meanwhile`` happens."""

    step: int = 0  # 0: nothing happens to it
    meanwhile: Act | None = None


class Worker:
    """Runs one task of the product and lets its fate come true."""

    def __init__(
        self,
        fate: Fate,
        *,
        before: Callable[[PreparedRequest], None],
        after: Callable[[], None],
    ) -> None:
        self.fate = fate
        self.before = before
        self.after = after
        self.steps = 0
        self.is_dead = False
        self.has_stalled = False
        self.is_away = False  # stalled: what runs now is somebody else
        self.depth = len(connection.savepoint_ids)

    def run(self, task: Act) -> None:
        """Returns when the task is done or its worker dead."""
        with (
            connection.execute_wrapper(self._statement),
            on_the_wire(self._request),
            mock.patch.object(Atomic, "__enter__", self._own_transaction()),
        ):
            try:
                task()
            except Death:
                self.is_dead = True

    def _own_transaction(self) -> Callable[[Atomic], None]:
        """Django's ``delete`` asks for no savepoint of its own. Within the transaction of a test it
        needs one, or what was done before a death inside it would stay."""

        def enter(atomic: Atomic) -> None:
            if len(connection.savepoint_ids) == self.depth:
                atomic.savepoint = True
            _enter(atomic)

        return enter

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_away and not sql.startswith(SAVEPOINTS):
            self._step()
        return execute(sql, params, many, context)

    def _request(self, request: PreparedRequest, send: Callable[[], Response]) -> Response:
        if self.is_away:
            return send()
        self._step()
        self.before(request)
        response = send()
        self.after()
        self._step()
        return response

    def _step(self) -> None:
        self.steps += 1
        if self.is_dead:
            raise Death
        if not self.fate.step or self.steps < self.fate.step:
            return
        if self.fate.meanwhile is None:
            self.is_dead = True
            raise Death
        if self._in_transaction():
            return  # a lock would be held: it stalls at the next step outside
        self._stall(self.fate.meanwhile)

    def _in_transaction(self) -> bool:
        return len(connection.savepoint_ids) > self.depth

    def _stall(self, meanwhile: Act) -> None:
        self.fate = Fate()
        self.is_away = self.has_stalled = True
        try:
            meanwhile()
        finally:
            self.is_away = False

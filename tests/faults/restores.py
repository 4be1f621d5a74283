"""A database that is set back while the boards are not: a backup played back, a stale replica."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django_q.models import OrmQ

from connector.sync.restored import distrust
from tests.faults.stage import PERSON, Stage


@contextmanager
def forgotten(stage: Stage) -> Iterator[None]:
    """Whatever the database learns in here is forgotten; call it inside a transaction."""
    kept = connection.savepoint()
    assert kept, "there is no transaction to go back in"
    known = len(stage.sandbox.log.entries())
    yield
    connection.savepoint_rollback(kept)
    stage.forget(known)


def recover(stage: Stage) -> None:
    """What the operator does then: ``manage.py recover``."""
    distrust(stage.mapping.tenant, actor=PERSON)


def work_off(stage: Stage) -> None:
    """Everything that is due, a few times a minute apart; what rests goes on."""
    for _ in range(8):
        stage.clocks.advance(61)
        stage.tick()
        while OrmQ.objects.exists():
            stage.run_task()

"""Real workers by the hundred: a process that has imported everything forks one for each life.

``python -m tests.faults.nursery`` reads orders from its standard input, one line of JSON each, and
answers each with how the worker ended. A worker is a process with connections of its own, which
does what is due and ends, or is killed by SIGKILL at the step it was told.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TextIO
from unittest import mock
from urllib.request import Request, urlopen

MOST_TASKS = 60  # of one life; what is left then is done in the next
_monotonic = time.monotonic


@dataclass(frozen=True)
class Life:
    """How a worker ended: by a signal (``code`` is negative) or with nothing left to do (0)."""

    code: int
    steps: int
    at: str  # the step it was killed at

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Nursery:
    """The other end of the process's standard input and output."""

    def __init__(self, environment: dict[str, str], control: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", control],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def live(self, *, step: int = 0, bulk: int = 500) -> Life:
        """One worker's life; ``step`` is the one it dies at, 0 lets it live."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"step": step, "bulk": bulk}) + "\n")
        self.process.stdin.flush()
        return Life(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


class Steps:
    """Counts the steps of this process and ends it at one of them.

    A step is a statement, either side of a commit, or either side of a request.
    """

    def __init__(self, last: int, told: TextIO) -> None:
        self.last = last
        self.told = told
        self.number = 0

    def take(self, what: str) -> None:
        self.number += 1
        if self.number == self.last:
            self.tell(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, what: str) -> None:
        self.told.write(json.dumps({"steps": self.number, "at": what}))
        self.told.flush()

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.take("statement")
        return execute(sql, params, many, context)

    def request(self, request: Any, send: Callable[[], Any]) -> Any:
        self.take("request")
        response = send()
        self.take("answer")
        return response

    @contextmanager
    def all_of_them(self) -> Iterator[None]:
        from django.db import connection
        from django.db.backends.base.base import BaseDatabaseWrapper

        from tests.interrupts import on_the_wire

        wrapper: Any = BaseDatabaseWrapper
        commit = wrapper._commit

        def watched(database: Any) -> None:
            self.take("commit")
            commit(database)
            self.take("committed")

        with (
            mock.patch.object(wrapper, "_commit", watched),
            connection.execute_wrapper(self.statement),
            on_the_wire(self.request),
        ):
            yield


@contextmanager
def time_of(control: str) -> Iterator[None]:
    """The sandbox's clock is the one clock of the database and of this process."""
    from django.db import connection

    from connector.models import clock
    from connector.sync import slices
    from tests.faults.clocks import LATER, LOOK

    passed = 0.0

    def advance(seconds: float) -> None:
        nonlocal passed
        body = json.dumps({"advance": seconds}).encode()
        with urlopen(Request(f"{control}/clock", body)) as answer:  # noqa: S310 - our own sandbox
            passed = json.load(answer)["offset"]
        clock.SQL[connection.vendor] = LATER[connection.vendor].format(seconds=passed)

    def monotonic() -> float:
        return _monotonic() + passed

    advance(0)
    with (
        mock.patch("time.sleep", advance),
        mock.patch("time.monotonic", monotonic),
        mock.patch.object(slices, "LOOK", LOOK),
    ):
        yield


def work() -> None:
    """What the schedule and a cluster do: nudges, then one task after the other."""
    from django_q.models import OrmQ
    from django_q.signing import SignedPackage

    from connector import tasks

    tasks.tick(beats=1)
    for _ in range(MOST_TASKS):
        row = OrmQ.objects.order_by("pk").first()
        if row is None:
            return
        package = SignedPackage.loads(row.payload)
        task = getattr(tasks, package["func"].rpartition(".")[2])
        task(*package["args"], **package["kwargs"])
        row.delete()  # a cluster too forgets a task after it was done


def _live(order: dict[str, int], control: str, told: TextIO) -> None:
    from django.conf import settings

    settings.BULK_THRESHOLD = order["bulk"]
    steps = Steps(order["step"], told)
    with time_of(control), steps.all_of_them():
        work()
    steps.tell("")


def _bear(order: dict[str, int], control: str) -> dict[str, Any]:
    """Fork a worker and wait for its end. It takes no connection over: there is none yet."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        code = 1
        try:
            with os.fdopen(writing, "w") as told:
                _live(order, control, told)
            code = 0
        except BaseException:
            traceback.print_exc()  # to the test's own standard error; the life counts as failed
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told:
        last = told.read()
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, **(json.loads(last) if last else {"steps": 0, "at": ""})}


def main(control: str) -> None:
    import django

    django.setup()
    for name in ("connector.tasks", "connector.urls", "django_q.models", "tests.faults.clocks"):
        import_module(name)  # once, for all who are born here
    gc.freeze()

    for line in sys.stdin:
        print(json.dumps(_bear(json.loads(line), control)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])

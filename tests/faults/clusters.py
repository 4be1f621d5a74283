"""Clusters of real workers, which somebody kills and a supervisor starts again."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ

from connector import tasks
from connector.models import Batch, LinkState, RecordLink, Watermark
from connector.sandbox.server import SandboxServer
from tests.faults.processes import ROOT, environment
from tests.plan import Inconclusive

UNDER_WAY = (LinkState.WAITING, LinkState.SENDING, LinkState.UNCERTAIN)
WORKERS = 2
BEAT = 0.5  # seconds between two looks of the tick; in the product it is 15


class Cluster:
    """``manage.py qcluster`` with its workers, all in one process group."""

    def __init__(self, sandbox: SandboxServer, log: IO[bytes]) -> None:
        self.env = environment(sandbox) | {"WORKERS": str(WORKERS)}
        self.log = log
        self.kills = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Every process of it at once, as when its host fails."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        else:
            self.kills += 1
        self.process.wait()

    def kill_workers(self) -> None:
        """Every process that works or waits for work; the two that guard them go on."""
        for worker in self.workers():
            os.kill(worker, signal.SIGKILL)
            self.kills += 1

    def workers(self) -> list[int]:
        """Those that do tasks, and the two that bring and take away what they do."""
        return [worker for guard in _children(self.process.pid) for worker in _children(guard)]

    def keep_alive(self) -> None:
        if self.process.poll() is not None:
            self.process = self._start()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def clusters(sandbox: SandboxServer, number: int = 1) -> Iterator[list[Cluster]]:
    with tempfile.TemporaryFile() as log:
        running = [Cluster(sandbox, log) for _ in range(number)]
        try:
            yield running
        finally:
            for cluster in running:
                cluster.kill()


def let_them_wait(cluster: Cluster) -> None:
    """Until all its workers have started and found nothing to do."""
    deadline = time.monotonic() + 30
    while len(cluster.workers()) < WORKERS + 2:
        if time.monotonic() > deadline:
            raise Inconclusive("the workers have not started")
        time.sleep(0.1)
    time.sleep(1)


def let_them_work(
    running: list[Cluster], *, meanwhile: Callable[[], None], seconds: float = 180.0
) -> None:
    """Tick as the schedule does, faster, until everything is read and delivered."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_done():
                return
            _tick()
        except OperationalError:  # the database is being restarted
            connection.close()
        if time.monotonic() >= deadline:
            raise Inconclusive(f"not done: {_left()}")
        meanwhile()
        for cluster in running:
            cluster.keep_alive()
        time.sleep(BEAT)


def _tick() -> None:
    """One nudge of a kind at a time: a test has no patience, but no storm is meant either."""
    # What the dead had taken stays locked for `retry`, 15 minutes, and is nobody's work until then.
    if OrmQ.objects.filter(lock__lte=timezone.now()).count() < 4:
        tasks.tick(beats=1)


def is_done() -> bool:
    read = Watermark.objects.filter(last_complete_at__isnull=False).exists()
    open_links = RecordLink.objects.filter(state__in=UNDER_WAY).exists()
    return read and not open_links and not Batch.objects.exclude(state="settled").exists()


def _left() -> dict[str, int]:
    links = {str(state): RecordLink.objects.filter(state=state).count() for state in UNDER_WAY}
    unsettled = Batch.objects.exclude(state="settled").count()
    unread = Watermark.objects.filter(last_complete_at=None).count()
    return links | {"batches": unsettled, "streams": unread, "tasks": OrmQ.objects.count()}


def now_and_then(
    chance: random.Random, seconds: tuple[float, float], act: Callable[[], None]
) -> Callable[[], None]:
    """Do it again and again, after so many seconds by chance each time."""
    due = time.monotonic() + chance.uniform(*seconds)

    def perhaps() -> None:
        nonlocal due
        if time.monotonic() >= due:
            act()
            due = time.monotonic() + chance.uniform(*seconds)

    return perhaps

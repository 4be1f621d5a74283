"""Real processes of the product on the test's database and sandbox, to be killed at will.

Each runs in a process group of its own, and nothing of it is left when its test ends.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from connector.sandbox.server import SandboxServer

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 120.0  # seconds; a command on a loaded machine has needed forty


@dataclass(frozen=True)
class Ended:
    """How a process ended; ``code`` is negative where a signal ended it."""

    code: int
    out: str
    err: str

    @property
    def account(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


class Running:
    """A process with all its children."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def wait(self) -> Ended:
        out, err = self.process.communicate(timeout=LONGEST)
        return Ended(self.process.returncode, out, err)

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def is_stopped(self) -> bool:
        """Whether it stands still after SIGSTOP."""
        with suppress(FileNotFoundError):
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
            return stat.rpartition(")")[2].split()[0] == "T"
        return False

    def end(self) -> None:
        """The whole group, for certain."""
        self.signal(signal.SIGKILL)
        self.process.communicate()
        wait_until(self.is_gone)

    def is_gone(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


def environment(sandbox: SandboxServer) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "VISMA_API_URL": f"{sandbox.url}/visma",
        "VISMA_TOKEN_URL": f"{sandbox.url}/visma/connect/token",
        "MONDAY_API_URL": f"{sandbox.url}/monday/v2",
    }


@contextmanager
def started(
    sandbox: SandboxServer, *arguments: str, env: dict[str, str] | None = None
) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(sandbox) | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    running = Running(process)
    try:
        yield running
    finally:
        running.end()


def manage(sandbox: SandboxServer, *arguments: str, env: dict[str, str] | None = None) -> Ended:
    with started(sandbox, *arguments, env=env) as running:
        return running.wait()


def wait_until(holds: Any, seconds: float = LONGEST) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.1)


def _database_url() -> str:
    """Where the test's own database is, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()

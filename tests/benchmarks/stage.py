"""A database, a sandbox and a tenant for one measurement; and processes that are measured."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024  # ru_maxrss counts KiB on Linux


@dataclass
class Ended:
    """What a process said, and what it took from the machine."""

    code: int
    out: str
    seconds: float
    cpu: float
    peak_mib: float

    @property
    def account(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class Stage:
    """One measurement's world; the environment is what its processes inherit."""

    folder: Path
    url: str
    environment: dict[str, str] = field(repr=False)
    tenant: str = "nordlys"

    def manage(self, *arguments: str, **extra: str) -> Ended:
        return self.run("manage.py", *arguments, **extra)

    def rows(self) -> dict[str, int]:
        """How often each row of records and links was written."""
        return dict(self.run("-m", "tests.benchmarks.rows").account)

    def run(self, *arguments: str, python: str = sys.executable, **extra: str) -> Ended:
        """Run Python to its end; processor time and memory are the kernel's own figures."""
        started = time.monotonic()
        out = self.folder / "out"
        with out.open("wb") as sink:
            process = subprocess.Popen(
                [python, *arguments],
                cwd=ROOT,
                env=self.environment | extra,
                stdout=sink,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return Ended(
            code=process.returncode,
            out=out.read_text(),
            seconds=time.monotonic() - started,
            cpu=usage.ru_utime + usage.ru_stime,
            peak_mib=usage.ru_maxrss / MIB,
        )


@contextmanager
def stage(*, invoices: int, tier: str = "standard", limits: bool = False) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="ml-connector-bench-") as name:
        folder = Path(name)
        outside = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.outside",
                str(invoices),
                tier,
                "limits" if limits else "free",
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert outside.stdout is not None
            url = outside.stdout.readline().split()[0]
            yield _furnished(Stage(folder, url, _environment(folder, url)), tier, limits)
        finally:
            outside.terminate()
            outside.wait()


def _environment(folder: Path, url: str) -> dict[str, str]:
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3"),
        "DEBUG": "false",  # a developer's .env would keep every query in memory
        "LOG_LEVEL": "WARNING",
        "VISMA_API_URL": f"{url}/visma",
        "VISMA_TOKEN_URL": f"{url}/visma/connect/token",
        "MONDAY_API_URL": f"{url}/monday/v2",
    }
    if "FIELD_ENCRYPTION_KEYS" not in os.environ:
        from cryptography.fernet import Fernet

        keys["FIELD_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    return os.environ | keys


def _furnished(made: Stage, tier: str, limits: bool) -> Stage:
    made.manage("migrate", "--verbosity", "0")
    words = ["-m", "tests.benchmarks.furnish", tier, "limits" if limits else "free"]
    ended = made.run(*words)
    assert ended.code == 0, ended.out
    return made

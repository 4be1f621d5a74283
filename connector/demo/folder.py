"""The demo's own folder: its keys, its database, its logs; a developer's are never touched."""

import fcntl
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from connector import environment


class AlreadyRunning(Exception):
    """Another demo uses the same folder."""


@dataclass(frozen=True)
class Addresses:
    """Where the demo's two servers answer, on this machine only."""

    web_port: int
    sandbox_port: int

    @property
    def web(self) -> str:
        return f"http://localhost:{self.web_port}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.sandbox_port}"


class DemoFolder:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)

    @property
    def sandbox_state(self) -> Path:
        return self.path / "sandbox.json"

    def log(self, name: str) -> Path:
        return self.path / f"{name}.log"

    def lock(self) -> TextIO:
        """Hold the returned file open as long as the demo runs; the system lets go of it."""
        held = (self.path / "lock").open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            raise AlreadyRunning(
                f"A demo is already running from {self.path}. Use it, or end it with Ctrl-C first."
            ) from None
        return held

    def environment(self, addresses: Addresses) -> dict[str, str]:
        """What every program of the demo gets; it overrides ``.env``."""
        return (
            os.environ
            | self._kept()
            | {
                "PUBLIC_URL": addresses.web,
                "ALLOWED_HOSTS": "localhost,127.0.0.1",
                "DEBUG": "false",
                "CONFIRM_EMAIL": "false",  # the demo sends no e-mail
                "DATABASE_URL": f"sqlite:///{self.path}/db.sqlite3",
                "SANDBOX_URL": f"{addresses.sandbox}/",
                "VISMA_API_URL": f"{addresses.sandbox}/visma",
                "VISMA_TOKEN_URL": f"{addresses.sandbox}/visma/connect/token",
                "MONDAY_API_URL": f"{addresses.sandbox}/monday/v2",
                "MONDAY_AUTHORIZE_URL": f"{addresses.sandbox}/monday/oauth2/authorize",
                "MONDAY_TOKEN_URL": f"{addresses.sandbox}/monday/oauth_ms/oauth/token",
                # The sandbox's own app; they open nothing outside it.
                "MONDAY_CLIENT_ID": "sandbox-monday-app",
                "MONDAY_CLIENT_SECRET": "sandbox-monday-app-secret",
                "MONDAY_SIGNING_SECRET": "sandbox-signing-secret",
                "WORKERS": "3",  # one of them is busy with the tick
                "PYTHONUNBUFFERED": "1",
            }
        )

    def _kept(self) -> dict[str, str]:
        """Keys and the login's password: made at the first start, the same ever after."""
        path = self.path / "environment"
        lines = path.read_text().splitlines() if path.exists() else []
        kept = dict(line.split("=", 1) for line in lines)
        made = environment.environment()
        fresh = {name: made[name] for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS")}
        fresh["DEMO_PASSWORD"] = secrets.token_urlsafe(9)
        fresh["DEMO_WEBHOOK_KEY"] = secrets.token_urlsafe(32)
        if fresh.keys() - kept.keys():
            kept = fresh | kept
            path.touch(mode=0o600)
            path.write_text(environment.lines(kept))
        return kept


def free_port(wanted: int) -> int:
    """The wanted port, or another one when somebody else listens there."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            # As servers do: a port whose last connections are still dying is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("No port is free on 127.0.0.1.")

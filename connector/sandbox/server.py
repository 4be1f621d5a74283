"""The sandbox on one port: real sockets, kept alive, with faults on the way in and out."""

import threading
from pathlib import Path

from connector.sandbox.clock import Clock
from connector.sandbox.connection import Sockets
from connector.sandbox.faults import Faults
from connector.sandbox.house import House
from connector.sandbox.log import Log
from connector.sandbox.storage import Keeper


class SandboxServer:
    """``start`` serves from a thread until ``stop``; ``url`` is known after construction."""

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        seed: int = 1,
        limits: bool = True,
        state_file: Path | None = None,
    ) -> None:
        self.house = House(seed=seed, limits=limits)
        self._http = Sockets((host, port), self.house)
        self.url = f"http://{host}:{self._http.server_address[1]}"
        self.house.settle(self.url)
        self._keeper = Keeper(self.house, state_file) if state_file else None
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self.clock: Clock = self.house.clock
        self.log: Log = self.house.log
        self.faults: Faults = self.house.faults
        self.monday = self.house.monday
        self.visma = self.house.visma

    def start(self) -> "SandboxServer":
        if self._keeper:
            self._keeper.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every connection, also idle ones, then write the state file."""
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()
        if self._keeper:
            self._keeper.stop()

    def reset(self) -> None:
        """Both systems as seeded, no faults, an empty log, the real time."""
        self.house.reset()

    def __enter__(self) -> "SandboxServer":
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

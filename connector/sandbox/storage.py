"""The state file: written whole, atomically, when something changed and at the end."""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from connector.sandbox.house import House

INTERVAL = 2.0  # seconds between two writes at most


class Keeper:
    """Loads the file at the start, if it is there, and keeps it up to date until ``stop``."""

    def __init__(self, house: "House", file: Path) -> None:
        self.house = house
        self.file = file
        self._written = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        if self.file.exists():
            self.house.load(msgspec.json.decode(self.file.read_bytes()))
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._write()

    def _watch(self) -> None:
        while not self._ended.wait(INTERVAL):
            if self.house.changes != self._written:
                self._write()

    def _write(self) -> None:
        """To a file beside it first: a reader never meets half a state."""
        self._written = self.house.changes
        beside = self.file.with_suffix(".writing")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.encode(self.house.dump()))
        os.replace(beside, self.file)

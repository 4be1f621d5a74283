"""The sandbox in its own process, looked at and turned through its control addresses."""

from dataclasses import dataclass
from typing import Any

import requests

SECONDS = 60.0


@dataclass(frozen=True)
class Remote:
    url: str

    def get(self, name: str) -> Any:
        return requests.get(f"{self.url}/_control/{name}", timeout=SECONDS).json()

    def post(self, name: str, **facts: Any) -> Any:
        answer = requests.post(f"{self.url}/_control/{name}", json=facts, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()

    def counters(self) -> dict[str, int]:
        """What was counted since the start; the entries themselves are not fetched."""
        found: dict[str, int] = self.get("log?since=1000000000")["counters"]
        return found

    def created(self) -> int:
        return self.counters().get("effects.item_created", 0)

"""Webhook calls to the outside: delivered, retried each minute, and lost or doubled on demand."""

import random
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log

TIMEOUT = 10.0  # seconds for one attempt
RETRY_EVERY = 60.0  # seconds; monday repeats once a minute ...
RETRY_FOR = 1800.0  # ... for half an hour
# No proxy and no redirect: a webhook goes exactly where it was told.
_OPENER = urllib.request.OpenerDirector()
for _handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
    _OPENER.add_handler(_handler)


@dataclass
class Letter:
    """``headers`` are made anew for each attempt: a signature may expire between two."""

    system: str
    kind: str
    url: str
    body: bytes
    headers: Callable[[], dict[str, str]]
    due: float = 0.0
    first: float = 0.0


@dataclass
class Trouble:
    """Probabilities of losing and doubling a letter; ``shuffle`` delivers in random order."""

    lose: float = 0.0
    double: float = 0.0
    shuffle: bool = False


@dataclass(frozen=True)
class Reply:
    """``status`` 0 means that nobody answered."""

    status: int
    body: bytes = b""


@dataclass
class Postman:
    clock: Clock
    log: Log
    seed: int
    trouble: Trouble = field(default_factory=Trouble)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - not for secrecy
        self._letters: list[Letter] = []
        self._carrying = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def send(self, letter: Letter) -> None:
        """Accept a letter; it is carried by a thread that starts with the first one."""
        if self._random.random() < self.trouble.lose:
            self.log.count("webhooks.lost")
            return
        copies = 2 if self._random.random() < self.trouble.double else 1
        letter.due = letter.first = self.clock.time()
        with self._changed:
            self._letters += [letter] * copies
            if self._thread is None:
                self._thread = threading.Thread(target=self._carry, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait(self, seconds: float = 10.0) -> bool:
        """Until nothing is due any more; False when that took too long. For tests."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._due() or self._carrying), seconds)

    def reset(self) -> None:
        with self._changed:
            self._letters.clear()
            self.trouble = Trouble()

    def _due(self) -> list[Letter]:
        now = self.clock.time()
        return [letter for letter in self._letters if letter.due <= now]

    def _carry(self) -> None:
        while True:
            with self._changed:
                # The clock may be moved by a test, so look again even if nobody notifies.
                while not self._due():
                    self._changed.wait(0.2)
                letter = self._pick(self._due())
                self._carrying = 1
            self._try(letter)
            with self._changed:
                self._carrying = 0
                self._changed.notify_all()

    def _pick(self, due: list[Letter]) -> Letter:
        letter = self._random.choice(due) if self.trouble.shuffle else due[0]
        self._letters.remove(letter)
        return letter

    def _try(self, letter: Letter) -> None:
        with self.log.background(letter.system, f"webhook:{letter.kind}") as entry:
            entry.path = letter.url
            entry.status = post(letter.url, letter.body, letter.headers()).status
        self.log.count(f"webhooks.{entry.status}")
        now = self.clock.time()
        if not 200 <= entry.status < 300 and now - letter.first + RETRY_EVERY <= RETRY_FOR:
            letter.due = now + RETRY_EVERY
            with self._changed:
                self._letters.append(letter)


def post(url: str, body: bytes, headers: dict[str, str]) -> Reply:
    if urlsplit(url).scheme not in ("http", "https"):
        return Reply(0)
    named = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, data=body, headers=named, method="POST")  # noqa: S310
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            return Reply(answer.status, answer.read(65_536))
    except (urllib.error.URLError, OSError, ValueError):
        return Reply(0)

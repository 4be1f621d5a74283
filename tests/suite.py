"""The whole suite, two parts at a time, with an account at its end: what ``make test`` runs.

Of a pair the first writes to the screen; what the other says is shown when both are done.

Browsers, killed workers and real clocks share two cores here. What fails among them is played once
more by itself: what fails again is broken, and what passes is named at the end as unsteady, so that
nobody has to look for it in a long log and nobody can overlook it. A fault that broke a promise is
broken at once: chance is kinder the second time.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = sys.executable
FAILURES = Path("var", "suite")  # what pytest remembers of a part's failures
UNSTEADY_AT_MOST = 20  # more is not a matter of a busy machine
TESTS_FAILED = 1  # pytest's exit code; anything above it is no verdict about single tests


@dataclass
class Part:
    """One step of the suite; ``tests`` tells that it is pytest's and can be played in part."""

    name: str
    command: list[str]
    tests: bool = True
    aside: bool = False  # beside another part: its words wait in a file
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)

    @property
    def memory(self) -> Path:
        return FAILURES / self.name.replace(" ", "-")

    @property
    def words(self) -> Path:
        return self.memory.with_suffix(".log")

    def play(self) -> None:
        """Run it, and what failed of it once more."""
        say(f"== {self.name}{', beside it' if self.aside else ''}")
        shutil.rmtree(self.memory, ignore_errors=True)
        self.memory.mkdir(parents=True)
        self.words.unlink(missing_ok=True)
        started = time.monotonic()
        code = self._run([])
        if code == TESTS_FAILED and self.tests:
            self._play_again()
        elif code:
            self.broken.append(f"ended with {code}")
        self.seconds = time.monotonic() - started

    def _play_again(self) -> None:
        first = self._failures()
        final = self._final()
        if not 0 < len(first) <= UNSTEADY_AT_MOST or first <= final:
            self.broken += sorted(first) or ["failed, and no test is to blame"]
            return
        say(f"== {self.name}: what failed, once more")
        code = self._run(["-n", "0", "--last-failed", "--last-failed-no-failures", "none"])
        again = self._failures() if code == TESTS_FAILED else set()
        if code not in (0, TESTS_FAILED):
            self.broken.append(f"ended with {code}")
        self.broken += sorted(again | final)
        self.unsteady += sorted(first - again - final)

    def _run(self, more: list[str]) -> int:
        options = ["-o", f"cache_dir={self.memory}", *more] if self.tests else []
        with ExitStack() as stack:
            out = stack.enter_context(self.words.open("ab")) if self.aside else None
            command = [*self.command, *options]
            return subprocess.run(command, check=False, stdout=out, stderr=out).returncode

    def _failures(self) -> set[str]:
        """The tests pytest remembers as failed."""
        kept = self.memory / "v" / "cache" / "lastfailed"
        return set(json.loads(kept.read_text())) if kept.exists() else set()

    def _final(self) -> set[str]:
        """Those of them that a second run does not excuse (`tests.plan.is_final`)."""
        noted = self.memory / "d" / "suite" / "final"
        return set(noted.read_text().splitlines()) if noted.exists() else set()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def together(shown: Part, aside: Part) -> None:
    """Both at a time, to their ends."""
    other = threading.Thread(target=aside.play)
    other.start()
    shown.play()
    other.join()
    say(f"== {aside.name}\n{aside.words.read_text(errors='replace')}")


def parts() -> list[tuple[Part, Part]]:
    """Each database, and beside it what needs no second core: style and types, or a server that is
    crashed, with which one test mostly waits."""
    # Three processes for two cores, since some tests mostly wait; tests.plan says what each runs.
    side_by_side = [PYTHON, "-m", "pytest", "-n", "3"]
    server = [PYTHON, "-m", "tests.postgres"]
    crash = [PYTHON, "-m", "pytest", "-n", "0", "-m", "crash", "tests/faults"]
    return [
        (
            Part("SQLite", side_by_side),
            Part("check", ["make", "--no-print-directory", "check"], tests=False, aside=True),
        ),
        (
            Part("PostgreSQL", [*server, *side_by_side]),
            Part("a PostgreSQL that crashes", [*server, *crash], aside=True),
        ),
    ]


def account(played: list[Part]) -> int:
    """Say how each part went; 1 if anything is broken."""
    say("== the account")
    for part in played:
        state = "broken" if part.broken else "passed"
        say(f"{part.name}: {state} in {part.seconds:.0f} s")
        for test in part.broken:
            say(f"  broken: {test}")
        for test in part.unsteady:
            say(f"  unsteady, passed by itself: {test}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(f"processor: {used.ru_utime + used.ru_stime:.0f} s")
    return int(any(part.broken for part in played))


def main() -> int:
    played = parts()
    for pair in played:
        together(*pair)
    return account([part for pair in played for part in pair])


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[1])
    os.environ["SHARED"] = "1"  # neither suite repeats what it may leave to the other
    # Images of containers often forbid it; then each of some hundred processes would compile all.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())

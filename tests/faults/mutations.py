"""Removes each safety line in turn and shows that the suite turns red for every one.

``python -m tests.faults.mutations [WORD …]`` works in copies of the repository, prints one line for
each safety line with the first test that noticed, and ends with 1 if any of them can be removed
unnoticed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

from tests.faults.safety import LINES
from tests.faults.safety.line import SafetyLine
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 900  # seconds; a mutant that hangs has been noticed too
_RED = re.compile(r"^(?:FAILED|ERROR) \S*?(?:::(.+?))?(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant. ``red``: the test that noticed; the others are not run then."""

    line: SafetyLine
    red: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def survived(self) -> bool:
        return not self.red

    def __str__(self) -> str:
        told = ", ".join(self.red) or f"NOBODY NOTICED {self.trouble}"
        return f"{self.line.name:<58} {told}"


class Workshop:
    """Copies of the repository with a database each, one for every mutant under way."""

    def __init__(self, folder: Path, copies: int, server: Postgres) -> None:
        self.server = server
        self.free: Queue[Path] = Queue()
        for number in range(copies):
            copy = folder / f"copy{number}"
            _copy_repository(copy)
            self.free.put(copy)

    def judge(self, line: SafetyLine) -> Verdict:
        copy = self.free.get()
        try:
            return self._judge(copy, line)
        finally:
            self.free.put(copy)

    def control(self, line: SafetyLine) -> Verdict:
        """The same tests with nothing removed: red ones would prove nothing about the mutant."""
        copy = self.free.get()
        try:
            return Verdict(line, *self._run(copy, line))
        finally:
            self.free.put(copy)

    def _judge(self, copy: Path, line: SafetyLine) -> Verdict:
        path = copy / line.file
        text = path.read_text()
        if text.count(line.old) != 1:
            return Verdict(line, trouble=f"({line.file} holds the line {text.count(line.old)}×)")
        path.write_text(text.replace(line.old, line.new))
        try:
            return Verdict(line, *self._run(copy, line))
        finally:
            path.write_text(text)

    def _run(self, copy: Path, line: SafetyLine) -> tuple[tuple[str, ...], str]:
        """Names of the red tests, and why there are none."""
        command = [sys.executable, "-m", "pytest", "-qx", "--tb=no", "-p", "no:cacheprovider"]
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        if line.database == "postgresql":
            url = urlsplit(self.server.url)._replace(path=f"/{copy.name}")
            environment["DATABASE_URL"] = url.geturl()
        try:
            done = subprocess.run(
                [*command, *line.tests],
                cwd=copy,
                env=environment,
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ("hangs",), ""
        names = tuple(dict.fromkeys(name or "collection" for name in _RED.findall(done.stdout)))
        if done.returncode and not names:
            names = (f"exit {done.returncode}: {(done.stdout + done.stderr)[-200:]}",)
        return names, ""


def _copy_repository(to: Path) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    (to / "var").mkdir(exist_ok=True)


def _controls(lines: Sequence[SafetyLine]) -> list[SafetyLine]:
    """Each set of tests once for each database."""
    return list({(line.tests, line.database): line for line in lines}.values())


def main(words: Sequence[str], copies: int, *, quick: bool) -> int:
    lines = [line for line in LINES if any(word in line.name for word in words) or not words]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        shop = Workshop(folder, copies, stack.enter_context(Postgres()))
        pool = stack.enter_context(ThreadPoolExecutor(copies))
        controls = [] if quick else _controls(lines)
        red = [verdict for verdict in pool.map(shop.control, controls) if verdict.red]
        for verdict in red:
            print(f"red with nothing removed: {verdict.red[0]}", flush=True)  # noqa: T201
        survivors = 0
        for verdict in pool.map(shop.judge, lines):
            print(verdict, flush=True)  # noqa: T201
            survivors += verdict.survived
    print(f"{len(lines)} safety lines, {survivors} of them removed unnoticed")  # noqa: T201
    return 1 if survivors or red else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only lines with one of these in their name")
    parser.add_argument("--copies", type=int, default=2, help="mutants at a time")
    parser.add_argument("--quick", action="store_true", help="the suite is known to be green")
    given = parser.parse_args()
    sys.exit(main(given.words, given.copies, quick=given.quick))

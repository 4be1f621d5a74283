"""Schedules, kills and the deaths of receipts, on both databases; ends with 1 if anything failed.

``make soak``, or ``python -m tests.faults.soak --schedules 200 --kills 5 --receipts 2``; CI plays
the fixed series of ``make schedules``. A schedule or a series of deaths is known by its seed; a
failing one is printed with the command that repeats it alone. Each leaves a line in ``--figures``,
and all of them a sum in the file beside it.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
# What a violation begins with, and what the sum calls it.
KINDS = {
    "lost:": "lost",
    "doubled:": "duplicated",
    "backwards:": "regressions",
    "not quiet": "unresolved",
    "does not come to rest": "unresolved",
    "not done after": "unresolved",
}
MOST_SAID = 4000  # characters of one part's failures
DEATHS = ("deaths", "kills", "deaths of receipts")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S+\])", re.MULTILINE)  # in pytest's short summary


@dataclass(frozen=True)
class Kind:
    """Of a file of tests: what its seeds are called, and how they are shared out."""

    name: str
    file: str
    at_once: int  # seeds for one process; its start costs as much as three schedules
    stride: int = 1  # seeds after which every step was met
    line: str = ""  # how the figures of its seeds begin
    counted: str = ""  # what the sum calls such a line


KILLS = Kind("kills", "tests/faults/test_every_step.py", 5, 25, "", "series of kills")
RECEIPTS = Kind(
    "receipts", "tests/faults/test_receipt_deaths.py", 2, 1, "receipt", "series of receipts"
)
SCHEDULES = Kind("schedules", "tests/faults/test_schedules.py", 50, 1, "schedule", "schedules")


@dataclass(frozen=True)
class Part:
    """Some seeds of one kind on one database, for one process."""

    kind: Kind
    database: str
    first: int
    seeds: int

    def __str__(self) -> str:
        last = self.first + self.seeds - 1
        return f"{self.kind.name} {self.first}–{last} on {self.database}"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "FIRST_SEED": str(self.first),
            "SEEDS": str(self.seeds),
            "STRIDE": str(self.kind.stride),
        }

    def again(self, test: str) -> str:
        """The command that plays one of these seeds once more."""
        settings = " ".join(f"{name}={value}" for name, value in self.settings.items())
        python = ".venv/bin/python -m"
        server = f"{python} tests.postgres " if self.database == "postgresql" else ""
        return f"{settings} {server}{python} pytest -q {shlex.quote(test)}"


def parts(kind: Kind, first: int, seeds: int) -> Iterator[Part]:
    """Both databases in turns, each with seeds of its own."""
    for number, start in enumerate(range(first, first + seeds, kind.at_once)):
        database = ("sqlite", "postgresql")[number % 2]
        yield Part(kind, database, start, min(kind.at_once, first + seeds - start))


def run(part: Part, server: Postgres, figures: Path) -> str:
    """Play a part; returns what pytest said and how to repeat what failed, if anything did."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"FIGURES": str(figures), **part.settings}
    if part.database == "postgresql":
        name = f"soak_{part.kind.name}_{part.first}"
        environment["DATABASE_URL"] = urlsplit(server.url)._replace(path=f"/{name}").geturl()
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "--show-capture=no"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", part.kind.file],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return ""
    said = done.stdout + done.stderr
    again = [part.again(test) for test in FAILED.findall(said) or [part.kind.file]]
    return "\n".join([said[-MOST_SAID:], "again with", *again])


def added_up(lines: list[dict[str, Any]]) -> dict[str, int]:
    """The sum of the figures, and how many violations of which kind there were."""
    total: Counter[str] = Counter(dict.fromkeys((*DEATHS, *KINDS.values()), 0))
    for line in lines:
        kinds = (SCHEDULES, RECEIPTS, KILLS)  # the last of them begins in any way
        of = next(kind for kind in kinds if str(line["seed"]).startswith(kind.line))
        total[of.counted] += 1
        total["violations"] += len(line["violations"])
        for words in line["violations"]:
            kind = next((name for start, name in KINDS.items() if start in words), "others")
            total[kind] += 1
        total.update({k: v for k, v in line.items() if isinstance(v, int)})
    return dict(total)


def main(given: argparse.Namespace) -> int:
    figures = Path(given.figures).resolve()
    figures.parent.mkdir(exist_ok=True)
    if not given.add:
        figures.unlink(missing_ok=True)
    wanted = [
        *parts(KILLS, given.first, given.kills),
        *parts(RECEIPTS, given.first, given.receipts),
        *parts(SCHEDULES, given.first, given.schedules),
    ]
    wanted.sort(key=lambda part: part.database)  # PostgreSQL's take longer, and go first
    failed = 0
    with ExitStack() as stack:
        server = stack.enter_context(Postgres())
        pool = stack.enter_context(ThreadPoolExecutor(given.processes))
        runs = {pool.submit(run, part, server, figures): part for part in wanted}
        for done in as_completed(runs):
            words = done.result()
            failed += bool(words)
            said = f"FAILED\n{words}" if words else "well"
            print(f"{runs[done]}: {said}", flush=True)  # noqa: T201
    total = added_up([json.loads(line) for line in figures.read_text().splitlines()])
    figures.with_suffix(".sum.json").write_text(json.dumps(total, indent=2) + "\n")
    print(", ".join(f"{name}: {number:,}" for name, number in total.items()))  # noqa: T201
    return 1 if failed or total.get("violations") else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=5000, help="seeds of schedules")
    parser.add_argument("--kills", type=int, default=50, help="seeds of kills; 25 are every step")
    parser.add_argument("--receipts", type=int, default=50, help="seeds of receipts, at every step")
    parser.add_argument("--first", type=int, default=1000, help="the first seed of each")
    parser.add_argument("--processes", type=int, default=2, help="at a time")
    parser.add_argument("--figures", default="var/soak.jsonl", help="a line for each seed")
    parser.add_argument("--add", action="store_true", help="to the lines of an earlier soak")
    sys.exit(main(parser.parse_args()))

"""The table that a benchmark prints: what was measured, the figure, and what it is held against."""

import platform
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5_000_000


@dataclass(frozen=True)
class Figure:
    what: str
    value: str
    mark: str = ""


def say(title: str, figures: Iterable[Figure]) -> None:
    sys.stdout.write(f"\n{title}\n")
    for figure in figures:
        sys.stdout.write(f"  {figure.what:<58} {figure.value:>16}   {figure.mark}\n")
    sys.stdout.flush()


def machine() -> list[Figure]:
    """Whoever compares figures of two machines compares these first."""
    with Path("/proc/cpuinfo").open() as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = Path("/proc/loadavg").read_text().split()[0]
    return [
        Figure("processors", str(len(names)), names[0] if names else ""),
        Figure("Python", platform.python_version()),
        Figure("load when it began", load, "neighbours make CPU seconds longer, too"),
        Figure("yardstick: CPU seconds of a loop of 5 million", f"{yardstick():.2f}"),
    ]


def yardstick() -> float:
    """The same work on every machine: what it takes tells how fast this one is just now."""
    started = time.process_time()
    total = 0
    for number in range(ROUNDS):
        total += number & 7
    return time.process_time() - started

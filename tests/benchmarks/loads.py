"""First loads, a reading without changes, and what people would do instead: calls, CPU, memory.

CPU seconds are the kernel's for the whole process, less what starting Python and Django and opening
the database takes (a command that only tells the state), since a worker starts once.
"""

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.sheet import Figure
from tests.benchmarks.stage import Ended, Stage, stage

SEEDED = 200  # invoices that the sandbox's company has before it grows
ALIASES, BULK = "0", "500"  # BULK_THRESHOLD: never, and its default
# Where `make bench` puts dlt, apart from the product's own packages.
PIPELINE = Path("var/bench/bin/python")
# The same load takes up to a fifth more or less of the processor, as the host's neighbours have it.
LOADS = 5


def first_load(records: int, threshold: str, mark: tuple[str, str]) -> Iterator[Figure]:
    """The load is made several times; one is shown, with the processor time of all."""
    others = [_cpu(records, threshold) for _ in range(1, LOADS)]
    with stage(invoices=records - SEEDED) as play:
        start = play.manage("status", play.tenant, "--json").cpu
        ended = play.manage("sync", play.tenant, "--json", BULK_THRESHOLD=threshold)
        yield from _figures(ended, records, start, mark, others)
        if threshold == ALIASES:
            yield from unchanged(play, records, start)


def _cpu(records: int, threshold: str) -> float:
    with stage(invoices=records - SEEDED) as play:
        start = play.manage("status", play.tenant, "--json").cpu
        return play.manage("sync", play.tenant, "--json", BULK_THRESHOLD=threshold).cpu - start


def unchanged(play: Stage, records: int, start: float) -> Iterator[Figure]:
    """Everything is read again, and nothing has changed."""
    before = play.rows()
    ended = play.manage("sync", play.tenant, "--full", "--json", BULK_THRESHOLD=ALIASES)
    after = play.rows()
    written = sum(after[table] - before[table] for table in after)
    yield Figure("no-change reading: record and link rows written", str(written), "0")
    yield Figure("  monday calls", str(ended.account["monday_calls"]), "0")
    cpu = (ended.cpu - start) * 1000 / records
    yield Figure("  CPU seconds per 1,000 records", f"{cpu:.2f}")


def one_by_one(records: int) -> Iterator[Figure]:
    with stage(invoices=records - SEEDED) as play:
        ended = play.run("-m", "tests.benchmarks.one_by_one", play.url)
    yield from _figures(ended, records, 0.0, ("", ""))


def pipeline(records: int) -> Iterator[Figure]:
    if not PIPELINE.exists():
        yield Figure("skipped", "", f"{PIPELINE} is missing; `make bench` makes it")
        return
    with stage(invoices=records - SEEDED) as play:
        start = play.run("-c", "import dlt", python=str(PIPELINE)).cpu
        ended = play.run("-m", "tests.benchmarks.pipeline", play.url, python=str(PIPELINE))
    yield from _figures(ended, records, start, ("", ""))


def _figures(
    ended: Ended,
    records: int,
    start: float,
    mark: tuple[str, str],
    others: Sequence[float] = (),
) -> Iterator[Figure]:
    if ended.code != 0:
        yield Figure(f"ended with code {ended.code}", "", ended.out[:200])
        return
    calls = ended.account["monday_calls"]
    cpu = sorted(taken * 1000 / records for taken in (ended.cpu - start, *others))
    yield Figure("items created", str(ended.account["created"]), f"of {records}")
    yield Figure("monday calls in all", str(calls), mark[0])
    yield Figure("monday calls per record", f"{calls / records:.4f}")
    yield Figure("CPU seconds per 1,000 records", f"{statistics.median(cpu):.2f}", mark[1])
    if others:
        yield Figure(f"  of {len(cpu)} loads", f"{cpu[0]:.2f}", f"to {cpu[-1]:.2f}")
    yield Figure("CPU seconds of starting, not counted above", f"{start:.2f}")
    yield Figure("peak memory, MiB", f"{ended.peak_mib:.0f}")
    yield Figure("wall seconds", f"{ended.seconds:.0f}")


def memory(few: int, many: int) -> Iterator[Figure]:
    peaks = {}
    for records in (few, many):
        with stage(invoices=records - SEEDED) as play:
            ended = play.manage("sync", play.tenant, "--json", BULK_THRESHOLD=ALIASES)
        peaks[records] = ended.peak_mib
        yield Figure(f"peak memory at {records:,} records, MiB", f"{ended.peak_mib:.0f}", "≤ 200")
    ratio = peaks[many] / peaks[few]
    yield Figure("the larger by the smaller", f"{ratio:.3f}", "≤ 1.1")

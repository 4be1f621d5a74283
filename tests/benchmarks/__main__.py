"""``python -m tests.benchmarks [NAME …]``: measure and print; nothing passes or fails.

Names: machine, aliases, bulk, one_by_one, pipeline, memory, pace, clusters, fairness, webhook,
kill. Without names all of them, which takes about an hour on two cores.
"""

import sys
from collections.abc import Callable, Iterable
from itertools import chain

from tests.benchmarks import loads, sheet, workers
from tests.benchmarks.sheet import Figure

RECORDS = 10_000
TIERS = ("free", "standard", "pro", "enterprise")

BENCHES: dict[str, tuple[str, Callable[[], Iterable[Figure]]]] = {
    "machine": ("This machine", sheet.machine),
    "aliases": (
        "10,000 invoices by aliases",
        lambda: loads.first_load(RECORDS, loads.ALIASES, ("≤ 430", "≤ 1.0")),
    ),
    "bulk": (
        "10,000 invoices by bulk",
        lambda: loads.first_load(RECORDS, loads.BULK, ("≤ 60", "≤ 0.5")),
    ),
    "one_by_one": ("The same by one call per item", lambda: loads.one_by_one(RECORDS)),
    "pipeline": ("The same by a dlt pipeline", lambda: loads.pipeline(RECORDS)),
    "memory": ("Memory of a backfill", lambda: loads.memory(RECORDS, 10 * RECORDS)),
    "pace": (
        "Ten simulated minutes of a backlog, one worker, an app's token",
        lambda: chain.from_iterable(map(workers.simulated, TIERS)),
    ),
    "clusters": ("Two clusters share an account", lambda: workers.two_clusters(5)),
    "fairness": ("One change beside another tenant's backlog", lambda: workers.fairness(50_000)),
    "webhook": ("From a change to the board", workers.webhook),
    "kill": ("After a kill", workers.after_kill),
}


def main(names: list[str]) -> None:
    for name in names or BENCHES:
        title, measure = BENCHES[name]
        sheet.say(title, measure())


if __name__ == "__main__":
    main(sys.argv[1:])

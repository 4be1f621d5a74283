"""Which tests run on which database, and the order in which they are given out.

``pytest`` alone runs everything on SQLite, and on PostgreSQL what may come out differently there.
``make test`` runs both, with ``SHARED`` set: then the two suites share what they would repeat.

- What opens no database runs once, with SQLite; so do the journeys, but for those marked ``smoke``.
- What a page shows and what becomes of a record is decided in Python: each test of that runs on
  one of the two, in turn. That the statements of every page are right on PostgreSQL is shown by
  ``test_queries.py``, whole; those that carry records, by the tests of each stage, on both.
- Of the cases of one test the first runs on both, the others on one of the two, in turn.
- Everything else that opens the database runs on both.
"""

import os
from collections import Counter

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

SHARED = "SHARED" in os.environ
# Pages, and what becomes of a record: the statements that carry it are those of tests run on both.
TURNS = (
    *("tests/connector/console/", "tests/connector/wizard/", "tests/tenants/test_people"),
    *("tests/connector/test_every_", "tests/connector/test_first_", "tests/connector/test_values"),
    *("tests/connector/sync/test_ageing", "tests/connector/sync/test_journal"),
    *("tests/connector/sync/test_label_columns", "tests/connector/sync/test_references"),
    *("tests/connector/sync/test_subitems", "tests/connector/sync/test_vanish"),
    *("tests/faults/test_canary", "tests/faults/test_restores", "tests/faults/test_kills"),
    "tests/faults/test_receipt_deaths",
)
WHOLE = ("tests/connector/console/test_queries.py",)
# Tests that take one thing between them stay together: a browser, a demo.
TOGETHER = ("tests/journeys/", "tests/connector/demo/test_demo.py")
# What takes long is given out first: a long test at the end leaves the other workers idle. Before
# all of it the one that looks at a row of a migration: tests that commit empty all tables.
FIRST = (
    "tests/connector/test_tasks.py::test_the_tick_is_the_only_schedule",
    *TOGETHER,
    "tests/faults/test_clusters.py",
    "tests/connector/sync/test_recover_properties.py",
    "tests/faults/test_canary.py",
    "tests/tenants/test_keys.py",
    "tests/faults/",
    "tests/connector/test_every_entity.py",
    "tests/connector/sync/",
)


def may_differ(item: pytest.Item) -> bool:
    """Whether it may come out differently on PostgreSQL."""
    # Tests side by side share one server: `make test` crashes another one, alone.
    if item.get_closest_marker("crash") is not None and "PYTEST_XDIST_WORKER" in os.environ:
        return False
    if item.get_closest_marker("journey") is not None:
        return item.get_closest_marker("smoke") is not None
    return _opens_database(item)


def _opens_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return marked or not fixtures.isdisjoint({"db", "transactional_db", "live_server"})


def chosen(items: list[pytest.Item], database: str) -> list[pytest.Item]:
    """Those of this suite, in their order."""
    here = [item for item in items if database == "SQLite" or may_differ(item)]
    if not SHARED:
        return here
    mine = _mine(items, parity=int(database == "PostgreSQL"))
    return [item for item in here if item in mine]


def _mine(items: list[pytest.Item], *, parity: int) -> set[pytest.Item]:
    """What is not left to the other database's turn; counted among all, so that both agree."""
    turns: Counter[str] = Counter()
    mine = set()
    for item in items:
        if not may_differ(item) or item.get_closest_marker("journey") is not None:
            mine.add(item)
            continue
        takes_turns = item.nodeid.startswith(TURNS)
        group = item.nodeid.partition("::" if takes_turns else "[")[0]
        turn = turns[group]
        turns[group] += 1
        is_whole = parity == 1 and item.nodeid.startswith(WHOLE)
        if turn % 2 == parity or is_whole or (not takes_turns and turn == 0):
            mine.add(item)
    return mine


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Long ones first; otherwise as they stand."""

    def place(item: pytest.Item) -> int:
        found = (n for n, start in enumerate(FIRST) if item.nodeid.startswith(start))
        return next(found, len(FIRST))

    return sorted(items, key=place)


class Inconclusive(AssertionError):
    """Waited in vain, or nothing was hit: this speaks of the machine, not of the product."""


def is_final(item: pytest.Item, failure: type[BaseException]) -> bool:
    """Whether a failure stands though the test may pass by itself: a fault broke a promise."""
    asserted = issubclass(failure, AssertionError) and not issubclass(failure, Inconclusive)
    return asserted and item.nodeid.startswith("tests/faults/")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Each test by itself, but for those that stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in TOGETHER if nodeid.startswith(start)), nodeid)

"""Ten simulated minutes of a backlog: items by the bound, 429s, and statements per batch.

``python -m tests.benchmarks.pace TIER`` in the environment of a stage. The sandbox's limiter, the
database and the worker share a clock that moves only where the worker would sleep or wait.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from connector.models import Trigger  # noqa: E402
from connector.sandbox import world  # noqa: E402
from connector.sandbox.server import SandboxServer  # noqa: E402
from connector.sync import intake, slices  # noqa: E402
from connector.sync.lanes import lane_of  # noqa: E402
from connector.sync.runs import RunBook  # noqa: E402
from connector.visma.client import Row  # noqa: E402
from mappings.models import BoardMapping  # noqa: E402
from tests.connector.sync.conftest import payload  # noqa: E402
from tests.still import StillClock, still  # noqa: E402

MINUTES = 10
ITEM, BATCH, TICK = 10_000, 25, 15.0
PAGE = 1_000


def take_in(mapping: BoardMapping, number: int) -> None:
    """So many invoices, as the pages of a poll would bring them."""
    for first in range(0, number, PAGE):
        rows = [
            Row(f"Invoice:{n}", "2026-07-14T08:11:02.31", "", payload(n))
            for n in range(first, min(first + PAGE, number))
        ]
        book = RunBook([mapping], Trigger.PERSON)
        with transaction.atomic():
            intake.take_in(mapping.visma, mapping.entity, rows, book)
        book.close()


def deliver(lane: int, clock: StillClock, minutes: float) -> None:
    until = clock.passed + 60 * minutes
    while (left := until - clock.passed) > 0:
        if not slices.take_turn(lane, seconds=min(left, slices.TURN)):
            clock.advance(TICK)


@contextmanager
def setting(tier: str) -> Iterator[tuple[SandboxServer, BoardMapping, StillClock]]:
    """The stage's mapping on a sandbox of this process, with an app's token."""
    settings.BULK_THRESHOLD = 0
    with SandboxServer() as server, still(server) as clock:
        settings.MONDAY_API_URL = f"{server.url}/monday/v2"
        server.monday.limits.use_tier(tier)
        for board in server.monday.account.boards.values():
            board.items_limit = 1_000_000
        mapping = BoardMapping.objects.select_related("monday", "visma").get()
        mapping.monday.token = world.MONDAY_APP_TOKEN
        mapping.monday.save()
        yield server, mapping, clock


class Statements:
    """Counts what goes to the database between one request and the next."""

    def __init__(self) -> None:
        self.made = 0
        self.per_call: list[int] = []

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.made += 1
        return execute(*arguments)

    def called(self) -> None:
        self.per_call.append(self.made)
        self.made = 0


def main(tier: str) -> None:
    with setting(tier) as (server, mapping, clock):
        bound = min(server.monday.limits.quotas.app_writes // ITEM, 40 * BATCH)
        take_in(mapping, bound * (MINUTES + 1))
        lane, statements = lane_of(mapping).pk, Statements()
        clock.meanwhile = statements.called
        with connection.execute_wrapper(statements):
            deliver(lane, clock, MINUTES)
        counters = dict(server.log.counters)
        found = {
            "bound": bound,
            "share": counters["effects.item_created"] / (bound * MINUTES),
            "refused": counters.get("monday.429", 0),
            "calls": counters["monday.calls"],
            "statements": sorted(statements.per_call)[len(statements.per_call) // 2],
            "early": sum(statements.per_call[2:42]) / 40,
            "late": sum(statements.per_call[-40:]) / 40,
        }
        server.monday.limits.set(app_writes=server.monday.limits.quotas.app_writes // 2)
        deliver(lane, clock, 2)
        found["refused_when_halved"] = server.log.counters["monday.429"] - found["refused"]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])

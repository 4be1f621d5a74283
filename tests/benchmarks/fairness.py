"""One change of a tenant while another's backlog fills their common account, in simulated seconds.

``python -m tests.benchmarks.fairness BACKLOG`` in the environment of a stage.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
django.setup()

from connector.models import RecordLink, Trigger  # noqa: E402
from connector.sandbox import world  # noqa: E402
from connector.sandbox.server import SandboxServer  # noqa: E402
from connector.sync import intake, slices  # noqa: E402
from connector.sync.lanes import lane_of  # noqa: E402
from connector.sync.runs import RunBook  # noqa: E402
from connector.visma.client import Row  # noqa: E402
from mappings.models import BoardMapping  # noqa: E402
from tenants.models import MondayConnection, Tenant, VismaConnection  # noqa: E402
from tests.benchmarks.pace import setting, take_in  # noqa: E402
from tests.connector.sync.conftest import payload  # noqa: E402
from tests.still import StillClock  # noqa: E402
from tests.world import Connections, map_board  # noqa: E402

CALLS_BEFORE = (2, 12, 21, 22, 30, 41)  # in an empty minute, and in full ones


class Neighbour:
    """Another tenant on the same account, with one change at a time."""

    def __init__(self, server: SandboxServer, mapping: BoardMapping, clock: StillClock) -> None:
        tenant = Tenant.objects.create(slug="sydvest", name="Sydvest Handel AB")
        visma = VismaConnection.objects.create(tenant=tenant, company_id="2")
        monday = MondayConnection.objects.create(
            tenant=tenant,
            token=world.MONDAY_APP_TOKEN,
            account_id=mapping.monday.account_id,
            plan_tier=mapping.monday.plan_tier,
        )
        what = ("supplier_invoice", "Purchase orders", "{referenceNumber}")
        pairs = {"referenceNumber": "Order no", "date": "Order date"}
        self.mapping = map_board(Connections(visma, monday), server, what, pairs)
        self.server = server
        self.clock = clock
        self.came: list[float] = []

    def change(self) -> None:
        self.came.append(self.clock.time())
        number = len(self.came)
        book = RunBook([self.mapping], Trigger.PERSON)
        row = Row(f"Invoice:N{number}", "2026-07-14T08:11:02.31", "", payload(number))
        intake.take_in(self.mapping.visma, self.mapping.entity, [row], book)
        book.close()

    def waits(self) -> bool:
        links = RecordLink.objects.filter(mapping=self.mapping)
        return links.exclude(state="delivered").exists()

    def took(self) -> list[float]:
        """Seconds from each change to its item, by the sandbox's log."""
        board = int(self.mapping.board_id)
        items = self.server.monday.account.boards[board].items.values()
        landed = {item.name: item.created_at for item in items}
        names = [payload(number)["referenceNumber"] for number in range(1, len(self.came) + 1)]
        return [landed[name] - came for name, came in zip(names, self.came, strict=True)]


def main(backlog: int) -> None:
    with setting("pro") as (server, mapping, clock):
        neighbour = Neighbour(server, mapping, clock)
        neighbour.change()
        slices.take_turn()
        clock.advance(120)
        take_in(mapping, backlog)
        lane, calls = lane_of(mapping).pk, 0

        def meanwhile() -> None:
            nonlocal calls
            calls += 1
            if calls in CALLS_BEFORE:
                neighbour.change()

        clock.meanwhile = meanwhile
        while len(neighbour.came) <= len(CALLS_BEFORE) or neighbour.waits():
            # A change that comes while the worker waits for a limit calls it away.
            if not slices.take_turn(lane, wanted_elsewhere=neighbour.waits):
                clock.advance(1)
    alone, *took = neighbour.took()
    found = {"alone": alone, "slowest": max(took), "slice": slices.SLICE, "took": took}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Webhooks that are lost, doubled and late: the board ends equal to the company all the same."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db.models import F
from pytest_django.live_server_helper import LiveServer

from connector import tasks
from connector.models import FirstFound, Hint, SourceRecord
from connector.sandbox.postman import Trouble
from connector.sandbox.server import SandboxServer
from connector.sync import settling
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tests.connector.webhooks.test_through_the_door import door, work  # noqa: F401 - a fixture
from tests.faults import oracle
from tests.faults.size import seeds

pytestmark = pytest.mark.django_db(transaction=True)
BURSTS = 6
CHANGES = 12  # in one burst, of these few invoices
INVOICES = 15


class Company:
    """Invoices of which every change counts one up, in a field that the board shows."""

    def __init__(self, sandbox: SandboxServer, numbers: list[str], seed: int) -> None:
        self.sandbox = sandbox
        self.numbers = numbers
        self.chance = random.Random(seed)  # noqa: S311 - not for secrecy
        self.changes: Counter[str] = Counter()
        self.order: list[str] = []

    def burst(self) -> None:
        for _ in range(CHANGES):
            number = self.chance.choice(self.numbers)
            self.changes[number] += 1
            self.order.append(number)
            words = f"change {self.changes[number]}"
            self.sandbox.visma.edit_invoice(number, description=words)
        self.sandbox.visma.postman.wait(60)

    def payloads(self) -> dict[str, Any]:
        rows = self.sandbox.visma.company.tables["supplier_invoice"].rows()
        found = {row["referenceNumber"]: row for row in rows if row["documentType"] == "Invoice"}
        return {number: found[number] for number in self.numbers}


def written(sandbox: SandboxServer, mapping: BoardMapping) -> dict[str, list[int]]:
    """For each item, the changes that were written to it, in the order of their writing."""
    column = mapping.pairings.get(field="description").column_id
    found: dict[str, list[int]] = {}
    for effect in sandbox.log.effects("item_changed"):
        if column in effect.after:
            said = str(
                effect.after[column]["text"]
                if isinstance(effect.after[column], dict)
                else effect.after[column]
            )
            found.setdefault(str(effect.target["item"]), []).append(int(said.split()[-1]))
    return found


def heard(mapping: BoardMapping) -> None:
    """The burst is over, and has settled."""
    Hint.objects.update(received_at=F("received_at") - 5 * settling.CALM)
    tasks.follow_hints("visma", mapping.visma_id)
    work()


def in_order(company: Company) -> bool:
    """Whether the calls that arrived came in the order of the changes they tell of."""
    changes = iter(company.order)
    arrived = Hint.objects.order_by("pk").values_list("key", flat=True)
    return all(key.partition(":")[2] in changes for key in arrived)


def counted(mapping: BoardMapping) -> tuple[int, int]:
    rows = FirstFound.objects.filter(connection=mapping.visma, entity=mapping.entity)
    return sum(row.by_webhook for row in rows), sum(row.by_poll for row in rows)


def versions(numbers: list[str]) -> int:
    rows = SourceRecord.objects.filter(number__in=numbers, key__startswith="Invoice:")
    return sum(rows.values_list("version", flat=True))


@pytest.mark.parametrize("seed", seeds(1, apart=500))
def test_a_third_lost_a_third_doubled_all_out_of_order_and_the_board_is_right(
    seed: int,
    door: str,  # noqa: F811 - the fixture
    live_server: LiveServer,
    mapping: BoardMapping,
    sandbox: SandboxServer,
) -> None:
    poll(mapping.visma, mapping.entity)
    work()
    before = counted(mapping)
    rows = sandbox.visma.company.tables["supplier_invoice"].rows()
    numbers = [r["referenceNumber"] for r in rows if r["documentType"] == "Invoice"][:INVOICES]
    company = Company(sandbox, numbers, seed)
    sandbox.visma.quirks.every_invoice_change_is_told = True
    sandbox.visma.add_subscription(mapping.visma.webhook_url)
    sandbox.visma.postman._random = random.Random(seed)  # noqa: S311 - not for secrecy
    sandbox.visma.postman.trouble = Trouble(lose=0.3, double=0.3, shuffle=True)
    sandbox.log.clear()
    at_first = versions(numbers)
    for _ in range(BURSTS):
        company.burst()
        heard(mapping)
    by_webhooks = versions(numbers) - at_first
    stored = SourceRecord.objects.filter(number__in=numbers, key__startswith="Invoice:")
    shown = {row.number: row.payload for row in stored}
    late = [n for n, p in company.payloads().items() if f'"{p["description"]}"' not in shown[n]]
    poll(mapping.visma, mapping.entity)  # the safety net
    work()

    board = sandbox.monday.account.boards[int(mapping.board_id)]
    links = {
        link.record.number: link
        for link in mapping.links.select_related("record")
        if link.record.key.startswith("Invoice:")
    }
    wrong = [
        oracle.differences(payload, board.items[int(links[number].item_id or 0)], board, mapping)
        for number, payload in company.payloads().items()
    ]
    order = written(sandbox, mapping)
    webhooks, polls = (now - then for now, then in zip(counted(mapping), before, strict=True))
    assert [each for each in wrong if each] == []
    assert {item: seen for item, seen in order.items() if seen != sorted(set(seen))} == {}
    assert sum(map(len, order.values())) == by_webhooks + len(late) <= sum(company.changes.values())
    assert (webhooks, polls) == (by_webhooks, len(late))
    assert sandbox.log.counters["webhooks.lost"] > 0
    assert sandbox.log.counters["webhooks.204"] > Hint.objects.count()  # doubled, and kept once
    assert not in_order(company)
    assert len(late) > 0
    assert Hint.objects.count() < sum(company.changes.values())

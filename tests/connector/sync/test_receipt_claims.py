"""One worker at a time has a receipt: who was away for too long finds it taken, and stops."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from connector.models import GoodsReceipt, ReceiptState
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipts, watch
from connector.sync.receipt_case import CLAIM
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    go,
    label,
    made,
    order,
    orders,
)
from tests.faults.clocks import Clocks, one_clock
from tests.interrupts import Act, at_statement, before_request

# From "nothing was written down" to the wire.
STALLS: dict[str, Callable[[Act], AbstractContextManager[None]]] = {
    "claim": lambda act: at_statement('FROM "connector_goodsreceipt" INNER', act),
    "row": lambda act: at_statement('UPDATE "connector_goodsreceipt" SET .*"sent_at"', act),
    "ledger": lambda act: at_statement("INSERT INTO connector_apicall", act, nth=3),
    "wire": lambda act: before_request("supplierRef", act),
}


@pytest.mark.parametrize("where", STALLS)
@pytest.mark.parametrize("minutes", [5, 11])
def test_a_worker_that_wakes_up_when_another_has_made_the_receipt_makes_none(
    where: str,
    minutes: int,
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    (row,) = watch.look(orders)
    with one_clock(sandbox) as clocks:
        with STALLS[where](lambda: others_work(clocks, minutes)):
            receipts.work(row.pk)
        others_work(clocks, 11)

    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]
    assert GoodsReceipt.objects.get().state == ReceiptState.DONE


def others_work(clocks: Clocks, minutes: int) -> None:
    for _ in range(minutes * 2):
        clocks.advance(30)
        for receipt_id in receipts.due(database_now()):
            receipts.work(receipt_id)


def test_a_worker_that_lost_its_claim_does_not_end_that_of_its_successor(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    (row,) = watch.look(orders)
    theirs = database_now() + 2 * CLAIM

    def another_claims() -> None:
        GoodsReceipt.objects.update(claimed_until=theirs)

    with before_request("purchaseorder", another_claims):
        receipts.work(row.pk)

    assert GoodsReceipt.objects.get().claimed_until == theirs
    assert made(sandbox) == []


def test_a_label_taken_away_while_its_refusal_is_told_may_ask_again(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    orders.receive["problem_label"] = ""
    orders.save()
    number = order(sandbox)["orderNbr"]
    sandbox.visma.edit_order(number, status="Hold")
    label(number, "Received")

    def take_away() -> None:
        label(number, "Not received")
        watch.look(orders)

    with before_request("create_update", take_away):
        go(orders)
    sandbox.visma.edit_order(number, status="Open")
    label(number, "Received")
    go(orders)

    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]

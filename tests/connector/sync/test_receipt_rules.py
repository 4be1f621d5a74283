"""A rule that is new, changed or switched on again: what is labelled by then asks for nothing."""

from typing import Any

from connector.models import GoodsReceipt, ReceiptState, RecordLink
from connector.sandbox.server import SandboxServer
from connector.sync import watch
from connector.sync.activate import replan
from connector.sync.poll import poll
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


def change(mapping: BoardMapping, **said: Any) -> None:
    """A new version of the mapping says this of its rule; nothing: it is off."""
    mapping.receive = {**mapping.receive, **said} if said else {}
    mapping.save()
    replan(mapping)


def test_a_label_set_while_the_rule_was_off_asks_for_nothing_when_it_is_on_again(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    said = orders.receive
    change(orders)
    label(order(sandbox)["orderNbr"], "Received")
    change(orders, **said)
    for _ in range(2):
        go(orders)

    assert made(sandbox) == []
    assert [row.state for row in GoodsReceipt.objects.all()] == [ReceiptState.BEFORE]


def test_what_was_received_under_one_label_may_be_asked_for_under_another(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    number = order(sandbox)["orderNbr"]
    orders.receive["dry"] = True
    orders.save()
    label(number, "Received")
    go(orders)
    change(orders, label="Not received", dry=False)
    go(orders)
    label(number, "Not received")
    go(orders)

    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]


def test_a_webhook_ahead_of_the_first_look_asks_for_nothing(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    number = order(sandbox)["orderNbr"]
    label(number, "Not received")
    change(orders, label="Not received")
    item = str(RecordLink.objects.get(mapping=orders, record__number=number).item_id)

    assert watch.look_at(orders, [item]) == []
    assert GoodsReceipt.objects.count() == 0
    watch.look(orders)
    assert [row.state for row in GoodsReceipt.objects.all()] == [ReceiptState.BEFORE]
    label(number, "Received")
    watch.look_at(orders, [item])
    label(number, "Not received")
    assert len(watch.look_at(orders, [item])) == 1


def test_what_we_write_into_the_label_ourselves_asks_for_nothing(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
) -> None:
    """The rule follows a column that the mapping fills, too."""
    board = sandbox.monday.account.boards[int(orders.board_id)]
    column = next(c.id for c in board.columns.values() if c.title == "Status")
    change(orders, **{**orders.receive, "column": column, "label": "Open"})
    go(orders)
    company = sandbox.visma.company
    with company.lock:
        held = company.draft("purchase_order", order(sandbox, status="Hold")["orderNbr"])
        held["status"] = "Open"
        company.change("purchase_order", held, "order_edited")
    poll(orders.visma, orders.entity)
    work()
    go(orders)

    assert GoodsReceipt.objects.count() == 0
    assert made(sandbox) == []

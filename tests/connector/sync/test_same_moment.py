"""A person and we change the same cell at the same moment: the rule decides, once."""

from typing import Any

import pytest

from connector.models import AuditEntry, GoodsReceipt, ReceiptState
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    cell,
    comments,
    go,
    label,
    made,
    order,
    orders,
)
from tests.interrupts import after_answer, before_request


def ours(sandbox: SandboxServer) -> list[Any]:
    calls = [e for e in sandbox.log.entries() if e.system == "monday" and e.mutation]
    return [effect for call in calls for effect in call.effects if effect.kind == "item_changed"]


@pytest.mark.parametrize("moment", [before_request, after_answer])
@pytest.mark.parametrize("choice", ["Not received", "Received"])
def test_a_person_changes_the_label_while_we_refuse_it_and_nobody_writes_for_ever(
    moment: Any,
    choice: str,
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    number = order(sandbox)["orderNbr"]
    sandbox.visma.edit_order(number, status="Hold")
    label(number, "Received")
    sandbox.log.clear()
    with moment('"Problem|Problem\\\\', lambda: label(number, choice)):
        go(orders)
    for _ in range(3):
        go(orders)
    rows = list(GoodsReceipt.objects.order_by("pk"))
    refusals = AuditEntry.objects.filter(action="receive", outcome="failed").count()
    theirs_stays = (moment, choice) == (after_answer, "Not received")

    assert (cell(sandbox, orders, number) == "Problem") is not theirs_stays
    assert made(sandbox) == []
    assert {row.state for row in rows} == {ReceiptState.REFUSED}
    assert len(ours(sandbox)) == len(comments(sandbox)) == refusals == len(rows) <= 2

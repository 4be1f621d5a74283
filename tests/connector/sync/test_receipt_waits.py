"""Trouble that ends by itself ends no receipt; what Visma refuses is said in its own words."""

from typing import Any

import pytest

from connector.models import AuditEntry, GoodsReceipt, ReceiptState
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipts, watch
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_line_receipts import (  # noqa: F401 - a fixture
    Dock,
    dock,
    goods,
    places,
)
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    STEPS,
    Set,
    cell,
    comments,
    early_bill,
    invoices,
    label,
    made,
    order,
    orders,
)
from tests.faults.clocks import Clocks, one_clock
from tests.interrupts import before_request

READ = {"path": "/visma/v1/purchaseorder/*", "method": "GET"}
OUTAGE = {"action": "html_502"}
IN_WORDS = {
    "action": "status",
    "code": 500,
    "body": '{"message":"VismaId: f948dfa5-350c-49c7-bdf9-5e40729a2804. Error: The tax category '
    'cannot be found in the system."}',
}


def carry_on(clocks: Clocks, minutes: int) -> None:
    """What the tick and the workers do in these minutes."""
    for _ in range(minutes * 2):
        clocks.advance(30)
        for receipt_id in receipts.due(database_now()):
            receipts.work(receipt_id)


def fail(sandbox: SandboxServer, match: dict[str, Any], action: dict[str, Any]) -> None:
    sandbox.faults.add({"match": {"system": "visma", **match}, "do": [action]})


@pytest.mark.parametrize("where", [READ, *STEPS.values()], ids=["read", *STEPS])
def test_an_outage_of_an_hour_refuses_nothing(
    where: dict[str, Any],
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    fail(sandbox, where, OUTAGE)
    (row,) = watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 60)
        row.refresh_from_db()
        sandbox.faults.clear()
        carry_on(clocks, 25)

    assert (row.waits_for, row.waits_words) == ("Visma", "Visma has a problem of its own.")
    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]
    assert comments(sandbox) == []
    assert GoodsReceipt.objects.get(waits_since=None).state == ReceiptState.DONE


def test_an_outage_of_monday_refuses_no_typed_quantities(dock: Dock) -> None:  # noqa: F811
    number = goods(dock.sandbox)["orderNbr"]
    dock.type(number, {places(dock.order(number))[0]: "1"})
    dock.label(number, "Received")
    (row,) = watch.look(dock.mapping)
    dock.sandbox.faults.add({"match": {"system": "monday"}, "do": [OUTAGE]})
    with one_clock(dock.sandbox) as clocks:
        carry_on(clocks, 60)
        row.refresh_from_db()
        dock.sandbox.faults.clear()
        carry_on(clocks, 20)

    assert (row.waits_for, row.state) == ("monday.com", ReceiptState.WAITING)
    assert [receipt["status"] for receipt in made(dock.sandbox)] == ["Released"]


@pytest.mark.parametrize("step", STEPS)
def test_an_error_in_words_that_stays_is_told_as_a_refusal(
    step: str,
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    number = order(sandbox)["orderNbr"]
    label(number, "Received")
    fail(sandbox, STEPS[step], IN_WORDS)
    (row,) = watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 20)
        row.refresh_from_db()
        carry_on(clocks, 40)

    assert row.waits_words.endswith("The tax category cannot be found in the system.")
    assert GoodsReceipt.objects.get().state == ReceiptState.REFUSED
    assert [text.split(":")[0][:13] for text in comments(sandbox)] == ["Visma refused"]
    assert "The tax category cannot be found" in comments(sandbox)[0]
    assert cell(sandbox, orders, number) == "Problem"


def test_an_error_in_words_that_passes_costs_nothing(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    fail(sandbox, STEPS["create"], IN_WORDS)
    watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 20)
        sandbox.faults.clear()
        carry_on(clocks, 20)

    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]
    assert comments(sandbox) == []


def test_a_change_that_visma_ignores_is_not_told_as_done_and_ends(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    fail(sandbox, STEPS["off hold"], {"action": "status", "code": 204, "body": ""})
    watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 15)
    told = list(AuditEntry.objects.filter(action="receive").values_list("message", flat=True))

    assert len([message for message in told if message.startswith("Visma was asked to take")]) == 3
    assert not any("was taken off hold" in message for message in told)
    assert "did not do it" in comments(sandbox)[0]


REFUSED = {"action": "status", "code": 400, "body": '{"message":"It is locked by somebody."}'}


@pytest.mark.parametrize("error", [REFUSED, IN_WORDS], ids=["refused", "in words"])
def test_a_released_receipt_is_not_called_refused_because_of_an_invoice(
    error: dict[str, Any],
    orders: BoardMapping,  # noqa: F811 - the fixture
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    bill = early_bill(sandbox)
    label(bill["invoiceLines"][0]["poNumber"], "Received")
    fail(sandbox, {"path": "/visma/v1/supplierInvoice/*", "method": "PUT"}, error)
    watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 60)
    row = GoodsReceipt.objects.get()

    assert (row.state, made(sandbox)[0]["status"]) == (ReceiptState.DONE, "Released")
    (comment,) = comments(sandbox)
    assert f"Invoice {bill['referenceNumber']} could not be linked" in comment
    assert "VismaId" not in comment
    assert comment.endswith("and link the invoice to the receipt there.")


@pytest.mark.parametrize(
    ("path", "since"), [("supplierInvoice", "supplierInvoice/"), ("purchaseorder", "/release")]
)
def test_a_released_receipt_is_not_called_refused_because_of_what_cannot_be_read(
    path: str,
    since: str,
    orders: BoardMapping,  # noqa: F811 - the fixture
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(early_bill(sandbox)["invoiceLines"][0]["poNumber"], "Received")
    watch.look(orders)

    def close() -> None:
        fail(sandbox, {"path": f"/visma/v1/{path}/*", "method": "GET"}, REFUSED)

    with one_clock(sandbox) as clocks, before_request(since, close):
        carry_on(clocks, 5)
    row = GoodsReceipt.objects.get()

    assert (row.state, made(sandbox)[0]["status"]) == (ReceiptState.DONE, "Released")
    assert not any("Visma refused" in text for text in comments(sandbox))


def test_a_receipt_that_somebody_released_meanwhile_is_not_called_refused(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    watch.look(orders)

    def release() -> None:
        sandbox.visma.release_receipt(made(sandbox)[0]["receiptNbr"])

    with one_clock(sandbox) as clocks, before_request("action/release", release):
        carry_on(clocks, 5)

    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]
    assert (GoodsReceipt.objects.get().state, comments(sandbox)) == (ReceiptState.DONE, [])


def test_what_rests_because_of_a_trial_is_not_said_to_wait_for_visma(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    fail(sandbox, STEPS["release"], OUTAGE)
    (row,) = watch.look(orders)
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 2)
        row.refresh_from_db()
        hindered = row.waits_for
        orders.receive["dry"] = True
        orders.save()
        carry_on(clocks, 5)
    row.refresh_from_db()

    assert (hindered, row.waits_for, row.waits_since) == ("Visma", "", None)


def test_a_receipt_whose_making_was_lost_is_not_made_again_while_visma_may_be_at_it(
    orders: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    """Visma may take four minutes over what it was asked for; the receipt is not to be seen yet."""
    fail(sandbox, {"count": 1, **STEPS["create"]}, {"action": "reset_before"})
    with one_clock(sandbox) as clocks:
        label(order(sandbox)["orderNbr"], "Received")
        watch.look(orders)
        carry_on(clocks, minutes=4)
        meanwhile = made(sandbox)
        carry_on(clocks, minutes=8)

    assert meanwhile == []
    assert [receipt["status"] for receipt in made(sandbox)] == ["Released"]

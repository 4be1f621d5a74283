"""A receipt that the rule leaves on hold: followed until people have decided about it in Visma."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from connector.models import AuditEntry, GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipt_release, receipts
from connector.sync.receipt_waits import late
from mappings.models import BoardMapping
from tenants.models import Health
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.held import Held
from tests.connector.sync.test_line_receipts import (  # noqa: F401 - a fixture
    Dock,
    dock,
    goods,
    places,
)
from tests.connector.sync.test_receipt_waits import carry_on
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    comments,
    early_bill,
    go,
    invoices,
    label,
    left_on_hold,
    made,
)
from tests.faults.clocks import one_clock
from tests.faults.mortal import Death
from tests.interrupts import at_statement

READ = {"system": "visma", "path": "/visma/v2/PurchaseReceipt/*", "method": "GET"}


@pytest.fixture
def unlabelled(
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> Held:
    left_on_hold(invoices)
    return Held(sandbox, invoices, label, early_bill(sandbox))


@pytest.fixture
def held(unlabelled: Held) -> Held:
    unlabelled.label()
    unlabelled.go()
    return unlabelled


def last_words() -> str:
    return AuditEntry.objects.order_by("pk").filter(action="receive")[::-1][0].message


def long_ago() -> None:
    GoodsReceipt.objects.update(
        finished_at=database_now() - receipt_release.LONGEST - timedelta(hours=1)
    )


def test_once_released_in_visma_it_is_linked_to_the_invoice(held: Held) -> None:
    held.release()
    held.go()
    row = GoodsReceipt.objects.get()

    assert held.linked() == {held.receipt}
    assert (row.state, row.status, row.on_hold) == (ReceiptState.DONE, "Released", "")
    assert "was released in Visma. Invoice" in last_words()


def test_while_it_is_on_hold_a_look_costs_one_call_and_tells_nothing(held: Held) -> None:
    row = GoodsReceipt.objects.get()
    told, calls = AuditEntry.objects.count(), held.sandbox.log.counters["visma.calls"]
    GoodsReceipt.objects.update(not_before=None)
    receipts.work(row.pk)
    rests = GoodsReceipt.objects.get().not_before

    assert AuditEntry.objects.count() == told
    assert held.sandbox.log.counters["visma.calls"] == calls + 1
    assert rests is not None
    assert rests > database_now() + receipt_release.LOOK - timedelta(minutes=1)
    assert receipts.due(database_now()) == []


def test_what_is_on_hold_for_days_is_looked_at_once_an_hour(held: Held) -> None:
    row = GoodsReceipt.objects.get()
    GoodsReceipt.objects.update(not_before=None, finished_at=database_now() - timedelta(days=2))
    receipts.work(row.pk)
    rests = GoodsReceipt.objects.get().not_before

    assert rests is not None
    assert rests > database_now() + timedelta(minutes=59)


def test_a_lost_answer_to_the_linking_is_linked_all_the_same(held: Held) -> None:
    held.release()
    match = {"path": "/visma/v1/supplierInvoice/*", "method": "PUT"}
    held.sandbox.faults.add({"match": match, "times": 1, "do": [{"action": "execute_then_reset"}]})
    held.go()

    assert held.sandbox.faults.active()[0]["fired"] == 1
    assert held.linked() == {held.receipt}
    assert f"Invoice {held.bill['referenceNumber']} is linked to it." in last_words()
    assert not GoodsReceipt.objects.get().on_hold


def test_what_cannot_be_linked_any_more_is_said_on_the_item(held: Held) -> None:
    held.release()
    held.close_bill()
    held.go()
    said = comments(held.sandbox)

    assert held.receipt not in held.linked()
    assert any("is Open, so Visma links its lines no more" in each for each in said)


def test_one_that_was_cancelled_in_visma_is_followed_no_longer(held: Held) -> None:
    held.cancel()
    held.go()

    assert not GoodsReceipt.objects.get().on_hold
    assert "was cancelled in Visma; nothing is linked" in last_words()


def test_after_sixty_days_nobody_looks_any_more(held: Held) -> None:
    long_ago()
    held.go()

    assert not GoodsReceipt.objects.get().on_hold
    assert "was left on hold 60 days ago" in last_words()


def test_on_trial_nothing_is_linked(held: Held) -> None:
    held.try_out()
    held.release()
    held.go()

    assert held.receipt not in held.linked()
    assert GoodsReceipt.objects.get().on_hold == OnHold.WAITS


def test_what_was_hindered_is_not_listed_while_the_rule_is_on_trial(held: Held) -> None:
    held.fail(READ, {"action": "html_502"})
    with one_clock(held.sandbox) as clocks:
        carry_on(clocks, 30)
        before = late([held.mapping]).count()
        held.try_out()
        carry_on(clocks, 30)

        assert (before, late([held.mapping]).count()) == (1, 0)


def test_typed_lines_are_linked_too_and_what_is_typed_meanwhile_is_kept(
    dock: Dock,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    left_on_hold(dock.mapping)
    number = goods(sandbox)["orderNbr"]
    line = places(dock.order(number))[0]
    dock.receive(number, {line: "1"})
    (receipt,) = made(sandbox)
    dock.type(number, {line: "1"})
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(dock.mapping)

    assert not GoodsReceipt.objects.get().on_hold
    assert dock.typed(number, line) == "1"
    assert len(made(sandbox)) == 1


def test_a_receipt_that_cannot_be_read_for_an_hour_is_listed(held: Held) -> None:
    quiet = late([held.mapping]).count()
    held.fail(READ, {"action": "html_502"})
    with one_clock(held.sandbox) as clocks:
        carry_on(clocks, 60)

        assert (quiet, [row.waits_for for row in late([held.mapping])]) == (0, ["Visma"])


def test_a_receipt_that_may_not_be_read_stops_the_connection_for_a_person(held: Held) -> None:
    held.fail(READ, {"action": "status", "code": 403, "body": "{}"})
    with one_clock(held.sandbox) as clocks:
        carry_on(clocks, 30)
    held.mapping.visma.refresh_from_db()
    row = GoodsReceipt.objects.get()

    assert held.mapping.visma.health == Health.NEEDS_PERSON
    assert (row.on_hold, row.waits_for) == (OnHold.WAITS, "Visma")
    assert "may not do this" in row.waits_words


def test_after_sixty_days_it_ends_also_where_visma_cannot_be_read(held: Held) -> None:
    long_ago()
    held.fail(READ, {"action": "html_502"})
    held.go()

    assert not GoodsReceipt.objects.get().on_hold
    assert "link its supplier invoice in Visma" in last_words()


@pytest.mark.parametrize("fate", ["execute_then_reset", "reset_before"])
def test_a_comment_whose_answer_is_lost_is_said_once_with_the_same_words(
    fate: str, held: Held
) -> None:
    held.release()
    held.close_bill()
    held.fail({"system": "monday", "operation": "create_update", "count": 1}, {"action": fate})
    told = AuditEntry.objects.count()
    receipts.work(GoodsReceipt.objects.get().pk)
    before = GoodsReceipt.objects.get()
    words = last_words()
    held.go()

    assert (before.on_hold, before.waits_for) == (OnHold.COMMENT, "monday.com")
    assert [text for text in comments(held.sandbox) if "is Open" in text] == [words]
    assert AuditEntry.objects.count() == told + 1
    assert held.sandbox.log.violations() == []
    assert not GoodsReceipt.objects.get().on_hold


def test_where_the_item_is_gone_the_row_and_the_audit_keep_the_words(held: Held) -> None:
    held.release()
    held.close_bill()
    GoodsReceipt.objects.update(item_id="404", not_before=None)
    receipts.work(GoodsReceipt.objects.get().pk)
    row = GoodsReceipt.objects.get()

    assert (row.on_hold, row.happened) == ("", last_words())
    assert "is Open" in row.happened


def test_a_worker_that_dies_while_it_ends_a_receipt_leaves_it_to_be_ended(
    unlabelled: Held,
) -> None:
    unlabelled.label()
    with (
        at_statement('UPDATE "connector_goodsreceipt" SET .*"finished_at"', die),
        pytest.raises(Death),
    ):
        unlabelled.go()
    left = GoodsReceipt.objects.get()
    GoodsReceipt.objects.update(claimed_until=None)
    unlabelled.go()
    unlabelled.release()
    unlabelled.go()

    assert (left.state, left.on_hold) == (ReceiptState.MADE, OnHold.NONE)
    assert unlabelled.linked() == {unlabelled.receipt}


def die() -> None:
    raise Death


def test_a_label_set_again_on_hold_and_afterwards_makes_no_second_receipt(held: Held) -> None:
    held.label_again()
    followed = GoodsReceipt.objects.filter(on_hold=OnHold.WAITS).count()
    held.release()
    held.go()
    held.label_again()

    assert followed == 2
    assert held.linked() == {held.receipt}
    assert {row.on_hold for row in GoodsReceipt.objects.all()} == {""}
    assert f"is linked to receipt {held.receipt}." in last_words()


def test_a_second_invoice_labelled_while_the_receipt_is_on_hold_is_linked_too(held: Held) -> None:
    second = another_bill(held)
    held.set_label(second["referenceNumber"], "Received")
    held.go()
    held.release()
    held.go()

    assert held.linked() == {held.receipt}
    assert held.linked(second) == {held.receipt}


def test_of_several_receipts_of_an_order_the_one_on_hold_is_followed(unlabelled: Held) -> None:
    visma, lines = unlabelled.sandbox.visma, unlabelled.bill["invoiceLines"]
    order = visma.company.get("purchase_order", lines[0]["poNumber"])
    ordered = {line["lineNbr"]: line["orderQty"] for line in order["lines"]}
    first = lines[0]["poLineNr"]
    on_hold = visma.receive(order["orderNbr"], {first: ordered[first]}, released=False)
    others = visma.receive(order["orderNbr"])
    unlabelled.label()
    unlabelled.go()
    visma.release_receipt(on_hold)
    unlabelled.go()

    assert len(lines) > 1
    assert unlabelled.linked() == {on_hold, others}
    assert made(unlabelled.sandbox) == []


def another_bill(held: Held) -> Any:
    """A second invoice whose lines name the same order."""
    company, number = held.sandbox.visma.company, held.bill["referenceNumber"]
    rows = list(company.tables["supplier_invoice"].rows())
    numbers = [row["referenceNumber"] for row in rows]
    found = next(
        row
        for row in rows
        if row["status"] in ("Hold", "Balanced")
        and row["referenceNumber"] != number
        and numbers.count(row["referenceNumber"]) == 1
        and not any(line["poReceiptNbr"] for line in row["invoiceLines"])
    )
    with company.lock:
        payload = company.draft("supplier_invoice", f"Invoice:{found['referenceNumber']}")
        now = company.get("supplier_invoice", f"Invoice:{number}")
        payload |= {name: deepcopy(now[name]) for name in ("supplier", "invoiceLines")}
        return company.change("supplier_invoice", payload, "invoice_edited")

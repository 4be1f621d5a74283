"""Receiving goods by API: both documented ways, their refusals, and what the order says after."""

from typing import Any

import pytest

from tests.sandbox.visma_caller import Answer, Row, VismaCaller

RECEIPTS = "/v1/PurchaseReceipt"
READS = "/v2/PurchaseReceipt"


def val(value: Any) -> dict[str, Any]:
    return {"value": value}


def waiting(visma: VismaCaller) -> Row:
    return visma.order_with("Open", received=False)


def posted(visma: VismaCaller, order: Row, **fields: Any) -> Answer:
    body = {"receiptType": val("PoReceipt"), "supplierId": val(order["supplier"]["number"])}
    marks = {"supplierRef": val("MON-1"), "currency": val(order["currency"])}
    return visma.ask("POST", RECEIPTS, body | marks | fields)


def filled(visma: VismaCaller, order: Row, **fields: Any) -> str:
    """A receipt on hold with every open line of the order; its number."""
    number = posted(visma, order, **fields).headers["Location"].rpartition("/")[2]
    orders = [{"orderNbr": order["orderNbr"], "orderType": "RegularOrder"}]
    answer = act(visma, number, "addpurchaseorder", {"purchaseOrders": orders})
    assert answer.body["actionResult"] == "Done"
    return number


def act(visma: VismaCaller, number: str, name: str, body: Any = None) -> Answer:
    return visma.ask("POST", f"{RECEIPTS}/{number}/action/{name}", body)


def receipt(visma: VismaCaller, number: str) -> Row:
    found: Row = visma.get(f"{READS}/{number}").body
    return found


def off_hold(visma: VismaCaller, number: str) -> None:
    assert visma.ask("PUT", f"{RECEIPTS}/{number}", {"hold": val(False)}).status == 204


def test_a_created_receipt_is_named_by_its_location_alone(visma: VismaCaller) -> None:
    answer = posted(visma, waiting(visma))

    number = answer.headers["Location"].rpartition("/")[2]
    found = receipt(visma, number)
    assert (answer.status, answer.raw) == (201, b"")
    assert answer.headers["ETag"] == f'"{found["timeStamp"]}"'
    assert (found["status"], found["hold"], found["lines"]) == ("Hold", True, [])


def test_posting_twice_makes_two_receipts(visma: VismaCaller) -> None:
    order = waiting(visma)

    places = {posted(visma, order).headers["Location"] for _ in range(2)}

    assert len(places) == 2


def test_the_whole_way_closes_the_order(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = filled(visma, order)
    off_hold(visma, number)

    answer = act(visma, number, "release")

    after = visma.order(order["orderNbr"])
    assert (answer.status, answer.body["actionResult"]) == (200, "Done")
    assert receipt(visma, number)["status"] == "Released"
    assert (after["status"], after["openQuantity"]) == ("Closed", 0)
    assert [each["receiptNumber"] for each in after["purchaseReceipts"]] == [number]


def test_one_call_receives_a_whole_order_and_does_not_say_its_number(visma: VismaCaller) -> None:
    order = waiting(visma)
    path = f"/v1/purchaseorder/{order['orderNbr']}/action/createpurchasereceipt"

    answer = visma.ask("POST", path, {"orderType": "RegularOrder"})

    found = visma.rows(READS, poOrderNbr=order["orderNbr"])
    assert (answer.status, answer.body) == (200, {})
    assert "Location" not in answer.headers
    assert [(row["status"], len(row["lines"])) for row in found] == [("Hold", len(order["lines"]))]


def test_that_call_needs_the_order_type(visma: VismaCaller) -> None:
    path = f"/v1/purchaseorder/{waiting(visma)['orderNbr']}/action/createpurchasereceipt"

    assert visma.ask("POST", path, {}).status == 400


def test_single_lines_are_added_by_number_as_text(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = posted(visma, order).headers["Location"].rpartition("/")[2]
    place = order["lines"][0]["lineNbr"]

    def body(line: Any) -> Any:
        return {"purchaseOrderLines": [{"orderNbr": order["orderNbr"], "lines": [line]}]}

    refused = act(visma, number, "addpurchaseorderlines", body({"lineNbr": place}))
    added = act(visma, number, "addpurchaseorderlines", body({"lineNbr": str(place)}))

    lines = receipt(visma, number)["lines"]
    assert (refused.status, added.body["actionResult"]) == (400, "Done")
    assert [(line["poOrderNbr"], line["poOrderLineNbr"]) for line in lines] == [
        (order["orderNbr"], place)
    ]
    assert lines[0]["receiptQty"] == order["lines"][0]["orderQty"]


def test_lines_of_a_post_are_not_linked_to_an_order(visma: VismaCaller) -> None:
    order = waiting(visma)
    line = {
        "operation": "Insert",
        "inventoryId": val("SKR-0425"),
        "receiptQty": val(5),
        "poOrderNbr": val(order["orderNbr"]),
        "poOrderLineNbr": val(1),
    }

    answer = posted(visma, order, lines=[line])

    found = receipt(visma, answer.headers["Location"].rpartition("/")[2])
    assert found["lines"][0]["poOrderNbr"] is None
    assert visma.order(order["orderNbr"])["purchaseReceipts"] == []


def test_a_smaller_quantity_leaves_the_line_open(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = filled(visma, order)
    lines = [{"operation": "Update", "lineNbr": val(1), "receiptQty": val(1)}]
    lines += [
        {"operation": "Delete", "lineNbr": val(line["lineNbr"])}
        for line in receipt(visma, number)["lines"][1:]
    ]

    visma.ask("PUT", f"{RECEIPTS}/{number}", {"hold": val(False), "lines": lines})
    act(visma, number, "release")

    first = visma.order(order["orderNbr"])["lines"][0]
    assert receipt(visma, number)["totalQty"] == 1
    assert (first["qtyOnReceipts"], first["completed"]) == (1, False)


def test_a_line_is_completed_short_when_asked(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = filled(visma, order)
    line = {"operation": "Update", "lineNbr": val(1), "receiptQty": val(1)}
    short = line | {"completePoLine": val(True)}

    visma.ask("PUT", f"{RECEIPTS}/{number}", {"hold": val(False), "lines": [short]})
    act(visma, number, "release")

    assert visma.order(order["orderNbr"])["status"] == "Closed"


def test_goods_count_before_release_and_complete_nothing(visma: VismaCaller) -> None:
    order = waiting(visma)

    filled(visma, order)

    after = visma.order(order["orderNbr"])
    assert all(line["qtyOnReceipts"] == line["orderQty"] for line in after["lines"])
    assert (after["status"], after["openQuantity"]) == ("Open", 0)


def test_a_cancelled_receipt_gives_the_goods_back(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = filled(visma, order)

    answer = act(visma, number, "cancelReceipt")

    after = visma.order(order["orderNbr"])
    assert answer.body["actionResult"] == "Done"
    assert receipt(visma, number)["status"] == "Cancelled"
    assert not any(line["qtyOnReceipts"] for line in after["lines"])
    assert after["openQuantity"] == order["openQuantity"]


def test_an_old_version_is_refused_with_412(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma))
    old = visma.get(f"{READS}/{number}").headers["ETag"]
    path = f"{RECEIPTS}/{number}"
    first = visma.ask("PUT", path, {"note": val("en")}, If_Match=old)

    second = visma.ask("PUT", path, {"note": val("to")}, If_Match=old)
    third = visma.ask("PUT", path, {"note": val("to")}, If_Match=first.headers["ETag"])

    assert (first.status, second.status, third.status) == (204, 412, 204)
    assert receipt(visma, number)["note"] == "to"


def test_a_receipt_on_hold_is_not_released_and_the_status_is_200(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma))

    answer = act(visma, number, "release")

    assert (answer.status, answer.body["actionResult"]) == (200, "Failed")
    assert "on hold" in answer.body["errorInfo"]
    assert receipt(visma, number)["status"] == "Hold"


def test_a_queued_release_is_done_a_while_later(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma))
    off_hold(visma, number)
    visma.sandbox.quirks.action_seconds = 5

    answer = act(visma, number, "release")
    at_once = receipt(visma, number)["status"]
    visma.sandbox.clock.advance(6)

    assert answer.body["actionResult"] == "Queued"
    assert (at_once, receipt(visma, number)["status"]) == ("Balanced", "Released")


def test_releasing_twice_fails_the_second_time(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma))
    off_hold(visma, number)

    results = [act(visma, number, "release").body["actionResult"] for _ in range(2)]

    assert results == ["Done", "Failed"]


def rejecting_line(visma: VismaCaller) -> tuple[Row, Row]:
    for order in visma.rows("/v1/purchaseorder", orderStatus="Open"):
        for line in order["lines"]:
            if line["receiptAction"] == "Reject" and not order["purchaseReceipts"]:
                return order, line
    raise AssertionError("the seed has no order with a rejecting line")


def test_too_much_is_rejected_where_the_order_line_says_so(visma: VismaCaller) -> None:
    order, line = rejecting_line(visma)
    number = filled(visma, order)
    place = next(
        each["lineNbr"]
        for each in receipt(visma, number)["lines"]
        if each["poOrderLineNbr"] == line["lineNbr"]
    )
    more = {"operation": "Update", "lineNbr": val(place), "receiptQty": val(999_999)}

    answer = visma.ask("PUT", f"{RECEIPTS}/{number}", {"lines": [more]})

    assert (answer.status, "exceeds the maximum" in answer.message) == (400, True)


def test_too_much_passes_with_a_warning_elsewhere(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma))
    more = {"operation": "Update", "lineNbr": val(1), "receiptQty": val(999_999)}

    assert visma.ask("PUT", f"{RECEIPTS}/{number}", {"lines": [more]}).status == 204


@pytest.mark.parametrize("status", ["Closed", "Cancelled", "Hold", "PendingPrint"])
def test_an_order_in_another_state_lets_nothing_in(visma: VismaCaller, status: str) -> None:
    order = visma.rows("/v1/purchaseorder", orderStatus=status)[0]
    number = posted(visma, order).headers["Location"].rpartition("/")[2]
    orders = {"purchaseOrders": [{"orderNbr": order["orderNbr"]}]}

    answer = act(visma, number, "addpurchaseorder", orders)

    assert (answer.status, answer.body["actionResult"]) == (200, "Failed")


def test_a_receipt_is_found_again_by_order_and_marker(visma: VismaCaller) -> None:
    order = waiting(visma)
    number = filled(visma, order, note=val("monday 42"), customStr1=val("mlc-42"))

    plain = visma.rows(READS, poOrderNbr=order["orderNbr"])[0]
    asked = visma.rows(
        READS, poOrderNbr=order["orderNbr"], expandNote="true", includeCustomFreeFields="true"
    )[0]

    assert (plain["receiptNbr"], plain["supplierRef"]) == (number, "MON-1")
    assert "note" not in plain
    assert "customStr1" not in plain
    assert (asked["note"], asked["customStr1"]) == ("monday 42", "mlc-42")


def test_reads_of_version_one_are_gone(visma: VismaCaller) -> None:
    number = visma.rows(READS)[0]["receiptNbr"]

    assert visma.get(RECEIPTS).status == 404
    assert visma.get(f"{RECEIPTS}/{number}").status == 404


def test_create_bill_makes_a_second_invoice(visma: VismaCaller) -> None:
    number = filled(visma, waiting(visma), createBill=val(True))
    off_hold(visma, number)

    act(visma, number, "release")

    bills = [
        row
        for row in visma.rows("/v1/supplierInvoice", status="Balanced")
        if any(line["poReceiptNbr"] == number for line in row["invoiceLines"])
    ]
    assert [row["supplierReference"] for row in bills] == ["MON-1"]


def test_a_company_may_insist_on_control_quantities(visma: VismaCaller) -> None:
    visma.sandbox.quirks.receipts_validate_totals = True
    number = filled(visma, waiting(visma))
    total = float(receipt(visma, number)["totalQty"])
    path = f"{RECEIPTS}/{number}"

    refused = visma.ask("PUT", path, {"hold": val(False)})
    accepted = visma.ask("PUT", path, {"hold": val(False), "controlQty": val(total)})

    assert (refused.status, accepted.status) == (400, 204)


@pytest.mark.parametrize(
    "body",
    [
        {"supplierId": "50001"},
        {"supplierId": {"value": "99999"}},
        {"supplierId": {"value": "50001"}, "date": {"value": "2026-01-01T00:00:00Z"}},
        {"supplierId": {"value": "50001"}, "hold": {"value": "no"}},
        {"supplierId": {"value": "50001"}, "customStr1": {"value": "x" * 101}},
        {"supplierId": {"value": "50001"}, "lines": [{"lineNbr": {"value": 1}}]},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(visma: VismaCaller, body: Any) -> None:
    before = len(visma.rows(READS))

    answer = visma.ask("POST", RECEIPTS, body)

    assert (answer.status, answer.message.startswith("VismaId: ")) == (400, True)
    assert len(visma.rows(READS)) == before


def test_an_order_line_can_be_finished_without_a_receipt(visma: VismaCaller) -> None:
    order = waiting(visma)
    lines = [
        {"operation": "Update", "lineNumber": val(line["lineNbr"]), "completed": val(True)}
        for line in order["lines"]
    ]

    answer = visma.ask("PUT", f"/v1/purchaseorder/{order['orderNbr']}", {"lines": lines})

    after = visma.order(order["orderNbr"])
    assert (answer.status, after["status"], after["purchaseReceipts"]) == (204, "Closed", [])
    assert all(line["qtyOnReceipts"] == 0 for line in after["lines"])

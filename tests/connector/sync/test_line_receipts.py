"""Quantities typed at an order's lines become one receipt of these lines, as often as one comes."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from connector.models import GoodsReceipt, RecordLink
from connector.sandbox.server import SandboxServer
from connector.sandbox.visma.receiving import set_quantities, store
from connector.sync import receipt_replay
from connector.sync.boards import monday_of
from connector.sync.line_boards import show_lines
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work
from tests.connector.sync.test_receipts import (
    Set,
    cell,
    comments,
    go,
    label,  # noqa: F401 - a fixture
    made,
    ready,
)
from tests.interrupts import after_answer

COLUMN = "Received now"


@dataclass
class Dock:
    """The board of orders with their lines, as the warehouse sees and touches it."""

    sandbox: SandboxServer
    mapping: BoardMapping
    lines: BoardMapping
    label: Set

    def type(self, number: str, quantities: dict[int, str]) -> None:
        for line, quantity in quantities.items():
            self.sandbox.monday.act(
                act="cell_edit",
                board=self.lines.board_id,
                item=self.item(number, line),
                column=COLUMN,
                value=quantity,
            )

    def receive(self, number: str, quantities: dict[int, str]) -> None:
        self.type(number, quantities)
        self.label(number, "Received")
        go(self.mapping)

    def item(self, number: str, line: int) -> str:
        key = f"RegularOrder:{number}:{line}"
        return str(RecordLink.objects.get(mapping=self.lines, record__key=key).item_id)

    def typed(self, number: str, line: int) -> str:
        item = self.sandbox.monday.account.item(int(self.item(number, line)))
        assert item is not None
        board = self.sandbox.monday.account.boards[int(self.lines.board_id)]
        column = next(c for c in board.columns.values() if c.title == COLUMN)
        return str(item.cells.get(column.id) or "")

    def order(self, number: str) -> Any:
        return self.sandbox.visma.company.get("purchase_order", number)

    def shown(self, number: str) -> str:
        return cell(self.sandbox, self.mapping, number)

    def change_line(self, number: str, line: int, **changes: Any) -> None:
        """What the buyer says of one line of the order."""
        company = self.sandbox.visma.company
        with company.lock:
            payload = company.draft("purchase_order", number)
            next(each for each in payload["lines"] if each["lineNbr"] == line).update(changes)
            company.change("purchase_order", payload, "order_edited")


@pytest.fixture
def dock(
    order_mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,
    label: Set,  # noqa: F811 - the fixture
) -> Dock:
    """The newest orders, with their lines."""
    return dock_of(order_mapping, sandbox, work, label, {"date_from": goods(sandbox)["date"][:10]})


def dock_of(
    mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,
    label: Set,  # noqa: F811 - the fixture's value
    only: dict[str, str],
) -> Dock:
    mapping.filter = only
    lines = show_lines(mapping, by="kari")
    column = monday_of(lines).create_column(lines.board_id, COLUMN, "numbers")
    ready(mapping, sandbox, work)
    mapping.receive |= {"receipt": "lines", "quantity_column": column["id"]}
    mapping.save()
    return Dock(sandbox, mapping, lines, label)


def goods(sandbox: SandboxServer) -> Any:
    """The newest open order with two lines or more, of which nothing has come yet."""
    wanted = {"status": "Open", "purchaseReceipts": [], "orderType": "RegularOrder"}
    rows = [
        row
        for row in sandbox.visma.company.tables["purchase_order"].rows()
        if all(row[name] == value for name, value in wanted.items())
        and sum(line["lineType"] != "Description" for line in row["lines"]) > 1
    ]
    return max(rows, key=lambda row: row["date"])


def places(row: Any) -> list[int]:
    return [line["lineNbr"] for line in row["lines"] if line["lineType"] != "Description"]


def brought(receipt: Any) -> Any:
    """Quantities by line of the order."""
    return {line["poOrderLineNbr"]: line["receiptQty"] for line in receipt["lines"]}


def test_the_typed_lines_are_received_with_their_quantities_and_no_others(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]
    dock.receive(number, {first: "2"})
    (receipt,) = made(dock.sandbox)

    assert (receipt["status"], receipt["createBill"]) == ("Released", False)
    assert brought(receipt) == {first: 2}
    assert dock.order(number)["status"] == "Open"


def test_what_was_booked_is_wiped_out_and_the_label_is_ready_for_the_next_delivery(
    dock: Dock,
) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]
    dock.receive(number, {first: "2"})

    assert (dock.typed(number, first), dock.shown(number)) == ("", "")
    assert f"line {first}: 2" in comments(dock.sandbox)[-1]


def test_one_order_comes_in_several_deliveries(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    rest = {
        line["lineNbr"]: line["orderQty"] - 1
        for line in dock.order(number)["lines"]
        if line["lineType"] != "Description"
    }
    dock.receive(number, dict.fromkeys(rest, "1"))
    dock.receive(number, {line: str(quantity) for line, quantity in rest.items() if quantity})

    assert [receipt["status"] for receipt in made(dock.sandbox)] == ["Released", "Released"]
    assert (dock.order(number)["status"], dock.order(number)["openQuantity"]) == ("Closed", 0)
    assert dock.shown(number) == "Received"


@pytest.mark.parametrize("action", ["Reject", "AcceptButWarn"])
def test_more_than_was_ordered_is_refused_in_words_and_nothing_is_made(
    action: str, dock: Dock
) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    line = dock.order(number)["lines"][0]
    dock.change_line(number, line["lineNbr"], receiptAction=action, maxReceipt=Decimal(100))
    dock.receive(number, {line["lineNbr"]: str(line["orderQty"] + 1)})
    row = GoodsReceipt.objects.get()

    assert made(dock.sandbox) == []
    assert (row.code, dock.shown(number)) == ("over_receipt", "Problem")
    assert f"no more than {int(line['orderQty'])} may come" in comments(dock.sandbox)[0]
    assert dock.typed(number, line["lineNbr"])  # left for correction


def test_a_surplus_that_the_order_accepts_is_received(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    line = dock.order(number)["lines"][0]
    dock.change_line(number, line["lineNbr"], receiptAction="Accept")
    dock.receive(number, {line["lineNbr"]: str(line["orderQty"] + 1)})

    assert [brought(each) for each in made(dock.sandbox)] == [
        {line["lineNbr"]: line["orderQty"] + 1}
    ]


Broken = Callable[[Dock, str, int], None]


def nothing_typed(dock: Dock, number: str, line: int) -> None:
    dock.type(number, {line: ""})


def less_than_nothing(dock: Dock, number: str, line: int) -> None:
    dock.type(number, {line: "-3"})


def line_completed(dock: Dock, number: str, line: int) -> None:
    dock.change_line(number, line, completed=True)


def order_cancelled(dock: Dock, number: str, line: int) -> None:
    dock.sandbox.visma.cancel_order(number)


def column_gone(dock: Dock, number: str, line: int) -> None:
    act = {"act": "column_delete", "board": dock.lines.board_id, "column": COLUMN}
    dock.sandbox.monday.act(**act)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (nothing_typed, "No quantity was typed"),
        (less_than_nothing, "less than nothing"),
        (line_completed, "nothing more is expected"),
        (order_cancelled, "Cancelled in Visma"),
        (column_gone, "gone from the subitems"),
    ],
)
def test_what_cannot_be_received_is_explained_on_the_item(
    broken: Broken, told: str, dock: Dock
) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]
    dock.type(number, {first: "1"})
    broken(dock, number, first)
    dock.label(number, "Received")
    go(dock.mapping)

    assert (made(dock.sandbox), dock.shown(number)) == ([], "Problem")
    assert told in comments(dock.sandbox)[0]


def test_on_trial_the_quantities_stay_and_nothing_is_written_anywhere(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]
    dock.mapping.receive["dry"] = True
    dock.mapping.save()
    dock.type(number, {first: "2"})
    dock.label(number, "Received")
    dock.sandbox.log.clear()
    go(dock.mapping)

    assert [entry for entry in dock.sandbox.log.entries() if entry.mutation] == []
    assert f"(line {first}: 2)" in GoodsReceipt.objects.get().happened


def refuse_release(sandbox: SandboxServer, times: int = 1) -> None:
    body = '{"actionResult":"Failed","errorInfo":"The period 202611 is closed."}'
    match = {"system": "visma", "path": "*/action/release", "count": times}
    sandbox.faults.add({"match": match, "do": [{"action": "status", "code": 200, "body": body}]})


def again_by_label(dock: Dock, number: str) -> None:
    dock.label(number, "Received")


def again_by_replay(dock: Dock, number: str) -> None:
    rows = receipt_replay.standing(dock.mapping.tenant)
    assert len(receipt_replay.ask_again(rows, actor="kari")) == 1


@pytest.mark.parametrize("again", [again_by_label, again_by_replay])
def test_a_receipt_refused_half_way_is_taken_up_again_with_the_quantities_as_corrected(
    again: Callable[[Dock, str], None], dock: Dock
) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first, second = places(dock.order(number))[:2]
    refuse_release(dock.sandbox)
    dock.receive(number, {first: "2"})
    dock.type(number, {first: "1", second: "1"})
    again(dock, number)
    go(dock.mapping)

    assert [(r["status"], brought(r)) for r in made(dock.sandbox)] == [
        ("Released", {first: 1, second: 1})
    ]
    assert dock.shown(number) == ""
    assert not receipt_replay.standing(dock.mapping.tenant).exists()


def test_quantities_that_somebody_changes_on_the_receipt_are_left_as_they_are(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]

    def correct() -> None:
        (receipt,) = made(dock.sandbox)
        company = dock.sandbox.visma.company
        with company.lock:
            target = company.draft("purchase_receipt", receipt["receiptNbr"])
            set_quantities(target, {first: Decimal(1)})
            store(company, target, "receipt_updated")

    with after_answer("receiptQty", correct):
        dock.receive(number, {first: "2"})

    assert [(r["status"], brought(r)) for r in made(dock.sandbox)] == [("Released", {first: 1})]
    assert f"line {first}: 1" in comments(dock.sandbox)[-1]


def test_quantities_that_could_not_be_wiped_out_yet_are_not_received_twice(dock: Dock) -> None:
    number = goods(dock.sandbox)["orderNbr"]
    first = places(dock.order(number))[0]
    match = {"system": "monday", "operation": "change*"}
    dock.sandbox.faults.add({"match": match, "do": [{"action": "html_502"}]})
    dock.receive(number, {first: "1"})
    for text in ("Not received", "Received"):
        dock.label(number, text)
        go(dock.mapping)
    untold = GoodsReceipt.objects.filter(told=False).count()
    dock.sandbox.faults.clear()
    go(dock.mapping)

    assert untold == 2
    assert [brought(each) for each in made(dock.sandbox)] == [{first: 1}]

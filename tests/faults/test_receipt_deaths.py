"""A worker dies at each step of a receipt's way: exactly one receipt, whole and linked.

``SEEDS=50 STRIDE=1`` tries every step under fifty circumstances; usually every so manieth step.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from connector.models import AuditEntry, GoodsReceipt, OnHold, ReceiptState
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_line_receipts import Dock, brought, dock_of
from tests.connector.sync.test_receipts import (
    Set,
    close_bill,
    comments,
    label,  # noqa: F401 - a fixture
    left_on_hold,
    made,
    ready,
)
from tests.faults.figures import note
from tests.faults.receipts import (
    Circumstances,
    Outcome,
    circumstances,
    day_of,
    each_death,
    each_death_on_hold,
    until_on_hold,
)
from tests.faults.size import seeds, stride

pytestmark = pytest.mark.django_db

Get = Callable[[Circumstances], BoardMapping]


@pytest.fixture
def invoices(
    mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
) -> Get:
    """The board of the invoices of one day, whose goods may be received from it."""
    return partial(of_its_day, mapping, sandbox, work)


@pytest.fixture
def orders(
    order_mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
) -> Get:
    """The board of the orders of one day."""
    return partial(of_its_day, order_mapping, sandbox, work)


def of_its_day(
    mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
    given: Circumstances,
) -> BoardMapping:
    """The rule is where the label is set; the other board may show its records only."""
    of_invoices = mapping.entity == "supplier_invoice"
    key = f"Invoice:{given.bill}" if of_invoices else given.number
    mapping.filter = day_of(sandbox, mapping.entity, key)
    board = ready(mapping, sandbox, work)
    if not given.both and of_invoices != given.on_invoice:
        board.receive = {}
        board.save()
    return board


@pytest.fixture
def docks(
    order_mapping: BoardMapping,
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
    label: Set,  # noqa: F811 - the fixture
) -> Callable[[Circumstances], Dock]:
    """The board with the lines of one order and those of its day."""

    def of(given: Circumstances) -> Dock:
        day = day_of(sandbox, "purchase_order", given.number)
        return dock_of(order_mapping, sandbox, work, label, day)

    return of


def tried(usual: int, seed: int) -> range:
    """Of each life every so manieth step, those of neighbouring seeds between."""
    apart = stride(usual)
    return range(1 + seed % apart, 100_000, apart)


def check(name: str, found: dict[int, Outcome], wanted: Outcome) -> None:
    wrong = {step: each for step, each in found.items() if each != wanted}
    violations = [f"{kind_of(each)} death at step {step}: {each}" for step, each in wrong.items()]
    note(name, violations, {"deaths of receipts": len(found.keys() - {0})})

    assert wrong == {}


def kind_of(wrong: Outcome) -> str:
    """What the soak counts it as."""
    if len(wrong["receipts"]) != 1:
        return "doubled:" if wrong["receipts"] else "lost:"
    return "wrong:" if wrong["rows"] == [ReceiptState.DONE] else "not quiet:"


@pytest.mark.parametrize("seed", seeds(1, apart=1000))
def test_a_death_at_any_step_leaves_exactly_one_whole_and_linked_receipt(
    seed: int, orders: Get, invoices: Get, sandbox: SandboxServer
) -> None:
    given = circumstances(sandbox, seed)
    orders(given)
    invoices(given)
    if given.part_came:
        order = sandbox.visma.company.get("purchase_order", given.number)
        line = next(line for line in order["lines"] if line["lineType"] != "Description")
        sandbox.visma.receive(given.number, {line["lineNbr"]: 1})
    wanted = {
        "receipts": [("Released", open_quantity(sandbox, given.number), False)],
        "linked": set(),
        "rows": [ReceiptState.DONE],
    }

    found = each_death(sandbox, given, lambda: outcome(sandbox, given), tried(25, seed))
    check(f"receipt {seed}", found, wanted)


def open_quantity(sandbox: SandboxServer, number: str) -> Decimal:
    lines = sandbox.visma.company.get("purchase_order", number)["lines"]
    goods = [line for line in lines if line["lineType"] != "Description"]
    return sum((line["orderQty"] - line["qtyOnReceipts"] for line in goods), Decimal(0))


def outcome(sandbox: SandboxServer, given: Circumstances) -> Outcome:
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    ours = made(sandbox)
    return {
        "receipts": [(each["status"], each["totalQty"], each["createBill"]) for each in ours],
        "linked": {line["poReceiptNbr"] for line in bill["invoiceLines"]}
        - {each["receiptNbr"] for each in ours},
        "rows": [row.state for row in GoodsReceipt.objects.all()],
    }


@pytest.mark.parametrize("seed", seeds(1, apart=1000))
def test_a_death_at_any_step_leaves_exactly_one_receipt_of_the_typed_lines(
    seed: int, docks: Callable[[Circumstances], Dock], invoices: Get, sandbox: SandboxServer
) -> None:
    given = replace(circumstances(sandbox, seed), on_invoice=False)
    invoices(given)
    dock = docks(given)
    typed = billed(sandbox, given, few=bool(seed % 2))
    dock.type(given.number, {line: str(quantity) for line, quantity in typed.items()})
    wanted = {
        "receipts": [("Released", typed)],
        "linked": set(typed),
        "typed": {""},
        "rows": [ReceiptState.DONE],
    }

    found = each_death(sandbox, given, lambda: lines_outcome(sandbox, given, dock), tried(41, seed))
    check(f"receipt of lines {seed}", found, wanted)


def billed(sandbox: SandboxServer, given: Circumstances, few: bool) -> dict[int, Decimal]:
    """By line of the order, what its invoice bills: all of it, or the first line only."""
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    lines = {line["poLineNr"]: line["quantity"] for line in bill["invoiceLines"]}
    return dict(list(lines.items())[:1]) if few else lines


def lines_outcome(sandbox: SandboxServer, given: Circumstances, dock: Dock) -> Outcome:
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    ours = {each["receiptNbr"]: each for each in made(sandbox)}
    lines = [line for line in bill["invoiceLines"] if line["poReceiptNbr"] in ours]
    places = {line["poLineNr"] for line in bill["invoiceLines"]}
    return {
        "receipts": [(each["status"], brought(each)) for each in ours.values()],
        "linked": {line["poLineNr"] for line in lines},
        "typed": {dock.typed(given.number, place) for place in places},
        "rows": [row.state for row in GoodsReceipt.objects.all()],
    }


@pytest.mark.parametrize("seed", seeds(1, apart=1000))
def test_a_death_at_any_step_after_a_release_by_hand_leaves_the_receipt_linked_or_says_why_not(
    seed: int, orders: Get, invoices: Get, sandbox: SandboxServer
) -> None:
    given = circumstances(sandbox, seed)
    for board in (orders(given), invoices(given)):
        left_on_hold(board)
    until_on_hold(sandbox, given)
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    wanted = {
        "receipts": [("Released", receipt["totalQty"], False)],
        "linked": set(),
        "rows": [ReceiptState.DONE],
        "on hold": [OnHold.NONE],
        "told": 1,
        "comments": 0,
    }
    steps = tried(12, seed)

    found = each_death_on_hold(sandbox, given, lambda: outcome_on_hold(sandbox, given), steps)
    check(f"receipt on hold {seed}", found, wanted)
    close_bill(sandbox, given.bill)
    found = each_death_on_hold(sandbox, given, lambda: outcome_on_hold(sandbox, given), steps)
    check(f"receipt on hold, late {seed}", found, wanted | {"linked": {None}, "comments": 1})


def outcome_on_hold(sandbox: SandboxServer, given: Circumstances) -> Outcome:
    told = AuditEntry.objects.filter(action="receive", message__contains="was released in Visma")
    said = [text for text in comments(sandbox) if "is Open, so Visma links" in text]
    return {
        **outcome(sandbox, given),
        "on hold": [row.on_hold for row in GoodsReceipt.objects.all()],
        "told": told.count(),
        "comments": len(said),
    }

"""What the body of a receipt may say, and what it may not."""

from typing import Any

from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.calls import writing
from connector.sandbox.visma.calls.writing import Fields, boolean, custom, date, number, text, value
from connector.sandbox.visma.receiving import RefusedError, check_quantities, put_on_hold
from connector.sandbox.visma.records.receipt import plain_line, set_quantity, total
from connector.sandbox.visma.records.references import BRANCHES, branch
from connector.sandbox.visma.routes import Call
from connector.sandbox.visma.stamps import period
from connector.sandbox.visma.tables import Payload

HEADER: Fields = {
    "date": ("date", date),
    "supplierRef": ("supplierRef", text),
    "note": ("note", text),
    "createBill": ("createBill", boolean),
    "controlQty": ("controlQty", number),
    "controlAmount": ("controlTotal", number),
} | {f"customStr{n}": (f"customStr{n}", custom) for n in range(1, 6)}


def fill(call: Call, target: Payload, body: Payload) -> None:
    writing.write(target, body, HEADER)
    target["postPeriod"] = period(target["date"])
    number_of_branch = value(body, "branchNumber")
    if number_of_branch is not None:
        target["branchNumber"] = branch(one_of(number_of_branch, tuple(BRANCHES)))
    for operation, place, line in writing.lines(body, "lines", "lineNbr"):
        _line(target, operation, place, line)
    total(target)
    if body.get("hold") is not None:
        put_on_hold(target, hold=boolean(value(body, "hold")))
    _check(call, target)


def _line(target: Payload, operation: str, place: int | None, line: Payload) -> None:
    if operation == "Insert":
        last = max((each["lineNbr"] for each in target["lines"]), default=0)
        target["lines"].append(_inserted(last + 1, target, line))
        return
    found = writing.line_numbered(target["lines"], "lineNbr", place)
    if operation == "Delete":
        target["lines"].remove(found)
        return
    writing.write(found, line, {"completePoLine": ("completePoLine", boolean)})
    writing.write(found, line, {"note": ("note", text), "unitCost": ("unitCost", number)})
    set_quantity(found, number(value(line, "receiptQty", found["receiptQty"])))


def _inserted(place: int, target: Payload, line: Payload) -> Payload:
    quantity, cost = value(line, "receiptQty", 0), value(line, "unitCost", 0)
    item = value(line, "inventoryId", "")
    return plain_line(place, target, item=item, quantity=number(quantity), cost=number(cost))


def _check(call: Call, target: Payload) -> None:
    try:
        check_quantities(call.company, target)
    except RefusedError as why:
        raise refuse(f"Error updating document. Error: {why}") from None
    strict = call.company.quirks.receipts_validate_totals and not target["hold"]
    if strict and target["controlQty"] != target["totalQty"]:
        raise refuse("The document is out of balance: control quantity differs from the total.")


def supplier_of(call: Call, given: Any) -> Payload:
    found = call.company.tables["supplier"].get(str(given))
    if found is None:
        raise refuse(
            f"Error creating document. Error: Supplier '{given}' cannot be found in the system."
        )
    return found


def one_of(given: Any, choices: tuple[str, ...]) -> str:
    if given not in choices:
        raise refuse(f"The request is invalid. '{given}' is none of {', '.join(choices)}.")
    return str(given)

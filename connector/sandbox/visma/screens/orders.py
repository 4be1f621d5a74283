"""Purchase orders: the list, one order, and receiving its goods."""

from typing import Any

from connector.sandbox.visma.money import shown
from connector.sandbox.visma.people.orders import OrderDesk
from connector.sandbox.visma.records.order_state import open_quantity
from connector.sandbox.visma.resources import ORDER_STATUSES
from connector.sandbox.visma.screens.parts import (
    acted,
    day_of,
    list_page,
    missing,
    moment_of,
    page,
    shelf,
)
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Request, Response

LIST = "/company/orders/"


def order_list(desk: OrderDesk, request: Request) -> Response:
    found = shelf(desk.company.tables["purchase_order"], request, _words)
    rows = [_row(row) for row in found.rows]
    return list_page("orders.html", request, found, rows=rows, statuses=ORDER_STATUSES)


def one_order(desk: OrderDesk, request: Request, number: str) -> Response:
    payload = desk.company.tables["purchase_order"].get(number)
    if payload is None:
        return missing()
    if request.method == "POST":
        return acted(lambda form: _do(desk, payload, form), request.form(), back=f"{LIST}{number}/")
    return page("order.html", request, **_detail(payload))


def _do(desk: OrderDesk, payload: Payload, form: dict[str, str]) -> str:
    number = payload["orderNbr"]
    act = form.get("act", "")
    if act == "receive":
        receipt = desk.receive(number, _quantities(form), released="hold" not in form)
        return f"Goods received: receipt {receipt}."
    if act == "release":
        desk.release_receipt(form.get("receipt", ""))
        return f"Receipt {form.get('receipt')} is released."
    if act == "cancel":
        desk.cancel_order(number)
        return f"Order {number} is cancelled."
    fields = ("description", "promised_on")
    desk.edit_order(number, **{name: form[name] for name in fields if name in form})
    return f"Order {number} is saved."


def _quantities(form: dict[str, str]) -> dict[int, str]:
    """``line_6=30`` receives 30 of line 6; an empty field receives nothing."""
    typed = {name: text.strip() for name, text in form.items() if name.startswith("line_")}
    return {int(name.removeprefix("line_")): text for name, text in typed.items() if text}


def _detail(payload: Payload) -> dict[str, Any]:
    facts = [
        ("Supplier", f"{payload['supplier']['number']} {payload['supplier']['name']}"),
        ("Ordered", day_of(payload["date"])),
        ("Total", f"{shown(payload['orderTotal'])} {payload['currency']}"),
        ("Still open", f"{shown(payload['openBalance'])} {payload['currency']}"),
        ("Buyer", payload["owner"]["name"]),
        ("Warehouse", payload["warehouse"]["description"]),
        ("Last modified", moment_of(payload["lastModifiedDateTime"])),
    ]
    receivable = payload["status"] == "Open"
    return {
        "number": payload["orderNbr"],
        "state": payload["status"],
        "description": payload["description"],
        "promised": day_of(payload["promisedOn"]),
        "facts": facts,
        "receivable": receivable,
        "lines": [_line(line, receivable) for line in payload["lines"]],
        "receipts": [_receipt(each) for each in payload["purchaseReceipts"]],
    }


def _line(line: Payload, receivable: bool) -> dict[str, Any]:
    state = "cancelled" if line["canceled"] else "complete" if line["completed"] else "open"
    waits = open_quantity(line)
    return {
        "number": str(line["lineNbr"]),
        "item": line["inventory"]["number"] or "",
        "text": line["lineDescription"],
        "ordered": f"{line['orderQty']} {line['uom']}",
        "received": str(line["qtyOnReceipts"]),
        "amount": shown(line["amount"]),
        "state": state,
        "waits": str(waits) if receivable and state == "open" and waits else "",
    }


def _receipt(each: Payload) -> dict[str, Any]:
    return {
        "number": each["receiptNumber"],
        "state": each["status"],
        "quantity": str(each["totalQty"]),
        "amount": f"{shown(each['totalAmt'])} {each['currency']}",
        "releasable": each["status"] in ("Hold", "Balanced"),
    }


def _row(row: Payload) -> dict[str, str]:
    return {
        "link": f"{LIST}{row['orderNbr']}/",
        "number": row["orderNbr"],
        "supplier": row["supplier"]["name"],
        "date": day_of(row["date"]),
        "promised": day_of(row["promisedOn"]),
        "total": shown(row["orderTotal"]),
        "currency": row["currency"],
        "open": shown(row["openQuantity"]),
        "status": row["status"],
        "description": row["description"],
    }


def _words(row: Payload) -> str:
    items = "\n".join(line["lineDescription"] for line in row["lines"])
    return "\n".join((row["orderNbr"], row["supplier"]["name"], row["description"], items))

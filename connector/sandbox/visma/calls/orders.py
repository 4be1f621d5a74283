"""Purchase orders: what a PUT may change, among it finishing a line without a receipt."""

from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.calls import writing
from connector.sandbox.visma.calls.writing import Fields, boolean, date, text
from connector.sandbox.visma.records.order_state import follow
from connector.sandbox.visma.routes import Call, Route
from connector.sandbox.wire import Response

HEADER: Fields = {
    "description": ("description", text),
    "promisedOn": ("promisedOn", date),
    "supplierRef": ("supplierRef", text),
    "note": ("note", text),
}
LINE: Fields = {
    "completed": ("completed", boolean),
    "promised": ("promised", date),
    "note": ("note", text),
    "lineDescription": ("lineDescription", text),
}


def routes() -> list[Route]:
    return [Route("PUT", "v1/purchaseorder/{number}", update)]


def update(call: Call) -> Response:
    """The line's number is ``lineNumber`` here, and ``lineNbr`` when read."""
    order, body = writing.draft(call, "purchase_order", call.path["number"]), call.body()
    if order["status"] in ("Cancelled", "Voided"):
        raise refuse(f"A document with status {order['status']} cannot be changed.")
    writing.write(order, body, HEADER)
    for operation, place, line in writing.lines(body, "lines", "lineNumber"):
        if operation != "Update":
            raise refuse(f"The sandbox does not {operation.lower()} order lines.", 501)
        writing.write(writing.line_numbered(order["lines"], "lineNbr", place), line, LINE)
    if body.get("hold") is not None and order["status"] in ("Hold", "Open"):
        held = boolean(writing.value(body, "hold"))
        order["status"] = "Hold" if held else "Open"
    follow(order)
    call.company.change("purchase_order", order, "order_updated")
    return writing.updated(order)

"""Accounts and dimension values: lists with a small form in each row."""

from connector.sandbox.visma.people.ledger import LedgerDesk
from connector.sandbox.visma.screens.parts import acted, page
from connector.sandbox.wire import Request, Response

ACCOUNTS = "/company/accounts/"
DIMENSIONS = "/company/dimensions/"


def accounts(desk: LedgerDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _account(desk, form), request.form(), back=ACCOUNTS)
    rows = [
        {
            "number": row["accountCD"],
            "description": row["description"],
            "type": row["type"],
            "active": row["active"],
        }
        for row in desk.company.tables["account"].rows()
    ]
    return page("accounts.html", request, rows=rows)


def dimensions(desk: LedgerDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _value(desk, form), request.form(), back=DIMENSIONS)
    segments = [
        {
            "dimension": row["id"],
            "place": str(part["segmentId"]),
            "name": part["description"],
            "rows": part["segmentValues"],
        }
        for row in desk.company.tables["dimension"].rows()
        for part in row["segments"]
    ]
    return page("dimensions.html", request, segments=segments)


def _account(desk: LedgerDesk, form: dict[str, str]) -> str:
    number, words = form.get("number", "").strip(), form.get("description", "").strip()
    if form.get("act") == "add":
        if not (number.isdecimal() and number[0] in "12345678" and words):
            raise ValueError("An account needs a number from 1 to 8… and a name")
        desk.add_account(number, words)
        return f"Account {number} is added."
    desk.edit_account(number, description=words, active="active" in form)
    return f"Account {number} is saved."


def _value(desk: LedgerDesk, form: dict[str, str]) -> str:
    dimension, place = form.get("dimension", ""), int(form.get("segment", "0"))
    value, words = form.get("value", "").strip(), form.get("description", "").strip()
    if form.get("act") == "add":
        if not value:
            raise ValueError("A value needs a code")
        desk.add_dimension_value(dimension, place, value, words)
        return f"Value {value} is added."
    changes = {"description": words, "active": "active" in form}
    desk.edit_dimension_value(dimension, place, value, **changes)
    return f"Value {value} is saved."

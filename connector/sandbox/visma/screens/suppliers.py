"""Suppliers: the list, and one with a form."""

from connector.sandbox.visma.people.suppliers import SupplierDesk
from connector.sandbox.visma.resources import PARTY_STATUSES
from connector.sandbox.visma.screens.parts import acted, list_page, missing, moment_of, page, shelf
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Request, Response

LIST = "/company/suppliers/"
EDITABLE = ("name", "status", "email", "phone", "attention", "street", "postal", "city")


def supplier_list(desk: SupplierDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _add(desk, form), request.form(), back=LIST)
    found = shelf(desk.company.tables["supplier"], request, _words)
    rows = [_row(row) for row in found.rows]
    return list_page("suppliers.html", request, found, rows=rows, statuses=PARTY_STATUSES)


def one_supplier(desk: SupplierDesk, request: Request, number: str) -> Response:
    payload = desk.company.tables["supplier"].get(number)
    if payload is None:
        return missing()
    if request.method == "POST":
        return acted(
            lambda form: _save(desk, number, form), request.form(), back=f"{LIST}{number}/"
        )
    facts = [
        ("Country", payload["mainAddress"]["country"]["name"]),
        ("Currency", payload["currencyId"]),
        ("Organisation number", payload["corporateId"]),
        ("VAT number", payload["vatRegistrationId"]),
        ("Terms", payload["creditTerms"]["description"]),
        ("Last modified", moment_of(payload["lastModifiedDateTime"])),
    ]
    return page(
        "supplier.html",
        request,
        number=number,
        name=payload["name"],
        fields=_fields(payload),
        facts=facts,
        statuses=PARTY_STATUSES,
    )


def _add(desk: SupplierDesk, form: dict[str, str]) -> str:
    name = form.get("name", "").strip()
    if not name:
        raise ValueError("A supplier needs a name")
    return f"Supplier {desk.add_supplier(name)} is added."


def _save(desk: SupplierDesk, number: str, form: dict[str, str]) -> str:
    desk.edit_supplier(number, **{name: form[name] for name in EDITABLE if name in form})
    return f"Supplier {number} is saved."


def _fields(payload: Payload) -> dict[str, str]:
    contact, address = payload["mainContact"], payload["mainAddress"]
    return {
        "name": payload["name"],
        "status": payload["status"],
        "email": contact["email"],
        "phone": contact["phone1"],
        "attention": contact["attention"] or "",
        "street": address["addressLine1"],
        "postal": address["postalCode"],
        "city": address["city"],
    }


def _row(row: Payload) -> dict[str, str]:
    return {
        "link": f"{LIST}{row['number']}/",
        "number": row["number"],
        "country": row["mainAddress"]["country"]["id"],
        "currency": row["currencyId"],
        "vat": row["vatRegistrationId"],
        **_fields(row),
    }


def _words(row: Payload) -> str:
    texts = (row["number"], row["name"], row["vatRegistrationId"], row["mainContact"]["email"])
    return "\n".join((*texts, row["mainAddress"]["city"]))

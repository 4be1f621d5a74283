"""Whoever keeps the supplier register."""

from typing import Any

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.people.values import Fields, one_of, text, write
from connector.sandbox.visma.records.supplier import Partner, supplier
from connector.sandbox.visma.resources import PARTY_STATUSES
from connector.sandbox.visma.tables import Payload

FIELDS: Fields = {
    "name": ("name", text),
    "status": ("status", one_of(*PARTY_STATUSES)),
    "email": ("mainContact.email", text),
    "phone": ("mainContact.phone1", text),
    "attention": ("mainContact.attention", text),
    "street": ("mainAddress.addressLine1", text),
    "postal": ("mainAddress.postalCode", text),
    "city": ("mainAddress.city", text),
    "note": ("note", text),
}


class SupplierDesk:
    company: Company

    def add_supplier(self, name: str, *, country: str = "NO", email: str = "") -> str:
        """The new supplier's number."""
        with self.company.lock:
            number = self.company.next_number("supplier", 5)
            partner = Partner(
                number=number,
                name=name,
                street="",
                postal="",
                city="",
                country=country,
                email=email or "post@ny.example",
                phone="",
                corporate_id="",
                vat_id="",
            )
            self.company.change("supplier", supplier(partner), "supplier_added")
        return number

    def edit_supplier(self, number: str, **changes: Any) -> Payload:
        """``changes`` are the names of ``FIELDS``."""
        with self.company.lock:
            payload = self.company.draft("supplier", number)
            write(payload, FIELDS, changes)
            return self.company.change("supplier", payload, "supplier_edited")

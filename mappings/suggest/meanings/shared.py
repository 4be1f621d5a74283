"""Meanings that several entities share."""

from collections.abc import Mapping

Meanings = Mapping[str, tuple[str, ...]]

KEY: Meanings = {"visma_key": ("visma! key", "visma! number")}
CHANGED: Meanings = {
    "lastModifiedDateTime": ("modified! last!", "modified! date!", "modified! last! date")
}
BRANCH = ("branch!", "branch! name")
CURRENCY = ("currency!", "currency! number")
RATE = ("exchange! rate!", "currency! rate!", "rate! *0.85")
PAY_TERMS = ("pay! terms!", "terms! *0.85")
PERIODS: Meanings = {
    "postPeriod": ("posting! period!",),
    "financialPeriod": ("period! *0.9", "accounting! period!"),
}
SUPPLIER: Meanings = {
    "supplier.name": ("supplier! -invoice -order -reference", "supplier! name! -invoice -order"),
    "supplier.number": ("supplier! number! -invoice -order -reference",),
}
CUSTOMER: Meanings = {
    "customer.name": ("customer! -invoice -order -reference", "customer! name! -invoice -order"),
    "customer.number": ("customer! number! -invoice -order -reference",),
}
# The main address and contact of a supplier or customer.
PLACES: Meanings = {
    "mainAddress.addressLine1": ("address!",),
    "mainAddress.postalCode": ("postal! number",),
    "mainAddress.city": ("city!",),
    "mainAddress.county.name": ("county!",),
    "mainAddress.country.id": ("country!", "country! number"),
    "mainContact.attention": ("contact! person", "contact! name"),
    "mainContact.email": ("email!", "email! address!", "contact email!"),
    "mainContact.web": ("web!", "web! address!"),
    "mainContact.phone1": ("phone!", "phone! number", "contact phone!"),
    "mainContact.fax": ("fax!", "fax! number"),
}
# What tells suppliers and customers apart from others of their kind.
PARTY: Meanings = {
    **KEY,
    **CHANGED,
    **PLACES,
    "status": ("status!",),
    "corporateId": ("organisation! number", "company! number! *0.9"),
    "vatRegistrationId": ("vat! number!", "vat! organisation! number!"),
    "parentRecord.name": ("parent! company", "parent! name"),
    "parentRecord.number": ("parent! number!",),
    "numberOfEmployees": ("employee! number", "employee!"),
    "currencyId": CURRENCY,
    "creditTerms.description": PAY_TERMS,
    "creditTerms.id": ("pay! terms! number!",),
}

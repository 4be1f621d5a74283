"""A supplier as `SupplierDto`."""

from dataclasses import dataclass
from typing import Any

from connector.sandbox.visma.records.countries import COUNTRY_NAME, CURRENCY_OF
from connector.sandbox.visma.records.references import account, terms

VAT_ZONES = {"NO": ("01", "Innland"), "CN": ("04", "Import øvrige"), "": ("03", "Import EU/EØS")}
BANK_KINDS = {"NO": "BBAN", "SE": "BANKGIRO"}


@dataclass(frozen=True)
class Partner:
    """Who and where: what suppliers and customers have in common."""

    number: str
    name: str
    street: str
    postal: str
    city: str
    country: str
    email: str
    phone: str
    corporate_id: str
    vat_id: str
    attention: str = ""


def supplier(partner: Partner, *, status: str = "Active", days: str = "30") -> dict[str, Any]:
    internal = int(partner.number) - 49_200
    place, person = address(partner, internal), contact(partner, internal)
    zone, zone_name = VAT_ZONES.get(partner.country, VAT_ZONES[""])
    return {
        "internalId": internal,
        "number": partner.number,
        "name": partner.name,
        "status": status,
        "mainAddress": place,
        "mainContact": person,
        "accountReference": "",
        "parentRecord": {"number": partner.number, "name": partner.name},
        "supplierClass": supplier_class(partner.country),
        "creditTerms": terms(days),
        "documentLanguage": {"NO": "NO", "SE": "SE", "DK": "DK"}.get(partner.country, "EN"),
        "currencyId": CURRENCY_OF[partner.country],
        "remitAddress": place,
        "remitContact": person,
        "paymentMethod": {"id": "1", "description": "Bank"},
        "cashAccount": "1920",
        "chargeBearer": "Shared",
        "accountUsedForPayment": BANK_KINDS.get(partner.country, "IBAN"),
        "paymentBy": "DueDate",
        "paymentLeadTime": 0,
        "paySeparately": False,
        "supplierAddress": place,
        "supplierContact": person,
        "location": {"countryId": partner.country, "id": "Main", "name": "Primary Location"},
        "vatRegistrationId": partner.vat_id,
        "corporateId": partner.corporate_id,
        "vatZone": {"id": zone, "description": zone_name, "defaultVatCategory": "1"},
        "glAccounts": {"supplierAccount": account("2400"), "expenseAccount": account("4300")},
        "attributes": [],
        "retainageApply": False,
        "landedCostSupplier": partner.country != "NO",
        "currencyOverride": True,
        "currencyRateOverride": False,
    }


def supplier_class(country: str) -> dict[str, str]:
    home = country == "NO"
    return {"id": "1" if home else "2", "description": "Norske" if home else "Utenlandske"}


def address(partner: Partner, internal: int) -> dict[str, Any]:
    return {
        "addressId": internal + 7000,
        "addressLine1": partner.street,
        "addressLine2": None,
        "addressLine3": None,
        "postalCode": partner.postal,
        "city": partner.city,
        "country": {"id": partner.country, "name": COUNTRY_NAME[partner.country]},
        "county": {"id": None, "name": None},
    }


def contact(partner: Partner, internal: int) -> dict[str, Any]:
    host = partner.email.rpartition("@")[2]
    return {
        "contactId": internal + 9000,
        "name": partner.name,
        "attention": partner.attention or None,
        "email": partner.email,
        "web": f"https://www.{host}",
        "phone1": partner.phone,
        "phone2": None,
        "fax": None,
    }

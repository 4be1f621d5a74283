"""The company itself and its three branches."""

from datetime import datetime
from typing import Any

from connector.sandbox import world
from connector.sandbox.visma.company import Company
from connector.sandbox.visma.records.references import BRANCHES

ADDRESS = {
    "addressId": 1,
    "addressLine1": "Alfasetveien 24",
    "addressLine2": None,
    "addressLine3": None,
    "postalCode": "0668",
    "city": "Oslo",
    "country": {"id": "NO", "name": "Norway"},
    "county": {"id": None, "name": None},
}
CONTACT = {
    "contactId": 1,
    "name": world.VISMA_COMPANY_NAME,
    "attention": None,
    "email": "post@nordlys.example",
    "web": "https://www.nordlys.example",
    "phone1": "+47 22 00 14 02",
    "phone2": None,
    "fax": None,
}
IDS = {"corporateId": "918273642", "vatRegistrationId": "NO918273642MVA"}
COUNTRY = {"id": "NO", "name": "Norway"}
CURRENCY = {"id": "NOK", "description": "Norsk krone", "symbol": "kr"}
LEDGER = {"id": "1", "description": "Hovedbok"}
INDUSTRY = {"id": "46.740", "description": "Engroshandel med jernvarer og verktøy"}


def plant_organization(company: Company, today: datetime) -> None:
    at = datetime(today.year - 3, 1, 2, 8, 0, 0, 120_000)  # noqa: DTZ001 - Visma has no zone
    company.plant("organization", _organization(), at)
    for place, (number, name) in enumerate(BRANCHES.items(), start=1):
        company.plant("branch", _branch(place, number, name), at)


def _organization() -> dict[str, Any]:
    precise = {"isBaseCurrency": True, "decimalPrecision": 2, "isUsedForAccounting": True}
    return {
        "organizationCd": "1",
        "name": world.VISMA_COMPANY_NAME,
        "organizationType": "With Branches Not Requiring Balancing",
        "fileTaxByBranches": False,
        "baseCurrency": "NOK",
        **_common(),
        "currency": CURRENCY | precise,
        "bankSettings": {"bankName": "Nordlandsbanken", "bban": "45301012345"},
        "branches": [{"number": number, "name": name} for number, name in BRANCHES.items()],
    }


def _branch(place: int, number: str, name: str) -> dict[str, Any]:
    return {
        "branchId": place + 10,
        "number": number,
        "name": name,
        "organizationId": 1,
        "isMainBranch": place == 1,
        "isActive": True,
        **_common(),
        "currency": CURRENCY,
        "bankSettings": None,
    }


def _common() -> dict[str, Any]:
    return {
        "mainAddress": ADDRESS,
        "mainContact": CONTACT,
        "deliveryAddress": ADDRESS,
        "deliveryContact": CONTACT,
        "defaultCountry": COUNTRY,
        "industryCode": INDUSTRY,
        "vatZone": {"id": "01", "description": "Innland"},
        "ledger": LEDGER,
        **IDS,
    }

"""Accounts, subaccounts, dimensions and employees as their DTOs."""

import uuid
from typing import Any

from connector.sandbox.visma.records.chart import CLOSED
from connector.sandbox.visma.records.countries import COUNTRY_NAME
from connector.sandbox.visma.records.references import (
    DEPARTMENTS,
    PLACES,
    branch,
    segments,
    subaccount_id,
)
from connector.sandbox.visma.records.supplier import Partner, contact

Payload = dict[str, Any]
CLASSES = {
    "1": ("EIENDEL", "Eiendeler"),
    "2": ("GJELD", "Egenkapital og gjeld"),
    "3": ("SALG", "Driftsinntekter"),
    "4": ("VAREKOST", "Varekostnad"),
    "5": ("LØNN", "Lønnskostnad"),
    "6": ("DRIFT", "Driftskostnader"),
    "7": ("DRIFT", "Driftskostnader"),
    "8": ("FINANS", "Finansposter"),
}
CONTROL = {"1500": "AR", "2400": "AP"}
_SPACE = uuid.UUID("7a1a8f0e-3b0c-4d77-a9f1-5c2f1f3c1b11")


def account(number: str, kind: str, name: str) -> Payload:
    """Mind the capitals: ``accountID``, ``accountCD``, and ``analisysCodeInfo``."""
    class_id, class_name = CLASSES[number[0]]
    return {
        "accountID": int(number) + 20_000,
        "accountCD": number,
        "accountGroupCD": None,
        "accountClass": class_id,
        "type": kind,
        "active": number not in CLOSED,
        "description": name,
        "accountClassDescription": class_name,
        "useDefaultSub": False,
        "postOption": "Summary" if number in CONTROL else "Detail",
        "currency": {"1921": "EUR", "1922": "SEK", "1930": "USD"}.get(number),
        "taxCategory": "1" if number[0] in "3467" else None,
        "cashAccount": number.startswith("19"),
        "publicCode1": number,
        "externalCode1Info": {"number": None, "description": None},
        "externalCode2Info": {"number": None, "description": None},
        "analisysCodeInfo": {"number": None, "description": None},
        "controlAccountModule": CONTROL.get(number),
        "allowManualEntry": number not in CONTROL,
    }


def subaccount_record(number: str) -> Payload:
    department, place = number.split("-")
    return {
        "subaccountNumber": number,
        "subaccountId": subaccount_id(number),
        "description": f"{DEPARTMENTS[department]} {PLACES[place]}",
        "active": True,
        "segments": segments(number),
    }


def dimension(name: str, description: str, parts: list[Payload]) -> Payload:
    return {
        "id": name,
        "length": sum(part["length"] for part in parts),
        "description": description,
        "segments": parts,
    }


def dimension_segment(
    dimension_id: str, place: int, description: str, values: list[Payload], *, length: int
) -> Payload:
    return {
        "internalId": stable_id(dimension_id, place),
        "segmentId": place,
        "description": description,
        "length": length,
        "publicId": stable_id(dimension_id, place, "public"),
        "validate": True,
        "isAutoNumber": False,
        "segmentValues": values,
    }


def dimension_value(dimension_id: str, place: int, value: str, description: str) -> Payload:
    return {
        "internalId": stable_id(dimension_id, place, value),
        "segmentId": place,
        "valueId": value,
        "description": description,
        "publicId": stable_id(dimension_id, place, value, "public"),
        "active": True,
        "mappedSegValue": None,
    }


def employee(partner: Partner, *, department: str, home_branch: str) -> Payload:
    first, _, last = partner.name.partition(" ")
    person = contact(partner, int(partner.number))
    person |= {"employeeContact": partner.name, "title": None, "firstName": first}
    person |= {"midName": None, "lastName": last, "phone3": None, "web": None}
    login = partner.email.partition("@")[0]
    return {
        "employeeUserId": stable_id("employee", partner.number),
        "employeeId": int(partner.number) + 3000,
        "employeeNumber": partner.number,
        "employeeName": partner.name,
        "status": "Active",
        "department": department,
        "contact": person,
        "address": {
            "addressId": int(partner.number) + 5000,
            "addressLine1": partner.street,
            "addressLine2": None,
            "addressLine3": None,
            "postalCode": partner.postal,
            "city": partner.city,
            "country": {"id": partner.country, "name": COUNTRY_NAME[partner.country]},
            "county": {"id": None, "name": None},
        },
        "employeeClass": {"id": "1", "description": "Ansatte"},
        "branch": branch(home_branch),
        "calendarID": "NORGE",
        "employeeLogin": login,
        "workGroupDescription": [],
    }


def stable_id(*parts: object) -> str:
    """A GUID that is the same in every seeded company."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, parts))))

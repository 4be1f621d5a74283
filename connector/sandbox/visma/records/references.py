"""The small objects other records point at: accounts, subaccounts, VAT codes, branches, terms."""

from decimal import Decimal
from typing import Any

from connector.sandbox.visma.records.chart import CHART

BRANCHES = {"1": "Nordlys Oslo", "2": "Nordlys Bergen", "3": "Nordlys Tromsø"}
DEPARTMENTS = {"100": "Salg", "200": "Lager", "300": "Administrasjon", "400": "Innkjøp"}
PLACES = {"10": "Oslo", "20": "Bergen", "30": "Tromsø"}
WAREHOUSES = {"10": "Alnabru", "20": "Bergen Åsane", "30": "Tromsø havn"}

# Code -> description and rate in per cent.
VAT_CODES = {
    "1": ("Inngående mva, høy sats", Decimal("25.0")),
    "11": ("Inngående mva, middels sats", Decimal("15.0")),
    "12": ("Inngående mva, lav sats", Decimal("12.0")),
    "0": ("Ingen mva", Decimal("0.0")),
    "14": ("Innførsel av varer, grunnlag", Decimal("0.0")),
    "3": ("Utgående mva, høy sats", Decimal("25.0")),
    "5": ("Utførsel, fritatt", Decimal("0.0")),
}
TERMS = {"14": "14 dager netto", "30": "30 dager netto", "45": "45 dager netto", "60": "60 dager"}


def account(number: str) -> dict[str, Any]:
    kind, name = CHART[number]
    return {"type": kind, "number": number, "description": name}


def subaccount(number: str) -> dict[str, Any]:
    """``100-10`` is department and place."""
    department, place = number.split("-")
    return {
        "subaccountNumber": number,
        "subaccountId": subaccount_id(number),
        "description": f"{DEPARTMENTS[department]} {PLACES[place]}",
        "lastModifiedDateTime": "2024-01-02T08:00:00",
        "active": True,
        "segments": segments(number),
    }


def subaccount_id(number: str) -> int:
    return 400 + int(number.replace("-", "")) // 10


def segments(number: str) -> list[dict[str, Any]]:
    department, place = number.split("-")
    values = ((1, "Avdeling", department, DEPARTMENTS), (2, "Sted", place, PLACES))
    return [
        {
            "segmentId": segment_id,
            "segmentDescription": name,
            "segmentValue": value,
            "segmentValueDescription": words[value],
        }
        for segment_id, name, value, words in values
    ]


def vat_code(code: str) -> dict[str, str]:
    return {"id": code, "description": VAT_CODES[code][0]}


def branch(number: str) -> dict[str, str]:
    return {"number": number, "name": BRANCHES[number]}


def warehouse(number: str) -> dict[str, str]:
    return {"id": number, "description": WAREHOUSES[number]}


def terms(days: str) -> dict[str, str]:
    return {"id": days, "description": TERMS[days]}


def party(record: dict[str, Any]) -> dict[str, Any]:
    """How a document names its supplier."""
    return {name: record[name] for name in ("internalId", "number", "name")}

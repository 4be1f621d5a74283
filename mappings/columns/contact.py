"""Cells of links, addresses, phone numbers and countries."""

import re
from typing import Any
from urllib.parse import urlsplit

from mappings.columns.cleaning import one_line
from mappings.columns.column import CellProblem, Column
from mappings.columns.countries import CALLING_CODES, NAMES, code_of
from mappings.columns.plain import words

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+\Z")
_EMAIL_LIMIT = 254  # RFC 5321
_URL_LIMIT = 2000  # what browsers agree on
_BETWEEN = re.compile(r"[;,\s]+")
_SEPARATORS = re.compile(r"[\s().\-/\u00a0]")
_PHONE = re.compile(r"\+[1-9][0-9]{5,14}\Z")  # E.164: at most 15 digits
_TRUNK_KEPT = frozenset(("IT", "SM", "VA"))  # Italy keeps the 0 behind its country code


def link(column: Column, value: Any) -> dict[str, str]:
    """``www.nordlys.no`` gets the https:// that monday asks for."""
    text = one_line(words(value))
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme.lower() not in ("http", "https")
        or "." not in parts.netloc
        or " " in url
        or len(url) > _URL_LIMIT
    ):
        raise _unfit(column, text, "a web address")
    return {"url": url, "text": text}


def email(column: Column, value: Any) -> dict[str, str]:
    """Of several addresses in one field the first is linked; the text shows them all."""
    text = one_line(words(value))
    first = next(filter(None, _BETWEEN.split(text)), "")
    if len(first) > _EMAIL_LIMIT or not _EMAIL.match(first):
        raise _unfit(column, text, "an e-mail address")
    return {"email": first, "text": text}


def phone(column: Column, value: Any, country: str = "") -> dict[str, str]:
    text = one_line(words(value))
    number = _SEPARATORS.sub("", text)
    number = f"+{number[2:]}" if number.startswith("00") else number
    home = code_of(country) or ""
    if not number.startswith("+") and home in CALLING_CODES:
        national = number if home in _TRUNK_KEPT else number.removeprefix("0")
        number = f"+{CALLING_CODES[home]}{national}"
    if not number.startswith("+"):
        raise CellProblem(
            "phone_country",
            f"“{text}” has no country code, and the record names no country.",
            "In Visma, write the number with its country code (+47 …) or fill in the country of "
            "the address; or pair the field with a text column.",
        )
    if not _PHONE.match(number):
        raise _unfit(column, text, "a phone number")
    return {"phone": number, "countryShortName": _country_of(number, home)}


def _country_of(number: str, home: str) -> str:
    """The record's own country where its code leads the number, else the first that fits."""
    if home and number.startswith(f"+{CALLING_CODES.get(home, '?')}"):
        return home
    for length in (4, 3, 2, 1):
        found = _BY_CALLING_CODE.get(number[1 : length + 1])
        if found:
            return found
    return home


def country(column: Column, value: Any) -> dict[str, str]:
    text = one_line(words(value))
    code = code_of(text)
    if code is None:
        raise _unfit(column, text, "a country code or an English country name")
    return {"countryCode": code, "countryName": NAMES[code]}


def _unfit(column: Column, text: str, wanted: str) -> CellProblem:
    return CellProblem(
        "value_unfit",
        f"“{text[:60]}” is not {wanted}, which column “{column.title}” needs.",
        "Correct the value in Visma, or pair the field with a text column.",
    )


_BY_CALLING_CODE: dict[str, str] = {}
for _code, _digits in CALLING_CODES.items():
    _BY_CALLING_CODE.setdefault(_digits, _code)

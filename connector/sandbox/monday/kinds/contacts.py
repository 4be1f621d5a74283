"""E-mail, phone, link and country."""

import re
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")
_PHONE = re.compile(r"\+?[\d\s().-]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE_DIGITS = range(5, 16)  # E.164 allows fifteen; shorter than five is no subscriber number


def _strings(value: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(part, str) for part in value.values()):
        raise refuse()
    return value


class Email(Kind):
    type, prefix, internal, graphql = "email", "email", "email", "EmailValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """Both parts are required, in either form."""
        if isinstance(value, str):
            return self._from_text(value)
        if value == {}:
            return None
        given = _strings(only_keys(value, {"email", "text"}))
        if not given["email"] and not given["text"]:
            return None
        return self._made(given["email"], given["text"])

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell["text"])

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"email": cell["email"], "label": cell["text"]} if cell else {}

    def _from_text(self, value: str) -> Any:
        address, _, label = value.partition(" ")
        return self._made(address, label) if value else None

    def _made(self, address: str, label: str) -> Any:
        if not _EMAIL.fullmatch(address) or not label:
            raise refuse()
        return {"email": address, "text": label}


class Link(Kind):
    type, prefix, internal, graphql = "link", "link", "link", "LinkValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """The text form needs a label, the object form does not."""
        if isinstance(value, str):
            return self._from_text(value)
        if value == {}:
            return None
        given = _strings(only_keys(value, {"url"}, frozenset({"text"})))
        return self._made(given["url"], given.get("text") or given["url"])

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return f"{cell['text']} - {cell['url']}"

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"url": cell["url"], "url_text": cell["text"]} if cell else {}

    def _from_text(self, value: str) -> Any:
        if not value:
            return None
        url, _, label = value.partition(" ")
        if not label:
            raise refuse()
        return self._made(url, label)

    def _made(self, url: str, label: str) -> Any:
        if not _URL.fullmatch(url):
            raise refuse()
        return {"url": url, "text": label}


class Phone(Kind):
    type, prefix, internal, graphql = "phone", "phone", "phone", "PhoneValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if isinstance(value, str):
            number, _, country = value.rpartition(" ")
            return self._made(number, country) if value else None
        if value == {}:
            return None
        given = _strings(only_keys(value, {"phone", "countryShortName"}))
        if not given["phone"]:
            return None
        return self._made(given["phone"], given["countryShortName"])

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell["phone"])

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        if not cell:
            return {}
        return {"phone": cell["phone"], "country_short_name": cell["countryShortName"]}

    def _made(self, number: str, country: str) -> Any:
        """Plausible, not proven: monday checks with libphonenumber, which is not here."""
        digits = sum(char.isdigit() for char in number)
        if not _PHONE.fullmatch(number) or digits not in _PHONE_DIGITS:
            raise refuse()
        if not _COUNTRY.fullmatch(country):
            raise refuse()
        return {"phone": number, "countryShortName": country}


class Country(Kind):
    type, prefix, internal, graphql = "country", "country", "country", "CountryValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if value == {}:
            return None
        given = _strings(only_keys(value, {"countryCode", "countryName"}))
        if not _COUNTRY.fullmatch(given["countryCode"]) or not given["countryName"]:
            raise refuse()
        return given

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return str(cell["countryName"])

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        if not cell:
            return {"country": None}
        return {"country": {"code": cell["countryCode"], "name": cell["countryName"]}}

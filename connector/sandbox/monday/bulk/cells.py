"""CSV cells in monday's import formats, turned into what column_values would have carried."""

import re
from collections.abc import Callable
from typing import Any

from connector.sandbox.monday.kinds.base import refuse
from connector.sandbox.monday.problems import RefusedError
from connector.sandbox.monday.state import Account, Column

CLEAR = "<NULL>"
MOST_LINKED = 50  # items in one connect-boards cell
_NAMED_EMAIL = re.compile(r"(?P<name>[^<]+)<(?P<email>[^>]+)>")
_NAMED_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<url>[^)]+)\)")
_TRUE = {"true", "yes", "1", "v", "checked"}
_FALSE = {"false", "no", "0", "unchecked"}

Convert = Callable[[str, Column, Account], Any]


def _text(text: str, _column: Column, _account: Account) -> Any:
    return text


def _date(text: str, _column: Column, _account: Account) -> Any:
    return {"date": text}


def _timeline(text: str, _column: Column, _account: Account) -> Any:
    start, slash, end = text.partition("/")
    if not slash:
        raise refuse()
    return {"from": start.strip(), "to": end.strip()}


def _status(text: str, _column: Column, _account: Account) -> Any:
    return {"label": text}


def _dropdown(text: str, _column: Column, _account: Account) -> Any:
    return {"labels": [part.strip() for part in text.split(",")]}


def _checkbox(text: str, _column: Column, _account: Account) -> Any:
    word = text.casefold()
    if word not in _TRUE | _FALSE:
        raise refuse()
    return {"checked": "true" if word in _TRUE else "false"}


def _email(text: str, _column: Column, _account: Account) -> Any:
    named = _NAMED_EMAIL.fullmatch(text)
    if named:
        return {"email": named["email"].strip(), "text": named["name"].strip()}
    return {"email": text, "text": text}


def _link(text: str, _column: Column, _account: Account) -> Any:
    named = _NAMED_LINK.fullmatch(text)
    return {"url": named["url"], "text": named["text"]} if named else {"url": text}


def _phone(text: str, _column: Column, _account: Account) -> Any:
    number, _, country = text.rpartition(" ")
    if number and country.isalpha():
        return {"phone": number, "countryShortName": country}
    return {"phone": text, "countryShortName": "NO"}  # the account's own country


def _people(text: str, _column: Column, account: Account) -> Any:
    chosen = [_person(part.strip(), account) for part in text.split(",")]
    return {"personsAndTeams": [{"id": each, "kind": "person"} for each in chosen]}


def _relation(text: str, column: Column, account: Account) -> Any:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MOST_LINKED:
        raise RefusedError(f"at most {MOST_LINKED} items in one cell", "linkedItemsLimitExceeded")
    return {"item_ids": [_linked(part, column, account) for part in parts]}


def _person(text: str, account: Account) -> int:
    """An e-mail, ``user:<id>`` or a name that fits exactly one."""
    if text.startswith("user:") and text[5:].isdigit():
        return int(text[5:])
    found = [person.id for person in account.people.values() if text in (person.email, person.name)]
    if len(found) != 1:
        raise RefusedError(f"no single user is called {text}", "invalidPersonAssignment")
    return found[0]


def _linked(text: str, column: Column, account: Account) -> int:
    number = text.rpartition(":")[2]
    if number.isdigit():
        return int(number)
    boards = [account.boards[each] for each in column.settings.get("boardIds", [])]
    found = [item.id for board in boards for item in board.active_items() if item.name == text]
    if len(found) != 1:
        raise RefusedError(f"no single item is called {text}", "itemsNotInConnectedBoards")
    return found[0]


# Types missing here (hour, country, rating, tags, computed ones) cannot be imported.
FORMATS: dict[str, Convert] = {
    "name": _text,
    "text": _text,
    "long_text": _text,
    "numbers": _text,
    "date": _date,
    "timeline": _timeline,
    "status": _status,
    "dropdown": _dropdown,
    "checkbox": _checkbox,
    "email": _email,
    "link": _link,
    "phone": _phone,
    "people": _people,
    "board_relation": _relation,
}

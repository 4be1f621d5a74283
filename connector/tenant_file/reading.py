"""Reads the file's bytes as JSON, and its objects key by key, collecting what does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from connector.tenant_file.problems import Problem, Problems, TenantFileError, like

KINDS = {str: "a text", bool: "true or false", int: "a whole number", dict: "an object"}


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys standing in it twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = sorted({name for name in names if names.count(name) > 1})


def read_json(raw: bytes) -> dict[str, Any]:
    """Raises TenantFileError with line and column where the text is not JSON."""
    try:
        found = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_Object, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise _unreadable(f"the file is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(f"the file is not valid JSON: {place}: {error.msg}") from None
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        raise _unreadable(
            "the file is not a tenant file: Python cannot hold what is in it"
        ) from None
    if not isinstance(found, dict):
        raise _unreadable("the file must hold one JSON object, in { }")
    return found


def _no_number(name: str) -> NoReturn:
    raise _unreadable(f"the file is not valid JSON: {name} is no number")


def _unreadable(text: str) -> TenantFileError:
    return TenantFileError([Problem("", text)])


class Reader:
    """One object of the file. A key that is absent or null is “not named”: None."""

    def __init__(self, data: Mapping[str, Any], path: str, problems: Problems) -> None:
        self.data = data
        self.path = path
        self.problems = problems
        self._asked: list[str] = []

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key: str, text: str) -> None:
        self.problems.add(self.at(key), text)

    def text(self, key: str, *, limit: int = 255) -> str | None:
        found: str | None = self._typed(key, str)
        if found is not None and len(found) > limit:
            self.problem(key, f"{len(found)} characters are too long; at most {limit}")
            return None
        if found is not None and not _is_storable(found):
            self.problem(key, "holds a character that cannot be stored")
            return None
        return None if found is None else found.strip()

    def flag(self, key: str) -> bool | None:
        found: bool | None = self._typed(key, bool)
        return found

    def number(self, key: str, *, least: int = 1, most: int = 2**31 - 1) -> int | None:
        found: int | None = self._typed(key, int)
        if found is not None and not least <= found <= most:
            self.problem(key, f"{found} is not possible; at least {least} and at most {most}")
            return None
        return found

    def choice(self, key: str, choices: Iterable[str]) -> str | None:
        found, known = self.text(key), list(choices)
        if found is not None and found not in known:
            self.problem(key, f"“{found}” is not a choice{like(found, known)}")
            return None
        return found

    def digits(self, key: str) -> str | None:
        """An id of monday: as a text of digits, or the number itself."""
        self._asked.append(key)
        found = self.data.get(key)
        if found is None:
            return None
        text = str(found).strip()
        if not (text.isascii() and text.isdigit()):
            self.problem(key, "must be the number in the board's address in monday")
            return None
        return text

    def secret(self, key: str, environ: Mapping[str, str]) -> str | None:
        """A text, or ``{"env": "NAME"}``. Problems never repeat what stands there."""
        self._asked.append(key)
        found = self.data.get(key)
        if found is None:
            return None
        if isinstance(found, dict) and list(found) == ["env"] and isinstance(found["env"], str):
            return self._from_environment(key, found["env"], environ)
        if isinstance(found, str) and found.strip() and _is_storable(found):
            return found.strip()
        self.problem(key, 'must be a text that is not empty, or {"env": "NAME"}')
        return None

    def _from_environment(self, key: str, name: str, environ: Mapping[str, str]) -> str | None:
        found = environ.get(name, "").strip()
        if not found:
            self.problem(key, f"the environment has no variable “{name}”, or it is empty")
        return found or None

    def object(self, key: str) -> Reader | None:
        found = self._typed(key, dict)
        return None if found is None else Reader(found, self.at(key), self.problems)

    def objects(self, key: str) -> list[Reader] | None:
        """None when the list is not named. Entries that are no objects are left out, reported."""
        self._asked.append(key)
        found = self.data.get(key)
        if found is None:
            return None
        if not isinstance(found, list):
            self.problem(key, "must be a list, in [ ]")
            return None
        readers = []
        for number, each in enumerate(found):
            if isinstance(each, dict):
                readers.append(Reader(each, f"{self.at(key)}[{number}]", self.problems))
            else:
                self.problem(f"{key}[{number}]", "must be an object, in { }")
        return readers

    def close(self) -> None:
        """Report keys nobody asked for, and keys that stand there twice."""
        for key in self.data:
            if key not in self._asked:
                self.problem(key, f"unknown key{like(key, self._asked)}")
        self.report_repeated()

    def report_repeated(self) -> None:
        for key in getattr(self.data, "repeated", []):
            self.problem(key, "stands here twice")

    def _typed(self, key: str, kind: type) -> Any:
        self._asked.append(key)
        found = self.data.get(key)
        if found is None:
            return None
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            self.problem(key, f"must be {KINDS[kind]}")
            return None
        return found


def _is_storable(text: str) -> bool:
    """PostgreSQL holds no NUL, and half a surrogate pair is no text at all."""
    return not any(each == "\0" or "\ud800" <= each <= "\udfff" for each in text)

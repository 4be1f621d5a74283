"""The parameters of a list: what is understood, what is refused, and what is silently ignored."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.money import decimal_of
from connector.sandbox.visma.quirks import Quirks
from connector.sandbox.visma.stamps import asked
from connector.sandbox.visma.tables import Payload, Since
from connector.sandbox.wire import Request

Keep = Callable[[Payload], bool]
CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
DEFAULT_PAGE = 100  # undocumented: "a default page"


class Filter(Protocol):
    def keep(self, request: Request) -> Keep | None:
        """None when the request does not use this filter."""
        ...


@dataclass(frozen=True)
class Equal:
    """``choices`` makes an unknown value an error, as the binding of an enumeration does."""

    param: str
    path: str
    choices: tuple[str, ...] = ()

    def keep(self, request: Request) -> Keep | None:
        wanted = request.argument(self.param).casefold()
        if not wanted:
            return None
        if self.choices and wanted not in {choice.casefold() for choice in self.choices}:
            raise refuse(f"The value '{wanted}' is not valid for {self.param}.")
        return lambda row: str(field(row, self.path)).casefold() == wanted


@dataclass(frozen=True)
class Always:
    """What the address itself filters by, whatever is asked."""

    path: str
    value: str

    def keep(self, request: Request) -> Keep | None:
        return lambda row: bool(field(row, self.path) == self.value)


@dataclass(frozen=True)
class Contains:
    param: str
    path: str

    def keep(self, request: Request) -> Keep | None:
        wanted = request.argument(self.param).casefold()
        return (lambda row: wanted in str(field(row, self.path)).casefold()) if wanted else None


@dataclass(frozen=True)
class DateBound:
    """Works only together with ``<param>Condition``; a date alone is silently ignored.

    A record without the date never fits, as in SQL.
    """

    param: str
    path: str

    def keep(self, request: Request) -> Keep | None:
        compare = _condition(request, self.param)
        if compare is None:
            return None
        wanted = _date(request, self.param)
        return lambda row: bool(at := field(row, self.path)) and compare(at, wanted)


@dataclass(frozen=True)
class NumberBound:
    param: str
    path: str

    def keep(self, request: Request) -> Keep | None:
        compare = _condition(request, self.param)
        if compare is None:
            return None
        try:
            wanted = decimal_of(request.argument(self.param))
        except ValueError as why:
            raise refuse(f"{why}.") from None
        return lambda row: compare(field(row, self.path), wanted)


@dataclass(frozen=True)
class Released:
    """``released=0|1``: a number, not a date and not a word."""

    unreleased: tuple[str, ...] = ("Hold", "Balanced")

    def keep(self, request: Request) -> Keep | None:
        wanted = request.argument("released")
        if wanted not in ("0", "1"):
            return None
        return lambda row: (row["status"] not in self.unreleased) == (wanted == "1")


@dataclass(frozen=True)
class AnyLine:
    """Keeps a document if one of its lines has this value."""

    param: str
    lines: str
    path: str

    def keep(self, request: Request) -> Keep | None:
        wanted = request.argument(self.param).casefold()
        if not wanted:
            return None
        return lambda row: any(
            str(field(line, self.path)).casefold() == wanted for line in row[self.lines]
        )


def field(row: Payload, path: str) -> Any:
    """None where the path leads nowhere."""
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def combined(filters: tuple[Filter, ...], request: Request) -> Keep | None:
    keeps = [keep for each in filters if (keep := each.keep(request))]
    return (lambda row: all(keep(row) for keep in keeps)) if keeps else None


def since(request: Request, quirks: Quirks, param: str = "lastModifiedDateTime") -> Since | None:
    """None without both the date and its condition: the whole table comes back, oldest first."""
    if _condition(request, param) is None:
        return None
    condition = request.argument(f"{param}Condition").strip()
    if quirks.after_is_inclusive and condition in ("<", ">"):
        condition += "="
    return Since(_date(request, param), condition)


def page_of(request: Request, cap: int) -> tuple[int, int]:
    """(offset, size): a larger size than the cap is silently clamped."""
    number = max(_whole(request, "pageNumber", 1), 1)
    size = min(max(_whole(request, "pageSize", DEFAULT_PAGE), 1), cap)
    return (number - 1) * size, size


def flag(request: Request, param: str) -> bool:
    return request.argument(param).lower() == "true"


def _condition(request: Request, param: str) -> Callable[[Any, Any], bool] | None:
    given = request.argument(f"{param}Condition").strip()
    if not given or not request.argument(param):
        return None
    if given not in CONDITIONS:
        raise refuse(f"The value '{given}' is not valid for {param}Condition.")
    return CONDITIONS[given]


def _date(request: Request, param: str) -> str:
    try:
        return asked(request.argument(param).strip())
    except ValueError as why:
        raise refuse(f"{param}: {why}.") from None


def _whole(request: Request, param: str, default: int) -> int:
    given = request.argument(param)
    if not given:
        return default
    if not given.lstrip("-").isdecimal():
        raise refuse(f"The value '{given}' is not valid for {param}.")
    return int(given)

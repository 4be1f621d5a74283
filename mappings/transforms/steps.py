"""The transforms themselves: each turns an argument into a function of one value.

A step never sees None: an empty value stays empty through every transform but ``default``.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from mappings.catalog import Payload, Value
from mappings.problems import Refusal

Step = Callable[[Value, Payload], Value]

_ESCAPED = re.compile(r"\\([\\|;=])")
_MARKS = re.compile(r"([\\|;=])")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class TransformProblem(Refusal):
    """A transform that does not exist, lacks its argument, or cannot work on this value."""


def unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def escape(text: str) -> str:
    """The opposite: the text as an argument may name it."""
    return _MARKS.sub(r"\\\1", text)


def split(text: str, mark: str) -> list[str]:
    r"""Parts between the marks that are not escaped with ``\``; escapes stay in place."""
    return re.split(rf"(?<!\\){re.escape(mark)}", text)


def as_text(value: Value) -> str:
    """How a value reads in a text column."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return "0" if value == 0 else format(value, "f")
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def on_text(change: Callable[[str], Value]) -> Step:
    return lambda value, payload: change(as_text(value))


def on_number(change: Callable[[Decimal], Value]) -> Step:
    def step(value: Value, payload: Payload) -> Value:
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise unfit(value, "a number")
        return change(Decimal(value))

    return step


def on_date(change: Callable[[date], Value]) -> Step:
    def step(value: Value, payload: Payload) -> Value:
        if not isinstance(value, date):
            raise unfit(value, "a date")
        return change(value)

    return step


def unfit(value: Value, wanted: str) -> TransformProblem:
    return TransformProblem(
        "transform_unfit",
        f"“{as_text(value)[:60]}” is not {wanted}, so the transform cannot work on it.",
        "Choose another transform for this field under Pair fields.",
    )


def bad_argument(name: str, argument: str, wanted: str) -> TransformProblem:
    return TransformProblem(
        "transform_argument",
        f"The transform “{name}” was given “{argument[:60]}”, but needs {wanted}.",
        f"Under Pair fields, write {name}: followed by {wanted}.",
    )


def count_argument(name: str, argument: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", argument) or int(argument) > most:
        raise bad_argument(name, argument, f"a whole number from 0 to {most}")
    return int(argument)


# --- text -----------------------------------------------------------------------------------
def words(text: str) -> str:
    """``PendingPrint`` as people write it: Pending print."""
    first, *rest = _CAPITAL.split(text)
    return " ".join([first, *(part.lower() for part in rest)])


def replace(argument: str) -> Step:
    old, *new = split(argument, "=")
    if not old or len(new) != 1:
        raise bad_argument("replace", argument, "old=new")
    before, after = unescape(old), unescape(new[0])
    return on_text(lambda text: text.replace(before, after))


def pairs(argument: str) -> dict[str, str]:
    """``Open=Åpen;Closed=Lukket`` as a table; ``*=Other`` serves whatever is not named."""
    table: dict[str, str] = {}
    for part in filter(str.strip, split(argument, ";")):
        old, *new = split(part, "=")
        if not old.strip() or len(new) != 1:
            raise bad_argument("map", argument, "Open=Åpen;Closed=Lukket")
        table[unescape(old).strip()] = unescape(new[0]).strip()
    if not table:
        raise bad_argument("map", argument, "Open=Åpen;Closed=Lukket")
    return table


def mapping(argument: str) -> Step:
    """Values that are not named stay as they are, so a new one from Visma breaks nothing."""
    table = pairs(argument)
    rest = table.pop("*", None)
    loose = {old.casefold(): new for old, new in reversed(table.items())}

    def change(text: str) -> str:
        found = table.get(text, loose.get(text.casefold()))
        return found if found is not None else text if rest is None else rest

    return on_text(change)


def yes_no(argument: str) -> Step:
    yes, slash, no = argument.partition("/")
    if not (slash and yes.strip() and no.strip()):
        raise bad_argument("yes_no", argument, "Ja/Nei")
    return lambda value, payload: unescape(yes if value is True else no).strip()


# --- dates ----------------------------------------------------------------------------------
def day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def add_days(argument: str) -> Step:
    if not re.fullmatch(r"[+-]?[0-9]{1,4}", argument):
        raise bad_argument("add_days", argument, "a number of days such as 14 or -3")
    distance = timedelta(days=int(argument))

    def move(moment: date) -> date:
        try:
            return day(moment) + distance
        except OverflowError:
            raise unfit(moment, "a date that can be moved so far") from None

    return on_date(move)

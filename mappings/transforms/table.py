"""The transforms on offer: what each is called, takes, gives and says to people."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from mappings.catalog import Kind
from mappings.transforms import numbers, steps
from mappings.transforms.steps import Step, on_date, on_number, on_text, unescape

TEXTS = frozenset(
    (Kind.TEXT, Kind.LONG_TEXT, Kind.CODE, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.URL)
) | {Kind.COUNTRY}
NUMBERS = frozenset((Kind.AMOUNT, Kind.QUANTITY, Kind.RATE, Kind.INTEGER))
DATES = frozenset((Kind.DATE, Kind.DATETIME))
EVERYTHING = frozenset(Kind)


@dataclass(frozen=True)
class Transform:
    """``gives`` None: the kind stays. ``words`` is a sentence part, ``{}`` the argument.

    ``argument`` is an example of what follows the colon; empty for transforms that take none.
    ``optional``: the argument may be left out. ``fills``: the step also sees empty values.
    """

    name: str
    label: str
    accepts: frozenset[Kind]
    build: Callable[[str], Step]
    words: str
    gives: Kind | None = None
    argument: str = ""
    optional: bool = False
    fills: bool = False


def _plain(step: Step) -> Callable[[str], Step]:
    return lambda argument: step


def _default(argument: str) -> Step:
    return lambda value, payload: unescape(argument) if value in (None, "") else value


def _count(name: str, cut: Callable[[str, int], str]) -> Callable[[str], Step]:
    def build(argument: str) -> Step:
        length = steps.count_argument(name, argument, 2000)
        return on_text(lambda text: cut(text, length))

    return build


_ALL = (
    Transform("upper", "Capital letters", TEXTS, _plain(on_text(str.upper)), "in capital letters"),
    Transform("lower", "Small letters", TEXTS, _plain(on_text(str.lower)), "in small letters"),
    Transform(
        "trim", "Without outer spaces", TEXTS, _plain(on_text(str.strip)), "without outer spaces"
    ),
    Transform(
        "words",
        "As separate words",
        TEXTS,
        _plain(on_text(steps.words)),
        "as separate words, so PendingPrint reads Pending print",
    ),
    Transform(
        "first",
        "First characters",
        EVERYTHING,
        _count("first", lambda text, length: text[:length]),
        "its first {} characters",
        gives=Kind.TEXT,
        argument="10",
    ),
    Transform(
        "last",
        "Last characters",
        EVERYTHING,
        _count("last", lambda text, length: text[-length:] if length else ""),
        "its last {} characters",
        gives=Kind.TEXT,
        argument="4",
    ),
    Transform(
        "prefix",
        "Text in front",
        EVERYTHING,
        lambda argument: on_text(lambda text: unescape(argument) + text),
        "with “{}” in front",
        gives=Kind.TEXT,
        argument="INV-",
    ),
    Transform(
        "suffix",
        "Text behind",
        EVERYTHING,
        lambda argument: on_text(lambda text: text + unescape(argument)),
        "with “{}” behind",
        gives=Kind.TEXT,
        argument=" NOK",
    ),
    Transform(
        "replace",
        "Replace a text",
        TEXTS,
        steps.replace,
        "with text replaced ({})",
        argument="old=new",
    ),
    Transform(
        "map",
        "Words for words",
        TEXTS | NUMBERS | {Kind.BOOLEAN},
        steps.mapping,
        "in other words ({})",
        gives=Kind.CHOICE,
        argument="Open=Åpen;Closed=Lukket",
    ),
    Transform(
        "default",
        "When empty",
        EVERYTHING,
        _default,
        "“{}” when empty",
        argument="Unknown",
        fills=True,
    ),
    Transform("text", "As text", EVERYTHING, _plain(on_text(str)), "as text", gives=Kind.TEXT),
    Transform(
        "yes_no",
        "Yes or no in your words",
        frozenset((Kind.BOOLEAN,)),
        steps.yes_no,
        "as {}",
        gives=Kind.CHOICE,
        argument="Ja/Nei",
    ),
    Transform(
        "negate",
        "Opposite sign",
        NUMBERS,
        _plain(on_number(Decimal.copy_negate)),
        "with the opposite sign",
    ),
    Transform(
        "abs", "Without sign", NUMBERS, _plain(on_number(Decimal.copy_abs)), "without its sign"
    ),
    Transform(
        "signed",
        "Credit notes negative",
        frozenset((Kind.AMOUNT, Kind.QUANTITY)),
        _plain(numbers.signed),
        "negative on credit notes, payments and returns",
    ),
    Transform(
        "round",
        "Rounded",
        NUMBERS,
        numbers.rounding,
        "rounded to {} decimals",
        argument="2",
    ),
    Transform(
        "multiply",
        "Multiplied",
        NUMBERS,
        lambda argument: numbers.multiply("multiply", argument),
        "times {}",
        argument="100",
    ),
    Transform(
        "divide",
        "Divided",
        NUMBERS,
        lambda argument: numbers.multiply("divide", argument),
        "divided by {}",
        argument="1000",
    ),
    Transform(
        "number",
        "Read as a number",
        TEXTS,
        numbers.number,
        "read as a number",
        gives=Kind.QUANTITY,
        argument=",",
        optional=True,
    ),
    Transform("date", "The day only", DATES, _plain(on_date(steps.day)), "the day", Kind.DATE),
    Transform(
        "month",
        "Year and month",
        DATES,
        _plain(on_date(lambda moment: f"{moment.year:04d}-{moment.month:02d}")),
        "its year and month",
        gives=Kind.CHOICE,
    ),
    Transform(
        "year",
        "The year",
        DATES,
        _plain(on_date(lambda moment: f"{moment.year:04d}")),
        "its year",
        gives=Kind.CHOICE,
    ),
    Transform(
        "add_days",
        "Days later",
        DATES,
        steps.add_days,
        "{} days later",
        gives=Kind.DATE,
        argument="14",
    ),
)

TRANSFORMS: dict[str, Transform] = {each.name: each for each in _ALL}

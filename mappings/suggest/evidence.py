"""What a column's type, its labels and sample values say for or against a field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mappings.catalog import Field, Kind, Payload, Value, ValueProblem, reader
from mappings.columns import CellProblem, Column, Encoder, encoder, fits, labels_of
from mappings.suggest.synonyms import CURRENCIES, STATES
from mappings.suggest.titles import fold
from mappings.transforms.steps import words as spaced

_FIT_SHARE = 0.45  # how much of the strength the type decides
_STRANGE_LABELS = 0.45  # none of the labels is a value Visma has
_FEW_LABELS = 0.85
_UNKNOWN_LABELS = {"status": 0.7, "dropdown": 0.85}  # labels that nothing can be compared with
_FITTING = 25  # weaker fits need a map of ids or luck; nobody is advised to try
_PERCENT = re.compile("(?<![0-9] )(?<![0-9])%|percent|prosent|procent", re.IGNORECASE)
_SHARE = 0.5
_QUESTION = 0.6  # “Received?” asks people for a yes or no
_YES_NO = {
    "yes": "no",
    "ja": "nei",
    "kylla": "ei",
}
_NO = frozenset(("no", "nei", "nej", "ei"))
_SAMPLES = 20
_COUNTRY = "NO"  # where a sample phone number without a country is taken to be


@dataclass(frozen=True)
class Evidence:
    """A factor on the strength, the reasons for it, and a transform that makes the pair work."""

    factor: float
    reasons: tuple[str, ...] = ()
    transform: str = ""


_NEUTRAL = Evidence(1.0)


def evidence(field: Field, column: Column, samples: Sequence[Payload]) -> Evidence | None:
    """None when the column cannot hold the field at all."""
    fit = fits(field.kind, column)
    if fit.strength < _FITTING:
        return None
    by_type = Evidence(1 - _FIT_SHARE * (1 - fit.strength / 100), (fit.reason,))
    found = [by_type, _labels(field, column, samples), _signs(field, column)]
    transform = found[1].transform
    if not transform and column.type not in ("status", "dropdown"):
        found.append(_parsing(field, column, samples))
    factor = 1.0
    for each in found:
        factor *= each.factor
    return Evidence(factor, tuple(why for each in found for why in each.reasons), transform)


def _signs(field: Field, column: Column) -> Evidence:
    if column.title.rstrip().endswith("?") and field.kind is not Kind.BOOLEAN:
        return Evidence(_QUESTION, ("the title asks a question",))
    if _PERCENT.search(column.title) and field.kind is not Kind.RATE:
        return Evidence(_SHARE, ("the title speaks of a percentage",))
    return _NEUTRAL


# --- labels ---------------------------------------------------------------------------------
def _labels(field: Field, column: Column, samples: Sequence[Payload]) -> Evidence:
    texts = [each.text for each in labels_of(column) if each.text and not each.deactivated]
    if column.type not in _UNKNOWN_LABELS or not texts:
        return _NEUTRAL
    if field.choices:
        return _choices(field, texts)
    if field.kind is Kind.BOOLEAN:
        return _yes_no(texts)
    if field.label == "Currency":
        return _currencies(texts)
    return _seen(field, column, texts, samples)


def _choices(field: Field, texts: Sequence[str]) -> Evidence:
    meant = {choice: label for choice in field.choices if (label := _label_for(choice, texts))}
    share = len(set(meant.values())) / len(texts)
    if not meant:
        return Evidence(_STRANGE_LABELS, ("none of its labels is a value Visma has",))
    reason = f"labels {', '.join(dict.fromkeys(meant.values()))} are values Visma has"
    changed = {choice: label for choice, label in meant.items() if choice != label}
    transform = "map:" + ";".join(f"{_safe(c)}={_safe(l)}" for c, l in changed.items())  # noqa: E741
    return Evidence(1.0 if share >= 0.5 else _FEW_LABELS, (reason,), transform if changed else "")


def _label_for(choice: str, texts: Sequence[str]) -> str:
    """The board's label for one of Visma's values, in any of the five languages."""
    ways = {fold(choice), fold(spaced(choice)), *map(fold, STATES.get(choice, "").split(","))}
    return next((text for text in texts if fold(text).strip() in ways - {""}), "")


def _safe(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\|;=" else char for char in text)


def _yes_no(texts: Sequence[str]) -> Evidence:
    yes = next((text for text in texts if fold(text) in _YES_NO), "")
    no = next((text for text in texts if fold(text) in _NO), "")
    if not (yes and no):
        return Evidence(_STRANGE_LABELS, ("its labels are not yes and no",))
    return Evidence(1.0, (f"labels {yes} and {no} say yes and no",), f"yes_no:{yes}/{no}")


def _currencies(texts: Sequence[str]) -> Evidence:
    known = [text for text in texts if text.casefold() in CURRENCIES]
    if not known:
        return Evidence(_STRANGE_LABELS, ("none of its labels is a currency",))
    return Evidence(1.0, (f"labels {', '.join(known)} are currencies",))


def _seen(
    field: Field, column: Column, texts: Sequence[str], samples: Sequence[Payload]
) -> Evidence:
    values = {fold(str(each)) for each in _values(field, samples)}
    if not values:
        return Evidence(_UNKNOWN_LABELS[column.type], ("its labels say nothing of the values",))
    share = len(values & set(map(fold, texts))) / len(values)
    if not share:
        return Evidence(_STRANGE_LABELS, ("no sample value is among its labels",))
    return Evidence(0.7 + 0.3 * share, (f"{share:.0%} of the sample values are among its labels",))


# --- samples --------------------------------------------------------------------------------
def _parsing(field: Field, column: Column, samples: Sequence[Payload]) -> Evidence:
    values = _values(field, samples)
    if not values:
        return _NEUTRAL
    write = encoder(column)
    fit = sum(_taken(write, value) for value in values)
    reason = f"{fit} of {len(values)} sample values fit"
    return Evidence(0.4 + 0.6 * fit / len(values), (reason,))


def _values(field: Field, samples: Sequence[Payload]) -> list[Value]:
    found = [_value(field, payload) for payload in samples[:_SAMPLES]]
    return [value for value in found if value is not None]


def _value(field: Field, payload: Payload) -> Value:
    try:
        return reader(field)(payload)
    except ValueProblem:
        return None


def _taken(write: Encoder, value: Value) -> bool:
    try:
        write(value, _COUNTRY)
    except CellProblem:
        return False
    return True

"""Reads a transform's text once and runs it on many values."""

from dataclasses import dataclass
from functools import lru_cache

from mappings.catalog import Kind, Payload, Value
from mappings.transforms.steps import Step, TransformProblem, bad_argument, split, unescape
from mappings.transforms.table import TRANSFORMS, Transform


@dataclass(frozen=True)
class _Call:
    transform: Transform
    argument: str
    step: Step


@dataclass(frozen=True)
class Pipeline:
    """A chain of transforms, ready to run. Empty: the value as it is."""

    calls: tuple[_Call, ...]

    def __call__(self, value: Value, payload: Payload) -> Value:
        """Raises `TransformProblem` where a step cannot work on the value."""
        for call in self.calls:
            if value is not None or call.transform.fills:
                value = call.step(value, payload)
        return value

    def kind_after(self, kind: Kind) -> Kind:
        """The kind that comes out. Raises `TransformProblem` where a step does not take it."""
        for call in self.calls:
            if kind not in call.transform.accepts:
                raise TransformProblem(
                    "transform_unfit",
                    f"The transform “{call.transform.name}” does not work on {_PLURAL[kind]}.",
                    "Choose another transform for this field under Pair fields.",
                )
            kind = call.transform.gives or kind
        return kind

    def describe(self) -> str:
        return ", then ".join(
            call.transform.words.replace("{}", _spoken(call.argument)) for call in self.calls
        )


def _spoken(argument: str) -> str:
    """``a=b;c=c`` reads “a → b”: what stays as it is needs no word."""
    parts = [[unescape(side.strip()) for side in split(one, "=")] for one in split(argument, ";")]
    if any(len(part) != 2 for part in parts):
        return unescape(argument.strip())
    return ", ".join(f"{old} → {new}" for old, new in parts if old != new) or "each as it is"


_PLURAL = {
    Kind.TEXT: "texts",
    Kind.LONG_TEXT: "long texts",
    Kind.CODE: "codes and numbers of documents",
    Kind.AMOUNT: "amounts",
    Kind.QUANTITY: "quantities",
    Kind.RATE: "rates",
    Kind.INTEGER: "whole numbers",
    Kind.DATE: "dates",
    Kind.DATETIME: "dates with a time",
    Kind.BOOLEAN: "yes-or-no values",
    Kind.CHOICE: "statuses and types",
    Kind.EMAIL: "e-mail addresses",
    Kind.PHONE: "phone numbers",
    Kind.URL: "web addresses",
    Kind.COUNTRY: "countries",
}


@lru_cache(maxsize=1024)
def parse(text: str) -> Pipeline:
    r"""``trim|upper`` and the like; ``\`` in front of ``| ; =`` and itself makes it plain text."""
    return Pipeline(tuple(_call(part) for part in split(text, "|")) if text.strip() else ())


def _call(part: str) -> _Call:
    name, colon, argument = part.lstrip().partition(":")
    transform = TRANSFORMS.get(name.strip())
    if transform is None:
        raise TransformProblem(
            "transform_unknown",
            f"There is no transform called “{name.strip()[:40]}”.",
            "Choose one from the list under Pair fields: " + ", ".join(sorted(TRANSFORMS)) + ".",
        )
    if transform.argument and not colon and not transform.optional:
        raise bad_argument(transform.name, "", f"something such as {transform.argument}")
    if colon and not transform.argument:
        raise bad_argument(transform.name, argument, "nothing behind it")
    return _Call(transform, argument, transform.build(argument))


def apply(text: str, value: Value, payload: Payload | None = None) -> Value:
    """One value through one chain; to render many, keep what `parse` gives."""
    return parse(text)(value, payload or {})


def kind_after(text: str, kind: Kind) -> Kind:
    return parse(text).kind_after(kind)


def describe(text: str) -> str:
    """The chain in plain words; empty for none."""
    return parse(text).describe()

"""The transforms that work on numbers: exact, and rounded only where asked."""

import re
from decimal import Decimal, InvalidOperation

from mappings.catalog import Payload, Value
from mappings.catalog.values import EXACT
from mappings.transforms.steps import (
    Step,
    TransformProblem,
    bad_argument,
    count_argument,
    on_number,
    on_text,
    unfit,
)

_FACTOR = 12  # powers of ten a factor may move an amount

# Documents that lower what is owed. Visma sends their amounts positive (measured on open credit
# notes), so the sign has to come from the type.
REDUCING = frozenset(
    ("DebitAdj", "CreditNote", "Payment", "Prepayment", "Check", "QuickCheck", "SmallBalanceWo",
     "CashReturn", "PoReturn")
)  # fmt: skip
# Documents that take such a one back.
RESTORING = frozenset(("VoidPayment", "VoidCheck", "VoidQuickCheck"))


def rounding(argument: str) -> Step:
    """Half away from zero, as an invoice is rounded."""
    step = Decimal(1).scaleb(-count_argument("round", argument, 10))
    return on_number(lambda number: number.quantize(step, context=EXACT))


def multiply(name: str, argument: str) -> Step:
    try:
        factor = Decimal(argument)
    except InvalidOperation:
        factor = Decimal("NaN")
    if (
        not factor.is_finite()
        or abs(factor.adjusted()) > _FACTOR
        or (name == "divide" and not factor)
    ):
        raise bad_argument(name, argument, "a number such as 100")
    if name == "divide":
        return on_number(lambda number: EXACT.divide(number, factor))
    return on_number(lambda number: EXACT.multiply(number, factor))


def signed(value: Value, payload: Payload) -> Value:
    """Visma's type decides, not the sign that came: whatever it sends, a credit note is minus."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise unfit(value, "a number")
    number, kind = Decimal(value), payload.get("documentType") or payload.get("receiptType")
    if kind in REDUCING:
        return number.copy_abs().copy_negate()
    return number.copy_abs() if kind in RESTORING else number


_GROUPED = re.compile(r"[\s\u00a0\u202f'’]")


def number(argument: str) -> Step:
    """Reads ``1 234,50`` and ``1.234,50``; the argument names the decimal sign, ``,`` or ``.``."""
    if argument not in ("", ",", "."):
        raise bad_argument("number", argument, "the decimal sign, , or .")
    return on_text(lambda text: _parsed(text, argument))


def _parsed(text: str, sign: str) -> Decimal:
    digits = _GROUPED.sub("", text).replace("−", "-")
    mark = sign or _decimal_sign(digits)
    other = "." if mark == "," else ","
    plain = digits.replace(other, "").replace(mark, ".")
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", plain):
        raise unfit(text, "a number")
    return Decimal(plain)


def _decimal_sign(digits: str) -> str:
    """The last of the two signs in use. ``1,234`` alone could be either, and is refused."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return "."
    mark = digits[last]
    alone = digits.count(",") + digits.count(".") == 1
    if mark == "," and alone and len(digits) - last == 4:
        raise TransformProblem(
            "number_ambiguous",
            f"“{digits}” can be read in two ways.",
            "Write number:, or number:. under Pair fields, with the decimal sign in use.",
        )
    return mark

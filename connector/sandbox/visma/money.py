"""Exact amounts, with the digits Visma happens to write: 483.79, 1234.7700 or 9257.5."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
TENTH = Decimal("0.1")
ZERO = Decimal("0.0")

# What one unit of a currency costs in kroner.
RATES = {
    "NOK": Decimal("1.0"),
    "SEK": Decimal("1.0327"),
    "DKK": Decimal("1.5619"),
    "EUR": Decimal("11.6545"),
    "USD": Decimal("10.8427"),
}


def rounded(value: Decimal, step: Decimal = CENT) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


def step_of(value: Decimal) -> Decimal:
    """A cent, or the fourth decimal when the amount has more than two."""
    return CENT if value == rounded(value) else FOUR_PLACES


def shortest(value: Decimal) -> Decimal:
    """Without trailing zeros, yet with one decimal: 30.0, 9257.5, 0.1875."""
    bare = value.normalize()
    exponent = bare.as_tuple().exponent
    return bare if isinstance(exponent, int) and exponent < 0 else bare.quantize(TENTH)


def spelled(value: Decimal, number: str) -> Decimal:
    """The same amount in the spelling of the document with this number: one of three."""
    style = sum(map(ord, number)) % 3
    if style == 0:
        return rounded(value, step_of(value))
    return rounded(value, FOUR_PLACES) if style == 1 else shortest(value)


def decimal_of(given: object) -> Decimal:
    """A number from JSON or a form, also 1 234,50; ValueError when it is none."""
    bare = "".join(str(given).split())
    try:
        found = Decimal(bare if "." in bare else bare.replace(",", "."))
    except ArithmeticError:
        raise ValueError(f"'{given}' is not a number") from None
    if not found.is_finite():
        raise ValueError(f"'{given}' is not a number")
    return found


def shown(value: Decimal) -> str:
    """As a person in Norway reads it: 24 349,71."""
    text = f"{value:,f}" if step_of(value) == FOUR_PLACES else f"{rounded(value):,f}"
    return text.replace(",", "\u00a0").replace(".", ",")

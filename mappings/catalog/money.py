"""Amounts that Visma sends twice: once in the document's currency, once in the company's."""

from collections.abc import Mapping
from decimal import Decimal

from mappings.catalog.kinds import COMPANY_CURRENCY, Field, Kind, Payload
from mappings.catalog.values import EXACT, number_or_none


def in_currency(path: str, label: str, help: str = "") -> tuple[Field, Field]:
    """Ledger documents: plain is the company's currency, ``…InCurrency`` the document's own.

    Visma's specification words it the other way round; live data of both ledgers settled it.
    """
    return (
        company(path, label, help),
        document(f"{path}InCurrency", f"{label} in document currency", help),
    )


def in_base_currency(path: str, label: str, help: str = "") -> tuple[Field, Field]:
    """Purchase orders: plain is the order's currency, ``…InBaseCurrency`` the company's."""
    return (
        document(path, label, help, unit="currency"),
        company(f"{path}InBaseCurrency", f"{label} in company currency", help),
    )


def company(path: str, label: str, help: str = "") -> Field:
    words = f"{help} In your company's currency.".strip()
    return Field(path, label, Kind.AMOUNT, words, COMPANY_CURRENCY)


def document(path: str, label: str, help: str = "", *, unit: str = "currencyId") -> Field:
    words = f"{help} In the currency of the document.".strip()
    return Field(path, label, Kind.AMOUNT, words, unit)


# With net prices VAT comes on top of the lines; with gross prices the lines hold it already.
_GROSS_PARTS = {"detailTotal": 1, "discountTotal": -1, "withholdingTax": -1, "roundingDiff": 1}
_NET_PARTS = {**_GROSS_PARTS, "vatTotal": 1}
TOTAL_PARTS = tuple(name + tail for name in _NET_PARTS for tail in ("", "InCurrency"))


def total_in_currency(payload: Payload) -> Decimal | None:
    """A supplier invoice's total in its own currency, which Visma does not send as a field.

    It is added up from the parts, and only where the same sum of the company-currency parts gives
    Visma's own total: a total that cannot be proven is left empty rather than guessed.
    """
    amount = number_or_none(payload.get("amount"))
    if amount is None or _same_currency(payload):
        return amount
    for names in (_NET_PARTS, _GROSS_PARTS):
        if _sum(payload, names, "") == amount:
            told = all(_has_twin(payload, name) for name in names)
            return _sum(payload, names, "InCurrency") if told else None
    return None


def _has_twin(payload: Payload, name: str) -> bool:
    """A part that counts and is not told in the document's currency leaves the total unknown."""
    twin = number_or_none(payload.get(f"{name}InCurrency"))
    return twin is not None or not number_or_none(payload.get(name))


def _same_currency(payload: Payload) -> bool:
    """Both twins equal and not zero: the document is in the company's currency."""
    plain = number_or_none(payload.get("detailTotal"))
    return bool(plain) and plain == number_or_none(payload.get("detailTotalInCurrency"))


def _sum(payload: Payload, names: Mapping[str, int], tail: str) -> Decimal:
    total = Decimal(0)
    for name, sign in names.items():
        raw = payload.get(name + tail)
        if raw and (part := number_or_none(raw)):
            total = EXACT.add(total, part) if sign > 0 else EXACT.subtract(total, part)
    return total

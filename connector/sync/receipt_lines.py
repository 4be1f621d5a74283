"""A receipt of single lines with quantities: what stands against it, what it still lacks. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.errors import Explanation

Payload = Mapping[str, Any]
Wanted = Mapping[int, Decimal]  # line of the order → quantity that came now
ZERO = Decimal(0)
AGAIN = "Correct the quantity, or the order in Visma, then set the label again."


@dataclass(frozen=True)
class AddLines:
    """Let Visma fill the receipt with these lines of the order."""

    lines: tuple[int, ...]


@dataclass(frozen=True)
class SetQuantities:
    """By line of the receipt; what else the receipt has of the order is taken out."""

    quantities: tuple[tuple[int, Decimal], ...]
    surplus: tuple[int, ...]


def wanted_of(stored: Mapping[str, str] | None) -> Wanted | None:
    """From the row's JSON; None where the whole order is meant."""
    if stored is None:
        return None
    return {int(line): Decimal(quantity) for line, quantity in stored.items()}


def in_words(wanted: Wanted) -> str:
    """“line 1: 12, line 3: 4.5”."""
    return ", ".join(f"line {line}: {plain(quantity)}" for line, quantity in sorted(wanted.items()))


def refusal(order: Payload, number: str, wanted: Wanted, held: Wanted) -> Explanation | None:
    """Why Visma may not get these quantities. ``held``: what our own receipt has of them already.

    A surplus is taken only where the order line accepts it without a warning: nobody would read
    the warning that Visma shows on its screen.
    """
    if not wanted:
        return Explanation(
            code="lines_none",
            happened=f"No quantity was typed at the lines of order {number}.",
            remedy="Type what came at its subitems, then set the label again.",
        )
    lines = {line.get("lineNbr"): line for line in order.get("lines") or ()}
    found = [
        (code, f"Line {place}{_item(lines.get(place))}: {words}")
        for place, quantity in sorted(wanted.items())
        for code, words in _against(lines.get(place), quantity, held.get(place, ZERO))
    ]
    if not found:
        return None
    codes = [code for code, _ in found]
    return Explanation(
        code="over_receipt" if "over_receipt" in codes else codes[0],
        happened=f"Order {number} cannot be received like this. "
        + " ".join(words for _, words in found),
        remedy=AGAIN,
    )


def _against(line: Payload | None, quantity: Decimal, held: Decimal) -> Iterator[tuple[str, str]]:
    if line is None or line.get("lineType") == "Description":
        yield "line_gone", "the order has no such line any more."
    elif line.get("canceled"):
        yield "line_closed", "it is cancelled in Visma."
    elif line.get("completed"):
        yield "line_closed", "it is completed in Visma, nothing more is expected."
    elif quantity < 0:
        yield "quantity_negative", f"{plain(quantity)} is less than nothing."
    elif (came := _number(line, "qtyOnReceipts") - held) + quantity > _most(line):
        yield (
            "over_receipt",
            f"{plain(quantity)} came now and {plain(came)} before, but no more than "
            f"{plain(_most(line))} may come.",
        )


def _most(line: Payload) -> Decimal:
    """How much of a line may be on receipts."""
    if line.get("receiptAction") == "Accept":
        return Decimal("Infinity")
    percent = line.get("maxReceipt")
    return _number(line, "orderQty") * (Decimal(percent) if percent is not None else 100) / 100


def fill(receipt: Payload, number: str, wanted: Wanted) -> AddLines | SetQuantities | None:
    """What brings the receipt to these quantities of the order; None where it has them."""
    ours = {line["poOrderLineNbr"]: line for line in of_order(receipt, number)}
    missing = tuple(sorted(place for place in wanted if place not in ours))
    if missing:
        return AddLines(missing)
    surplus = tuple(line["lineNbr"] for place, line in ours.items() if place not in wanted)
    quantities = tuple((ours[place]["lineNbr"], wanted[place]) for place in sorted(wanted))
    if not surplus and on_receipt(receipt, number) == dict(wanted):
        return None
    return SetQuantities(quantities, surplus)


def on_receipt(receipt: Payload | None, number: str) -> dict[int, Decimal]:
    """What a receipt has of an order, by the order's lines."""
    found: dict[int, Decimal] = {}
    for line in of_order(receipt or {}, number):
        place = line["poOrderLineNbr"]
        found[place] = found.get(place, ZERO) + _number(line, "receiptQty")
    return found


def of_order(receipt: Payload, number: str) -> list[Payload]:
    lines = receipt.get("lines") or ()
    return [line for line in lines if str(line.get("poOrderNbr")) == number]


def plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _item(line: Payload | None) -> str:
    name = str(((line or {}).get("inventory") or {}).get("number") or "")
    return f" ({name})" if name else ""


def _number(payload: Payload, name: str) -> Decimal:
    return Decimal(payload.get(name) or 0)

"""Visma's JSON read without losing a digit, and the canonical form a record is hashed in."""

import hashlib
import re
from decimal import Decimal
from typing import Any

import msgspec

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")
# Every escape of JSON, so that a backslash of the text itself is never taken for one's beginning.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?)?")

# Not part of the record: ``metadata`` counts the rows of the answer it came in.
NOT_CONTENT = ("metadata",)


def decode(raw: bytes | str) -> Any:
    """Decimals keep every digit, integers stay integers; msgspec.DecodeError if it is not JSON.

    Text that was cut in the middle of an emoji leaves half of it, which is no text: it is dropped,
    or one such record would make its whole page unreadable.
    """
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        raw = raw.encode() if isinstance(raw, str) else raw
        mended = _ESCAPE.sub(_without_halves, raw)
        if mended == raw:
            raise
        return _decoder.decode(mended)


def _without_halves(escape: re.Match[bytes]) -> bytes:
    return b"" if escape["half"] else escape[0]


def canonical(payload: dict[str, Any]) -> bytes:
    """The same bytes for the same content: keys sorted, decimals with their digits."""
    content = payload.copy()
    for name in NOT_CONTENT:
        content.pop(name, None)
    return _encoder.encode(content)


def content_hash(canonical_bytes: bytes) -> str:
    return hashlib.sha256(canonical_bytes).hexdigest()


def moment(text: str) -> str:
    """Visma's zone-less timestamp in a form that sorts: nine digits of fraction, no zone.

    Visma writes fractions of any length and, in some answers, a zone it does not mean. Text that
    is no timestamp gives "", which sorts before everything.
    """
    found = _MOMENT.match(text)
    if not found:
        return ""
    day, time, fraction = found.groups()
    return f"{day}T{time or '00:00:00'}.{(fraction or '')[:9]:0<9}"


def filter_text(text: str) -> str:
    """The timestamp as Visma's filters accept it: milliseconds at most, rounded down, no zone."""
    return moment(text)[:23]

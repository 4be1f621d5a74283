"""Text as monday can hold it: no control characters, one normal form, a known length."""

import re
import unicodedata

TEXT_LIMIT = 2000  # no length is documented for text columns; assumed to be long_text's
LONG_TEXT_LIMIT = 2000  # documented for long_text
NAME_LIMIT = 255  # documented: ItemNameTooLongException beyond
LABEL_LIMIT = 30  # documented for status labels

_ELLIPSIS = "…"
# C0 and C1 controls but tab and line feed, lone surrogates, and the byte-order mark.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BREAKS = re.compile("[ \t]*[\n\t][\n\t ]*")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")  # an emoji sequence must not be cut at these


def clean(text: str) -> str:
    """Without what no system stores alike; emoji and right-to-left text stay as they are."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def flat_line(text: str) -> str:
    """Without line ends and tabs, which a text column does not keep; other spaces stay."""
    return _BREAKS.sub(" ", clean(text))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` UTF-16 units (how browsers count), the last one an ellipsis if cut."""
    if len(text) * 2 <= limit or _units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while _units(kept) > limit - 1:
        kept = kept[:-1]
    while kept and _joined(text, len(kept)):
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _joined(text: str, end: int) -> bool:
    """Whether a cut at ``end`` would tear a letter from its accent or an emoji apart."""
    after, before = text[end : end + 1], text[end - 1]
    return before in _JOINERS or after in _JOINERS or unicodedata.combining(after or "a") != 0

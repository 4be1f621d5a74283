"""Reads a column title as concepts: words of five languages, compounds, endings, misspellings."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappings.suggest.synonyms import CONCEPTS, CURRENCIES, FILLERS, LANGUAGES
from mappings.suggest.synonyms.others import OTHERS

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ß": "ss", "ð": "d"})
_PIECE = re.compile(r"[#%]|[^\W_]+(?:[-’'][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-zæøåäö0-9])(?=[A-ZÆØÅÄÖ])")
_TAX = re.compile(r"[0-9.,]+ ?%")  # “VAT (25%)”: a rate beside the word, not a percentage
_OPENED = re.compile(r"\b([um])/", re.IGNORECASE)  # “u/mva”, “m/mva”
_OPENINGS = {"u": "uten ", "m": "med "}
# Endings of the five languages that change a word's role, not its meaning; longest first.
_ENDINGS = (
    "ernes",
    "enes",
    "ens",
    "ets",
    "ene",
    "en",
    "et",
    "er",
    "ar",
    "or",
    "'s",
    "n",
    "t",
    "s",
    "e",
)
_LINKS = ("", "s", "e", "n")  # what Nordic compounds put between two words
_SHORT = frozenset(("nr", "id", "po"))  # two letters that are words inside a compound
_SPELLING = 0.8  # one slip in five letters
_SPELLED = 6  # shorter words have too many neighbours to guess


@dataclass(frozen=True)
class Word:
    """One word of a title. ``concepts`` empty: not known. ``guess``: what it was read as."""

    text: str
    concepts: frozenset[str]
    languages: frozenset[str] = frozenset()
    guess: str = ""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Without case, accents and the letters that keyboards lack."""
    letters = text.casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", letters)
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(maxsize=8192)
def flat(text: str) -> str:
    """Letters, digits and % only, to tell whether two names are the same."""
    return "".join(char for char in fold(text) if char.isalnum() or char == "%")


@lru_cache(maxsize=4096)
def read_title(title: str) -> tuple[Word, ...]:
    """The title's words that carry meaning; fillers and currency codes are left out."""
    title = _OPENED.sub(lambda found: _OPENINGS[found[1].lower()], _TAX.sub(" ", title))
    pieces = [piece for part in _CAMEL.split(title) for piece in _PIECE.findall(part)]
    words = [word for piece in pieces for word in _read(fold(piece))]
    kept = [word for word in words if word.text not in FILLERS | CURRENCIES]
    return tuple(kept or words)


def _read(piece: str) -> Iterable[Word]:
    """One written piece: known as it is, joined, as a compound, word by word, or by a guess."""
    joined = piece.replace("-", "").replace("’", "'")
    known = _known(joined) or _compound(joined)
    if known:
        return known
    if "-" in piece:
        return [word for part in piece.split("-") for word in _read(part)]
    return [_guess(joined)]


def _known(text: str) -> tuple[Word, ...]:
    if text in _OTHERS:
        return (Word(text, frozenset()),)
    for ending in ("", *_ENDINGS):
        stem = text.removesuffix(ending)
        if ending and (len(stem) < 4 or len(stem) == len(text)):
            continue
        if stem in _WORDS:
            return (Word(text, *_WORDS[stem]),)
    return ()


def _compound(text: str) -> tuple[Word, ...]:
    """``forfallsdato`` as forfall and dato: the split with the longest first word."""
    for end in range(len(text) - 1, 1, -1):
        head = _part(text[:end])
        if head is None:
            continue
        tail = _tail(text[end:])
        if tail and all(word.concepts for word in tail):
            return (head, *tail)
    return ()


def _tail(rest: str) -> tuple[Word, ...]:
    known = _known(rest) if len(rest) > 2 or rest in _SHORT else ()
    return known or (_compound(rest) if len(rest) > 4 else ()) or (_guess(rest),)


def _part(text: str) -> Word | None:
    for link in _LINKS:
        stem = text.removesuffix(link)
        if (len(stem) > 2 or stem in _SHORT) and text.endswith(link) and stem in _WORDS:
            return Word(stem, *_WORDS[stem])
    return None


def _guess(text: str) -> Word:
    if len(text) >= _SPELLED and text.isalpha():
        found = process.extractOne(
            text, _SPELLABLE, scorer=OSA.normalized_similarity, score_cutoff=_SPELLING
        )
        if found is not None and found[0][0] == text[0]:
            return Word(text, *_WORDS[found[0]], guess=found[0])
    return Word(text, frozenset())


def _table() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    found: dict[str, tuple[set[str], set[str]]] = {}
    for concept, by_language in CONCEPTS.items():
        for language, words in zip(LANGUAGES, by_language.split("|"), strict=True):
            for word in words.split():
                entry = found.setdefault(fold(word).replace("-", ""), (set(), set()))
                entry[0].add(concept)
                entry[1].add(language)
    return {
        word: (frozenset(concepts), frozenset(languages))
        for word, (concepts, languages) in found.items()
    }


_WORDS = _table()
_OTHERS = frozenset(fold(word) for word in OTHERS) - frozenset(_WORDS)
_SPELLABLE = sorted(word for word in _WORDS if len(word) >= _SPELLED - 1)

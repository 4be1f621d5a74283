"""Words of five languages and the concept each stands for."""

from mappings.suggest.synonyms.dates import DATES
from mappings.suggest.synonyms.documents import DOCUMENTS, Words
from mappings.suggest.synonyms.money import MONEY
from mappings.suggest.synonyms.parties import PARTIES
from mappings.suggest.synonyms.states import STATES

CONCEPTS: Words = {**DOCUMENTS, **DATES, **MONEY, **PARTIES}

LANGUAGES = {
    "en": "English",
    "no": "Norwegian",
    "sv": "Swedish",
    "da": "Danish",
    "fi": "Finnish",
}

# Words that carry no meaning of their own in a column title.
FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "for",
        "to",
        "by",
        "per",
        "and",
        "or",
        "at",
        "is",
        "av",
        "i",
        "på",
        "til",
        "for",
        "og",
        "ved",
        "per",
        "den",
        "det",
        "till",
        "från",
        "och",
        "att",
        "en",
        "ett",
        "af",
        "i",
        "på",
        "til",
        "og",
        "fra",
        "ja",
        "tai",
    ]
)

# Codes that only say in which currency an amount is thought to be.
CURRENCIES = frozenset(["nok", "sek", "dkk", "eur", "usd", "gbp", "isk", "chf", "pln", "kr"])

__all__ = ["CONCEPTS", "CURRENCIES", "FILLERS", "LANGUAGES", "STATES", "Words"]

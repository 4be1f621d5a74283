"""How well a title says a field: concepts it shares, concepts it lacks, words it adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mappings.catalog import Entity, Field
from mappings.catalog import entity as entity_of
from mappings.suggest.meanings import IMPLIED, MEANINGS
from mappings.suggest.synonyms import LANGUAGES
from mappings.suggest.titles import Word, flat, read_title

_GENERIC: Mapping[str, float] = {
    "number": 0.5,
    "date": 0.45,
    "name": 0.4,
    "amount": 0.7,
    "person": 0.4,
    "last": 0.4,
    "document": 0.4,
    "type": 0.8,
    "reference": 0.8,
}
_IMPLIED = 0.1  # weight of what the entity says anyway
_UNKNOWN = 1.0  # weight of a word nobody knows: the title may mean something else
_VAGUE = 0.7  # a title of less weight than this says too little for more than medium
_VAGUE_CAP = 75.0
_SAID = 96.0  # a title that says the field in other words; 100 is the field's own name


@dataclass(frozen=True)
class Meaning:
    """One way of saying a field: the title must hold ``required``, and nothing ``forbidden``."""

    concepts: frozenset[str]
    required: frozenset[str]
    strength: float
    forbidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Said:
    """How well a title says a field, 0 to 100, and the reason in words."""

    score: float
    reason: str


def said(entity: Entity, field: Field, title: str) -> Said:
    if flat(title) in (flat(field.label), flat(field.path)):
        return Said(100.0, f"“{title}” is the field's own name")
    words = read_title(title)
    implied = IMPLIED.get(entity.name, frozenset())
    best = max(
        ((_score(words, each, implied), each) for each in meanings_of(entity.name, field.path)),
        key=lambda scored: scored[0],
        default=(0.0, None),
    )
    return Said(best[0], _reason(title, words, best[1])) if best[1] and best[0] else Said(0.0, "")


def _score(words: Iterable[Word], meaning: Meaning, implied: frozenset[str]) -> float:
    weight = lambda concept: _weight(concept, implied)  # noqa: E731  read three times below
    present = frozenset[str]().union(*(word.concepts for word in words))
    if not meaning.required <= present or meaning.forbidden & present:
        return 0.0
    shared = meaning.concepts & present
    said_all = sum(
        max(map(weight, word.concepts & shared or word.concepts), default=_UNKNOWN)
        for word in words
    )
    said_right = sum(
        max(map(weight, word.concepts & shared)) for word in words if word.concepts & shared
    )
    meant = sum(map(weight, meaning.concepts))
    if not said_right:
        return 0.0
    precision, recall = said_right / said_all, sum(map(weight, shared)) / meant
    guessed = 0.95 if any(word.guess for word in words) else 1.0
    score = _SAID * meaning.strength * guessed * 2 * precision * recall / (precision + recall)
    vague = said_right < _VAGUE and not shared & implied
    return min(score, _VAGUE_CAP) if vague else score


def _weight(concept: str, implied: frozenset[str]) -> float:
    return _IMPLIED if concept in implied else _GENERIC.get(concept, 1.0)


@lru_cache(maxsize=4096)
def meanings_of(entity: str, path: str) -> tuple[Meaning, ...]:
    texts = MEANINGS.get(entity, {}).get(path)
    if texts is not None:
        return tuple(map(_parse, texts))
    return _from_label(entity, path)


def _parse(text: str) -> Meaning:
    concepts, _, strength = text.partition("*")
    names = [name for name in concepts.split() if not name.startswith("-")]
    return Meaning(
        frozenset(name.rstrip("!") for name in names),
        frozenset(name.rstrip("!") for name in names if name.endswith("!")),
        float(strength or 1),
        frozenset(name[1:] for name in concepts.split() if name.startswith("-")),
    )


def _from_label(entity: str, path: str) -> tuple[Meaning, ...]:
    """A field without entries of its own is said by all the concepts of its label."""
    field = entity_of(entity).field(path)
    words = read_title(field.label) if field else ()
    if not words or not all(word.concepts for word in words):
        return ()
    concepts = frozenset(min(word.concepts) for word in words)
    return (Meaning(concepts, concepts, 0.9),)


def _reason(title: str, words: Iterable[Word], meaning: Meaning) -> str:
    shared = [word for word in words if word.concepts & meaning.concepts]
    concepts = dict.fromkeys(min(word.concepts & meaning.concepts) for word in shared)
    text = f"“{title}” says {' '.join(_SPOKEN.get(each, each) for each in concepts)}"
    language = _language(shared)
    guessed = [f"“{word.text}” read as “{word.guess}”" for word in shared if word.guess]
    return ", ".join([text + (f" in {language}" if language else ""), *guessed])


_SPOKEN = {
    "payref": "payment reference",
    "costcentre": "cost centre",
    "pay": "payment",
    "all": "everything",
    "our": "our own",
    "web": "web site",
    "class": "group",
}


def _language(words: Iterable[Word]) -> str:
    """The one language most of these words belong to; none when English says them too."""
    spoken = [word.languages for word in words]
    if all("en" in languages for languages in spoken):
        return ""
    counted = {code: sum(code in languages for languages in spoken) for code in LANGUAGES}
    most = max(counted.values())
    return " or ".join(LANGUAGES[code] for code, count in counted.items() if count == most)

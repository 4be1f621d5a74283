"""Suggestions: right on boards as people name them, explained, and silent where nothing fits."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from mappings.catalog import DESCRIBED
from mappings.columns import Column
from mappings.suggest import Suggestion, suggest
from mappings.suggest.judging import GOLDEN, Judged, column_of, judge
from mappings.suggest.meanings import MEANINGS
from mappings.suggest.synonyms import CONCEPTS, LANGUAGES
from mappings.suggest.titles import read_title

INVOICE = DESCRIBED["supplier_invoice"]
BOARDS = {name: json.loads((GOLDEN / f"{name}.json").read_text("utf-8")) for name in DESCRIBED}


@cache
def judged_on(entity: str) -> list[Judged]:
    """Not where this is imported: every process of the suite imports it."""
    return list(judge(entity, BOARDS[entity]))


def one(title: str, type: str = "text", *, labels: Any = (), samples: Any = ()) -> Suggestion:
    column = column_of({"title": title, "type": type, "labels": labels})
    return suggest(INVOICE, [column], samples)[0]


def field_of(suggestion: Suggestion) -> str | None:
    return suggestion.chosen.field if suggestion.chosen else None


@pytest.mark.parametrize("entity", DESCRIBED)
def test_the_golden_table_is_right_in_nineteen_of_twenty_titles(entity: str) -> None:
    judged = judged_on(entity)

    assert sum(each.right for each in judged) >= 0.95 * len(judged)


def test_the_golden_table_holds_at_least_120_titles_for_what_is_paired_most() -> None:
    assert (
        min(len(judged_on(name)) for name in ("supplier_invoice", "purchase_order", "supplier"))
        >= 120
    )


@pytest.mark.parametrize("entity", DESCRIBED)
def test_no_wrong_pair_stands_at_high_strength(entity: str) -> None:
    wrong = [each for each in judged_on(entity) if each.wrong_at_high]

    assert [(each.board, each.suggestion.column.title, each.found) for each in wrong] == []


@pytest.mark.parametrize("entity", DESCRIBED)
def test_every_expected_field_of_the_golden_table_exists(entity: str) -> None:
    expected = {each.expected for each in judged_on(entity)} - {None}

    assert expected <= set(DESCRIBED[entity].by_path)


def every_suggestion() -> list[Judged]:
    return [each for name in DESCRIBED for each in judged_on(name)]


def test_every_suggestion_gives_a_reason_and_a_strength() -> None:
    bare = [
        each.suggestion.column.title
        for each in every_suggestion()
        if not all(each.suggestion.reasons) or not each.suggestion.reasons
    ]
    strengths = [
        each.suggestion.chosen.strength for each in every_suggestion() if each.suggestion.chosen
    ]

    assert bare == []
    assert min(strengths) >= 50
    assert max(strengths) <= 100


@pytest.mark.parametrize("entity", DESCRIBED)
def test_a_field_is_suggested_for_one_column_only(entity: str) -> None:
    for board in BOARDS[entity]:
        columns = [column_of(raw, position) for position, raw in enumerate(board["columns"])]

        chosen = [field_of(each) for each in suggest(DESCRIBED[entity], columns)]

        named = [field for field in chosen if field]
        assert len(set(named)) == len(named)


def test_the_same_columns_give_the_same_suggestions() -> None:
    columns = [column_of(raw, n) for n, raw in enumerate(BOARDS["supplier_invoice"][1]["columns"])]

    assert suggest(INVOICE, columns) == suggest(INVOICE, columns)


def test_the_stronger_of_two_columns_gets_the_field_and_the_other_is_told() -> None:
    columns = [Column("a", "Förfallodatum", "text"), Column("b", "Due date", "date")]

    loser, winner = suggest(INVOICE, columns)

    assert field_of(winner) == "dueDate"
    assert field_of(loser) is None
    assert loser.reasons == ("Due date fits column “Due date” better",)


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Forfallsdato", "Norwegian"),
        ("Förfallodatum", "Swedish"),
        ("Forfaldsdato", "Danish"),
        ("Eräpäivä", "Finnish"),
    ],
)
def test_the_reason_names_the_language(title: str, language: str) -> None:
    suggestion = one(title, "date")

    assert field_of(suggestion) == "dueDate"
    assert language in suggestion.reasons[0]


@pytest.mark.parametrize(
    ("title", "type"),
    [
        ("Notes", "long_text"),
        ("Owner", "people"),
        ("Priority", "status"),
        ("Files", "file"),
        ("Received?", "status"),
        ("Contract", "text"),
        ("", "text"),
        ("???", "text"),
        ("⭐", "text"),
        ("x" * 500, "text"),
    ],
)
def test_nothing_is_suggested_where_nothing_fits(title: str, type: str) -> None:
    assert one(title, type).chosen is None


def test_a_title_that_fits_goes_to_no_column_that_cannot_hold_it() -> None:
    assert one("Due date", "checkbox").chosen is None


def test_a_runner_up_is_named() -> None:
    suggestion = one("Supplier invoice number")

    assert field_of(suggestion) == "supplierReference"
    assert suggestion.runner_up is not None


def test_a_misspelt_title_is_read_and_said_to_be_a_guess() -> None:
    suggestion = one("Suplier name")

    assert field_of(suggestion) == "supplier.name"
    assert "“suplier” read as “supplier”" in suggestion.reasons[0]


def test_labels_in_another_language_bring_their_transform() -> None:
    suggestion = one("Status", "status", labels=["Åpen", "Lukket"])

    assert suggestion.chosen is not None
    assert suggestion.chosen.transform == "map:Open=Åpen;Closed=Lukket"


def test_labels_that_are_a_teams_own_steps_silence_the_status() -> None:
    assert one("Status", "status", labels=["Working on it", "Done", "Stuck"]).chosen is None


def samples(*balances: object) -> list[dict[str, object]]:
    return [{"referenceNumber": text} for text in balances]


def test_sample_values_that_do_not_fit_weaken_a_suggestion() -> None:
    plain = one("Invoice number", "numbers", samples=samples("205717", "205718"))
    lettered = one("Invoice number", "numbers", samples=samples("A-1", "A-2"))

    assert plain.chosen is not None
    assert "2 of 2 sample values fit" in plain.chosen.reasons
    assert lettered.chosen is None


def test_sample_values_that_cannot_be_read_break_nothing() -> None:
    broken = [{"balance": Decimal("NaN")}, {"balance": "much"}, {}]

    assert field_of(one("Balance", "numbers", samples=broken)) == "balance"


def test_every_concept_is_given_in_every_language() -> None:
    assert {
        name for name, words in CONCEPTS.items() if words.count("|") != len(LANGUAGES) - 1
    } == set()


def test_every_meaning_names_a_field_and_known_concepts() -> None:
    unknown = [
        (entity, path, word)
        for entity, paths in MEANINGS.items()
        for path, texts in paths.items()
        for text in texts
        for word in text.partition("*")[0].split()
        if word.strip("!-") not in CONCEPTS or DESCRIBED[entity].field(path) is None
    ]

    assert unknown == []


@pytest.mark.parametrize(
    ("title", "concepts"),
    [
        ("leverandørfakturanummer", [{"supplier"}, {"invoice"}, {"number"}]),
        ("InvoiceDate", [{"invoice"}, {"date"}]),
        ("invoice_date", [{"invoice"}, {"date"}]),
        ("FÖRFALLODATUM", [{"due"}, {"date"}]),
        ("Förfallodatum", [{"due"}, {"date"}]),
        ("Beløp (NOK)", [{"amount"}]),
        ("toimittajan nimi", [{"supplier"}, {"name"}]),
        ("E-post", [{"email"}]),
    ],
)
def test_a_title_is_read_word_by_word(title: str, concepts: list[set[str]]) -> None:
    assert [set(word.concepts) for word in read_title(title)] == concepts

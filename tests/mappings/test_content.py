"""What a mapping says as one value: stored, changed and compared."""

from dataclasses import replace

import pytest

from mappings.content import Change, Content, Pairing, compare

AMOUNT = Pairing("amount", "n1", "Amount", "numbers")
CONTENT = Content(
    item_name="{referenceNumber}",
    key_column="k1",
    key_title="Visma key",
    pairs=(AMOUNT, Pairing("dueDate", "d1", "Due", "date")),
)


def _changes(new: Content) -> list[Change]:
    return compare(CONTENT, new, "supplier_invoice")


def test_content_survives_being_stored() -> None:
    content = replace(CONTENT, filter={"status": ["Open"]}, create_labels=True)

    assert Content.load(content.dump()) == content


def test_content_of_an_older_version_takes_defaults() -> None:
    assert Content.load({"item_name": "{number}", "unknown": 1}) == Content(item_name="{number}")


def test_a_column_has_one_pair() -> None:
    changed = CONTENT.with_pair(replace(AMOUNT, field="balance"))

    assert [pair.field for pair in changed.pairs] == ["balance", "dueDate"]
    assert changed.without_pair("n1").pairs == CONTENT.pairs[1:]


def test_the_same_content_has_the_same_fingerprint_and_another_has_not() -> None:
    assert CONTENT.fingerprint() == Content.load(CONTENT.dump()).fingerprint()
    assert CONTENT.fingerprint() != CONTENT.without_pair("n1").fingerprint()


def test_content_becomes_the_rules_that_render() -> None:
    rules = CONTENT.rules("supplier_invoice", "4021")

    assert [(pair.field, pair.column_id) for pair in rules.pairs] == [
        ("amount", "n1"),
        ("dueDate", "d1"),
    ]
    assert (rules.key_column, rules.company_id) == ("k1", "4021")


def test_nothing_changed_is_no_change() -> None:
    assert _changes(CONTENT) == []


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (
            CONTENT.with_pair(replace(AMOUNT, transform="round:2")),
            Change("Column “Amount”", "Amount", "Amount, rounded to 2 decimals"),
        ),
        (
            CONTENT.with_pair(Pairing("note", "t1", "Note", "long_text")),
            Change("Column “Note”", "", "Visma note"),
        ),
        (CONTENT.without_pair("d1"), Change("Column “Due”", "Due date", "")),
        (
            replace(CONTENT, key_column="k2", key_title="Other key"),
            Change("Key column", "Visma key", "Other key"),
        ),
        (
            replace(CONTENT, filter={"status": ["Open", "Hold"]}),
            Change("Filter: status", "", "Open, Hold"),
        ),
        (replace(CONTENT, create_labels=True), Change("Create missing labels", "no", "yes")),
        (
            replace(CONTENT, item_name="{supplier.name}"),
            Change("Item name", "{referenceNumber}", "{supplier.name}"),
        ),
    ],
)
def test_each_difference_is_told_in_words(new: Content, change: Change) -> None:
    assert _changes(new) == [change]


def test_a_title_alone_is_no_difference() -> None:
    assert _changes(replace(CONTENT, key_title="Renamed", group_title="Renamed")) == []

"""Drift: what people did to a board, and whether anything waits for it."""

import pytest

from mappings.columns import Column
from mappings.drift import compare
from mappings.render import Pair

LABELS = [{"id": 1, "label": "Open"}, {"id": 2, "label": "Closed"}]
KEY = Column("key", "Visma key", "text")
DUE = Column("due", "Due", "date")
STATE = Column("state", "Status", "status", {"labels": LABELS})
OLD = {each.id: each for each in (KEY, DUE, STATE)}
PAIRS = (Pair("dueDate", "due"), Pair("status", "state"))


def changed(*columns: Column, without: str = "") -> dict[str, Column]:
    new = {**OLD, **{each.id: each for each in columns}}
    return {name: each for name, each in new.items() if name != without}


def test_an_untouched_board_has_no_drift() -> None:
    assert compare(PAIRS, OLD, OLD, "key") == []


def test_a_renamed_column_is_harmless() -> None:
    drift = compare(PAIRS, OLD, changed(Column("due", "Pay before", "date")), "key")

    assert [(each.kind, each.harmless) for each in drift] == [("column_renamed", True)]


@pytest.mark.parametrize(
    ("new", "kind", "field"),
    [
        (changed(without="due"), "column_deleted", "dueDate"),
        (changed(Column("due", "Due", "text")), "column_retyped", "dueDate"),
        (changed(Column("due", "Due", "formula")), "column_retyped", "dueDate"),
    ],
)
def test_a_lost_column_concerns_its_own_field_only(
    new: dict[str, Column], kind: str, field: str
) -> None:
    drift = compare(PAIRS, OLD, new, "key")

    assert [(each.kind, each.field) for each in drift] == [(kind, field)]
    assert drift[0].goes_on.startswith("All other columns are still filled.")
    assert drift[0].remedy
    assert not drift[0].harmless


def test_a_removed_label_is_named() -> None:
    new = changed(Column("state", "Status", "status", {"labels": LABELS[:1]}))

    drift = compare(PAIRS, OLD, new, "key")

    assert [(each.kind, each.label) for each in drift] == [("label_gone", "Closed")]


def test_a_deactivated_label_counts_as_gone() -> None:
    labels = [LABELS[0], {**LABELS[1], "is_deactivated": True}]

    drift = compare(PAIRS, OLD, changed(Column("state", "Status", "status", {"labels": labels})))

    assert [(each.kind, each.label) for each in drift] == [("label_gone", "Closed")]


def test_a_renamed_label_is_answered_with_the_transform_that_mends_it() -> None:
    labels = [LABELS[0], {"id": 2, "label": "Lukket"}]

    drift = compare(PAIRS, OLD, changed(Column("state", "Status", "status", {"labels": labels})))

    assert [each.kind for each in drift] == ["label_renamed"]
    assert "map:Closed=Lukket" in drift[0].remedy


def test_a_label_that_only_moved_or_changed_case_is_no_drift() -> None:
    labels = [{"id": 9, "label": "closed"}, {"id": 1, "label": "Open"}]

    drift = compare(PAIRS, OLD, changed(Column("state", "Status", "status", {"labels": labels})))

    assert drift == []


@pytest.mark.parametrize("new", [changed(without="key"), changed(Column("key", "Key", "date"))])
def test_a_lost_key_column_comes_first_and_says_what_goes_on(new: dict[str, Column]) -> None:
    drift = compare(PAIRS, OLD, {**new, "due": Column("due", "Due", "text")}, "key")

    assert [each.kind for each in drift] == ["key_column_gone", "column_retyped"]
    assert "still updated" in drift[0].goes_on

"""Imports: what is created, updated, skipped, and what fails alone."""

import csv
import io

import requests

from tests.sandbox.caller import Caller
from tests.sandbox.importing import names, run, sheet


def test_rows_become_items_with_their_values(monday: Caller) -> None:
    row = {
        "name": "300101 Ørland", "Visma key": "K1", "Amount": "1250.50", "Status": "Open",
        "Due date": "2026-12-01", "Currency": "NOK", "Paid": "true", "Description": "two\nlines",
        "Responsible": "ingrid.berg@nordlys.example",
    }  # fmt: skip

    done = run(monday, sheet(monday, [row]))

    item_id = str(next(iter(monday.board().items)))
    assert done["status"] == "COMPLETED"
    assert done["counts"]["created"] == 1
    assert monday.cell(item_id, "Amount")["text"] == "1250.5"
    assert monday.cell(item_id, "Status")["label"] == "Open"
    assert monday.cell(item_id, "Description")["text"] == "two\nlines"
    assert monday.cell(item_id, "Responsible")["text"] == "Ingrid Berg"
    assert monday.cell(item_id, "Paid")["checked"] is True


def test_upsert_updates_the_match_and_an_empty_cell_changes_nothing(monday: Caller) -> None:
    item_id = monday.made("Old", Visma_key="K1", Supplier="Ørland", Amount="1")
    rows = [{"name": "New", "Visma key": "K1", "Supplier": "", "Amount": "<NULL>"}]

    done = run(monday, sheet(monday, rows))

    assert (done["counts"]["created"], done["counts"]["updated"]) == (0, 1)
    assert monday.read(item_id)["name"] == "New"
    assert monday.cell(item_id, "Supplier")["text"] == "Ørland"
    assert monday.cell(item_id, "Amount")["number"] is None


def test_skip_leaves_the_match_alone(monday: Caller) -> None:
    monday.made("Old", Visma_key="K1")

    done = run(monday, sheet(monday, [{"name": "New", "Visma key": "K1"}]), "SKIP")

    assert done["counts"]["skipped"] == 1
    assert names(monday) == ["Old"]


def test_of_repeated_match_values_only_the_last_row_counts(monday: Caller) -> None:
    rows = [{"name": "First", "Visma key": "K1"}, {"name": "Last", "Visma key": "K1"}]

    done = run(monday, sheet(monday, rows))

    assert names(monday) == ["Last"]
    assert done["counts"]["skipped"] == 1


def test_of_several_matches_the_newest_item_is_updated(monday: Caller) -> None:
    old = monday.made("Old", Visma_key="K1")
    new = monday.made("New", Visma_key="K1")

    run(monday, sheet(monday, [{"name": "Changed", "Visma key": "K1"}]))

    assert (monday.read(old)["name"], monday.read(new)["name"]) == ("Old", "Changed")


def test_without_matching_every_row_is_a_new_item(monday: Caller) -> None:
    body = sheet(monday, [{"name": "Twin", "Visma key": "K1"}])

    run(monday, body, match="")
    run(monday, body, match="")

    assert names(monday) == ["Twin", "Twin"]


def test_a_bad_row_fails_alone_and_the_report_says_why(monday: Caller) -> None:
    rows = [
        {"name": "Good", "Visma key": "K1", "Status": "Open"},
        {"name": "Bad", "Visma key": "K2", "Status": "Unheard of"},
        {"name": "", "Visma key": "K3"},
    ]

    done = run(monday, sheet(monday, rows))

    report = list(csv.reader(io.StringIO(requests.get(done["report_url"], timeout=5).text)))
    assert names(monday) == ["Good"]
    assert (done["counts"]["failed"], done["counts"]["invalid"]) == (1, 1)
    assert done["fully_imported"] is False
    assert [line[:2] for line in report[1:]] == [
        ["1", "created"],
        ["2", "failed"],
        ["3", "invalid"],
    ]

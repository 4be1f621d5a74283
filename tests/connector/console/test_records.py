"""Finding records: filters, search, pages, and the one address of each."""

from typing import Any

import pytest
from django.test import Client

from connector.console import pages
from connector.models import LinkState, RecordLink, SourceRecord
from mappings.models import BoardMapping
from tests.connector.console.conftest import Workspace

pytestmark = pytest.mark.django_db
LIST = "/t/nordlys/records/"


def numbers(answer: Any) -> list[str]:
    return [link.record.number for link in answer.context["page"].items]


def test_records_are_filtered_by_what_a_count_on_home_counts(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.add(3, LinkState.GONE)
    workspace.add(4, LinkState.WAITING)

    answer = auditor.get(LIST, {"state": "failed", "mapping": str(workspace.mapping.pk)})

    assert numbers(answer) == ["200003", "200002"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("200001", ["200001"]),
        ("20000", ["200002", "200001"]),
        ("ødegård", ["200002", "200001"]),
        ("FRUKT", ["200002", "200001"]),
        ("1000001", ["200001"]),
        ("Invoice:200002", ["200002"]),
        ("nobody", []),
        ("%", []),
        ("'; DROP TABLE", []),
    ],
)
def test_search_takes_numbers_suppliers_items_and_keys(
    words: str, found: list[str], workspace: Workspace, auditor: Client
) -> None:
    answer = auditor.get(LIST, {"q": words})

    assert numbers(answer) == found


@pytest.mark.parametrize("page", ["2", "999999", "-1", "x", "1" * 30])
def test_a_page_that_is_not_there_gives_one_that_is(
    page: str, workspace: Workspace, auditor: Client
) -> None:
    for number in range(10, 65):
        workspace.add(number)

    answer = auditor.get(LIST, {"page": page})

    assert answer.context["page"].number == (2 if page in ("2", "999999") else 1)
    assert answer.status_code == 200


def test_pages_behind_the_middle_go_on_where_the_one_before_ended(
    workspace: Workspace, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SIZE", 4)
    for number in range(10, 19):
        workspace.add(number)

    seen = [numbers(auditor.get(LIST, {"page": page})) for page in ("1", "2", "3")]

    assert [len(part) for part in seen] == [4, 4, 3]
    together = [number for part in seen for number in part]
    assert sorted(together, reverse=True) == together


def test_a_record_has_one_address_with_its_key(workspace: Workspace, auditor: Client) -> None:
    answer = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/")

    assert b"Supplier invoice 200001" in answer.content


def test_two_companies_with_the_same_number_are_told_apart(
    workspace: Workspace, auditor: Client
) -> None:
    record = SourceRecord.objects.get(number="200001")
    other = workspace.visma
    other.pk, other.name, other.company_id = None, "second", "9999"
    other.webhook_path = "another-address"
    other.save()
    record.pk, record.connection = None, other
    record.save()

    both = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/")
    one = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/?company=9999")

    assert b"Two companies use this number" in both.content
    assert one.context["record"] == record


def test_a_key_may_hold_anything(workspace: Workspace, auditor: Client) -> None:
    SourceRecord.objects.filter(number="200001").update(key="A/B:C D%2F?&#é")

    link = auditor.get(LIST, {"q": "200001"}).context["page"].items[0]
    page = auditor.get(LIST, {"q": "200001"}).content.decode()
    address = page.split('<th scope="row"><a href="')[1].split('"')[0].replace("&amp;", "&")

    assert auditor.get(address).context["record"] == link.record


def test_the_record_page_tells_where_each_value_came_from(
    workspace: Workspace, auditor: Client
) -> None:
    RecordLink.objects.filter(record__number="200001").update(
        delivered={"name": "200001", "cells": {"no": "200001", "due": {"date": "2026-08-01"}}}
    )

    answer = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/")

    steps = {s.path: s for s in answer.context["places"][0][1].steps}
    due = steps["dueDate"]
    assert (due.visma, due.board, due.coming) == ("13.08.2026", "01.08.2026", "13.08.2026")
    assert steps["referenceNumber"].coming == ""


def test_a_deleted_column_keeps_showing_what_it_held(workspace: Workspace, auditor: Client) -> None:
    columns = [c for c in workspace.mapping.board_columns if c["id"] != "due"]
    workspace.mapping.board_columns = columns
    workspace.mapping.save()

    answer = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/")

    steps = {s.path: s for s in answer.context["places"][0][1].steps}
    assert "no longer on the board" in steps["dueDate"].problem


def test_a_retyped_column_shows_in_words_what_it_held(
    workspace: Workspace, auditor: Client
) -> None:
    retyped = [
        {**c, "type": "text"} if c["id"] == "due" else c for c in workspace.mapping.board_columns
    ]
    BoardMapping.objects.filter(pk=workspace.mapping.pk).update(board_columns=retyped)
    link = RecordLink.objects.get(record__number="200001")
    link.delivered["cells"]["due"] = {"date": "2026-08-13"}
    link.save()

    answer = auditor.get(f"{LIST}supplier_invoice/Invoice:200001/")

    steps = {s.path: s for s in answer.context["places"][0][1].steps}
    assert steps["dueDate"].board == "2026-08-13"


def test_the_timeline_tells_attempts_and_acts_newest_first(
    workspace: Workspace, operator: Client
) -> None:
    link = RecordLink.objects.get(record__number="200002")
    operator.post(f"/t/nordlys/links/{link.pk}/replay/")

    answer = operator.get(f"{LIST}supplier_invoice/Invoice:200002/")

    told = [sentence for _, sentence in answer.context["story"]]
    assert told[0].startswith("operator-nordlys@example.test replayed")
    assert told[1].startswith("Creating the item failed. Column “Status” has no label “Open”.")

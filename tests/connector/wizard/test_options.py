"""Settings beside the pairs: item name, group, which records, what follows."""

from typing import Any

import pytest

from mappings.models import BoardMapping

from .conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def test_every_filter_is_entered_and_shown_again(connected: Setup, paired: BoardMapping) -> None:
    rule = {
        "status": ["Open"],
        "document_type": ["Invoice", "DebitAdj"],
        "branch": ["1", "2"],
        "party": ["50001"],
        "date_from": "2026-01-01",
        "date_to": "2026-12-31",
        "amount_from": "100.50",
        "amount_to": "9000",
        "mark_text": "Gone",
    }
    column = connected.column("AP invoices", "Received?").id
    entered = {**rule, "branch": "1, 2", "party": "50001", "mark_column": column}

    connected.post("options", paired.pk, item_name="{referenceNumber}", on_leave="mark", **entered)
    page = _html(connected.get("options", paired.pk))

    assert content_of(paired).filter == {**rule, "mark_column": column}
    assert content_of(paired).on_leave == "mark"
    assert 'value="1, 2"' in page
    assert 'value="100.50"' in page


def test_a_mark_needs_its_column(connected: Setup, paired: BoardMapping) -> None:
    before = content_of(paired)

    page = connected.post("options", paired.pk, item_name="{referenceNumber}", on_leave="mark")

    assert "Choose the column to mark items in." in _html(page)
    assert content_of(paired) == before


def test_options_are_kept_and_shown_by_example(connected: Setup, paired: BoardMapping) -> None:
    groups = {group.title: group.id for group in connected.board("AP invoices").groups.values()}

    connected.post(
        "options",
        paired.pk,
        item_name="{supplier.name}: {referenceNumber}",
        group_id=groups["On hold"],
        date_from="2026-01-01",
        status=["Open", "Balanced"],
        on_leave="archive",
        on_gone="create",
        when_deleted="leave",
        create_labels="on",
    )

    content = content_of(paired)
    assert content.item_name == "{supplier.name}: {referenceNumber}"
    assert content.group_title == "On hold"
    assert content.filter == {
        "date_from": "2026-01-01",
        "status": ["Open", "Balanced"],
        "when_deleted": "leave",
    }
    assert content.on_gone == "create"
    assert content.create_labels
    assert "A/S: 2" in _html(connected.get("options", paired.pk))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{referenceNumber} {colour}", "have no field {colour}"),
        ("{referenceNumber} {date", "does not stand around a field"),
    ],
)
def test_an_item_name_that_asks_for_what_is_not_there_is_refused(
    connected: Setup, paired: BoardMapping, name: str, said: str
) -> None:
    before = content_of(paired)

    page = _html(connected.post("options", paired.pk, item_name=name))

    assert said in page
    assert f'value="{name}"' in page
    assert content_of(paired) == before


@pytest.mark.parametrize(
    ("entered", "said", "kept"),
    [
        ("7, 14", "", [7, 14]),
        ("", "", None),
        ("14, 7", "takes days that rise", None),
        ("a week", "Enter days such as 30, 60, 90.", None),
    ],
)
def test_the_buckets_of_ageing_are_entered_for_documents_of_customers(
    connected: Setup, entered: str, said: str, kept: list[int] | None
) -> None:
    mapping = connected.choose("New board", "customer_document")

    page = connected.post("options", mapping.pk, item_name="{customer.name}", ageing_limits=entered)

    assert said in _html(page)
    assert content_of(mapping).filter.get("ageing_limits") == kept
    assert ('value="7, 14"' in _html(connected.get("options", mapping.pk))) == bool(kept)


def test_other_records_have_no_buckets(connected: Setup, paired: BoardMapping) -> None:
    assert "ageing_limits" not in _html(connected.get("options", paired.pk))

"""Step 5: each column with the exact value that will land there, and every way to pair."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from connector.models import SourceRecord
from connector.sandbox.monday import board_acts, item_acts, label_acts
from connector.sandbox.monday.writing import Draft
from connector.sandbox.world import INGRID
from connector.sync.foreground import sync
from mappings.content import Content
from mappings.models import BoardMapping, MappingDraft

from .conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def _row(html: str, column_id: str) -> str:
    """The part of the page that is about one column."""
    start = html.index(f'id="row-{column_id}"')
    return html[start : html.find('class="pair"', start + 1)]


def _field(content: Content, column_id: str) -> str:
    pair = content.pair_of(column_id)
    return pair.field if pair else ""


def test_suggestions_show_strength_reasons_and_what_would_land(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")
    due = connected.column("AP invoices", "Due date")

    row = _row(_html(connected.get("pair", mapping.pk)), due.id)

    assert "Use Due date" in row
    assert "own name" in row
    assert re.search(r"would be \d\d\.\d\d\.20\d\d", row)


def test_one_press_takes_every_suggestion(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")

    page = _html(connected.post("accept", mapping.pk))

    content = content_of(mapping)
    assert len(content.pairs) == 10
    assert "11 of 13" in page
    assert _field(content, connected.column("AP invoices", "Received?").id) == ""


def test_amounts_beside_a_currency_are_in_that_currency(
    connected: Setup, paired: BoardMapping
) -> None:
    amount = connected.column("AP invoices", "Amount")
    assert _field(content_of(paired), amount.id) == "amount_in_currency"

    answer = connected.swap("row", paired.pk, amount.id, **{f"field:{amount.id}": "amount"})

    assert "Use Amount in document currency" in _html(answer)


def test_a_row_shows_the_sample_and_what_lands(connected: Setup, paired: BoardMapping) -> None:
    html = _html(connected.get("pair", paired.pk))
    column = connected.column("AP invoices", "Invoice no")

    draft = MappingDraft.objects.get(mapping=paired)
    number = draft.samples[0]["key"].partition(":")[2]
    assert _row(html, column.id).count(number) >= 2


def test_a_transform_shows_its_result_at_once(connected: Setup, paired: BoardMapping) -> None:
    column = connected.column("AP invoices", "Supplier")
    answer = connected.swap(
        "row",
        paired.pk,
        column.id,
        **{f"field:{column.id}": "supplier.name", f"transform:{column.id}": "prefix",
           f"argument:{column.id}": "S: "},
    )  # fmt: skip

    html = _html(answer)
    assert '<span class="value">S: ' in _row(html, column.id)
    assert 'id="pair-foot"' in html
    assert 'hx-swap-oob="true"' in html


def test_a_transform_that_needs_an_argument_starts_with_an_example(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Amount")

    connected.swap(
        "row",
        paired.pk,
        column.id,
        **{f"field:{column.id}": "amount_in_currency", f"transform:{column.id}": "round"},
    )

    pair = content_of(paired).pair_of(column.id)
    assert pair is not None
    assert pair.transform == "round:2"


def test_a_wrong_argument_is_explained_and_stays_on_the_page(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Amount")
    before = content_of(paired)

    answer = connected.swap(
        "row",
        paired.pk,
        column.id,
        **{f"field:{column.id}": "amount_in_currency", f"transform:{column.id}": "round",
           f"argument:{column.id}": "many"},
    )  # fmt: skip

    html = _row(_html(answer), column.id)
    assert "Not saved" in html
    assert 'value="many"' in html
    assert content_of(paired) == before


def test_another_field_drops_a_transform_that_cannot_work_with_it(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Amount")
    given = {f"field:{column.id}": "amount_in_currency", f"transform:{column.id}": "signed"}
    connected.swap("row", paired.pk, column.id, **given)

    given = {f"field:{column.id}": "exchangeRate", f"transform:{column.id}": "signed"}
    connected.swap("row", paired.pk, column.id, **given)

    pair = content_of(paired).pair_of(column.id)
    assert pair is not None
    assert (pair.field, pair.transform) == ("exchangeRate", "")


def test_without_scripts_the_whole_page_is_one_form(connected: Setup, paired: BoardMapping) -> None:
    supplier = connected.column("AP invoices", "Supplier")
    paid = connected.column("AP invoices", "Paid")

    connected.post(
        "pair", paired.pk, **{f"field:{supplier.id}": "supplier.number", f"field:{paid.id}": "hold"}
    )

    content = content_of(paired)
    assert _field(content, supplier.id) == "supplier.number"
    assert _field(content, paid.id) == "hold"


def test_another_record_is_picked_from_visma_by_its_number(
    connected: Setup, paired: BoardMapping
) -> None:
    table = connected.sandbox.visma.company.tables["supplier_invoice"]
    numbers = [row["referenceNumber"] for row in table.rows() if row["documentType"] == "Invoice"]
    last = max(numbers)

    html = _html(connected.get("pair", paired.pk, find=last))

    column = connected.column("AP invoices", "Invoice no")
    assert last in _row(html, column.id)
    assert MappingDraft.objects.get(mapping=paired).sample_key == f"Invoice:{last}"


def test_a_number_that_visma_does_not_know_is_said(connected: Setup, paired: BoardMapping) -> None:
    assert "No record “nothing”" in _html(connected.get("pair", paired.pk, find="nothing"))


def test_samples_are_kept_with_the_draft_and_nowhere_else(
    connected: Setup, paired: BoardMapping
) -> None:
    calls = len(connected.sandbox.log.entries())

    connected.get("pair", paired.pk)

    assert len(connected.sandbox.log.entries()) == calls
    assert 0 < len(MappingDraft.objects.get(mapping=paired).samples) <= 21
    assert not SourceRecord.objects.exists()


def test_pairing_works_while_visma_is_out_of_reach(connected: Setup, settings: Any) -> None:
    settings.VISMA_API_URL = settings.VISMA_TOKEN_URL = "http://127.0.0.1:1/visma"
    mapping = connected.choose("AP invoices")

    page = _html(connected.post("accept", mapping.pk))

    assert "No sample values" in page
    assert len(content_of(mapping).pairs) == 10


# --- what the board lacks ---------------------------------------------------------------------
def test_a_board_without_a_text_column_is_offered_a_key_column(connected: Setup) -> None:
    mapping = connected.choose("Payment calendar")
    page = _html(connected.get("pair", mapping.pk))
    assert "no text column that could hold it" in page

    connected.post("key", mapping.pk, key="create")

    column = connected.column("Payment calendar", "Visma key")
    assert content_of(mapping).key_column == column.id
    assert "Please leave it" in column.description


def test_a_text_column_becomes_the_key_column_and_is_freed_of_its_pair(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Supplier reference")

    connected.post("key", paired.pk, key=column.id)

    content = content_of(paired)
    assert content.key_column == column.id
    assert content.pair_of(column.id) is None


def test_without_a_key_column_unique_values_may_find_items(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Invoice no")
    connected.post("key", paired.pk, key="")
    connected.post("find", paired.pk, find=column.id)
    page = _html(connected.get("pair", paired.pk))

    assert content_of(paired).find_column == column.id
    assert "Until then items are found by <strong>Invoice no</strong>" in page


def test_values_that_stand_twice_find_no_item(connected: Setup, paired: BoardMapping) -> None:
    column = connected.column("AP invoices", "Invoice no")
    board = connected.board("AP invoices")
    account, shown = connected.sandbox.monday.account, Draft({column.id: "7"}, None, {})
    for name in ("one", "two"):
        item_acts.item_create(account, board, name, group_id="", draft=shown, by=INGRID.id)
    connected.post("key", paired.pk, key="")
    page = _html(connected.post("find", paired.pk, find=column.id))

    assert content_of(paired).find_column == ""
    assert "more than once" in page


def test_missing_labels_are_named_and_created_when_asked(connected: Setup) -> None:
    account, board = connected.sandbox.monday.account, connected.board("AP invoices")
    status = board.column_titled("Status")
    label_acts.label_rename(
        account, board, status, label_acts.label_id_of(status, "Reserved"), "Something else"
    )
    mapping = connected.choose("AP invoices")
    page = _html(connected.swap("row", mapping.pk, status.id, **{f"field:{status.id}": "status"}))
    assert "Visma may send “Reserved”" in page

    connected.post("labels", mapping.pk, status.id)

    assert label_acts.label_id_of(board.column_titled("Status"), "Reserved")
    assert "Visma may send" not in _html(connected.get("pair", mapping.pk))


def test_twenty_required_columns_are_counted_and_named(connected: Setup) -> None:
    account, board = connected.sandbox.monday.account, connected.board("New board")
    for number in range(20):
        column = board_acts.column_add(account, board, f"Must {number}", type_="text")
        board.required_columns.append(column.id)
    mapping = connected.choose("New board")

    page = _html(connected.get("pair", mapping.pk, show="required"))

    assert page.count("The board asks people to fill this column in") == 20
    assert "20 required without a field" in page


def test_a_field_without_a_column_gets_one_of_the_fitting_type(connected: Setup) -> None:
    mapping = connected.choose("New board")

    for path in ("dueDate", "status", "amount_in_currency"):
        connected.post("add_column", mapping.pk, field=path)

    board = connected.board("New board")
    types = {column.title: column.type for column in board.columns.values()}
    assert types["Due date"] == "date"
    assert types["Status"] == "status"
    assert types["Amount in document currency"] == "numbers"
    assert {pair.field for pair in content_of(mapping).pairs} == {
        "dueDate",
        "status",
        "amount_in_currency",
    }


def test_a_column_deleted_meanwhile_is_shown_with_a_way_out(
    connected: Setup, paired: BoardMapping
) -> None:
    board = connected.board("AP invoices")
    column = board.column_titled("Due date")
    board_acts.column_delete(connected.sandbox.monday.account, board, column)

    page = _html(connected.post("reread", paired.pk))

    assert "no longer on the board" in _row(page, column.id)
    connected.post("row", paired.pk, column.id, use="")
    assert content_of(paired).pair_of(column.id) is None


def test_a_user_who_may_only_look_is_told_before_anything_is_created(
    connected: Setup, paired: BoardMapping
) -> None:
    board = connected.board("AP invoices")
    board_acts.board_permit(connected.sandbox.monday.account, board, "owners")

    page = _html(connected.post("key", paired.pk, key="create"))

    assert "No column was created" in page
    assert "editor of the board" in page


# --- tables and positions ---------------------------------------------------------------------
def test_the_table_comes_back_as_it_went(connected: Setup, paired: BoardMapping) -> None:
    before = content_of(paired)
    file = connected.get("table", paired.pk)
    MappingDraft.objects.filter(mapping=paired).update(
        content=Content.load({**before.dump(), "pairs": []}).dump()
    )

    connected.post("table", paired.pk, table=SimpleUploadedFile("pairs.csv", file.content))

    assert content_of(paired) == before


def test_a_table_with_errors_changes_nothing_and_places_each(
    connected: Setup, paired: BoardMapping
) -> None:
    before = content_of(paired)
    text = "field;column;transform\nsupplier.name;Nowhere;\nnothing;Supplier;\n"

    page = _html(
        connected.post("table", paired.pk, table=SimpleUploadedFile("t.csv", text.encode()))
    )

    assert "Row 2" in page
    assert "Row 3" in page
    assert "Nothing was changed" in page
    assert content_of(paired) == before


def test_a_file_that_is_no_table_is_refused(connected: Setup, paired: BoardMapping) -> None:
    page = connected.post(
        "table", paired.pk, table=SimpleUploadedFile("t.csv", b"\x00\x81\x8d" * 9)
    )

    assert "first row must name" in _html(page) or "not a CSV file" in _html(page)


def test_by_position_is_shown_before_it_is_done(connected: Setup, paired: BoardMapping) -> None:
    before = content_of(paired)

    page = _html(connected.get("position", paired.pk))
    assert "Nothing is changed until you say so" in page
    assert content_of(paired) == before

    connected.post("position", paired.pk)
    changed = content_of(paired)
    first = connected.column("AP invoices", "Invoice no")
    assert _field(changed, first.id) == "referenceNumber"
    assert changed.key_column == before.key_column


# --- what is live -----------------------------------------------------------------------------
def test_looking_at_a_live_mapping_makes_no_draft(connected: Setup, mapping: BoardMapping) -> None:
    page = _html(connected.get("pair", mapping.pk))

    assert "as it is live" in page
    assert not MappingDraft.objects.exists()


def test_a_change_to_a_live_mapping_waits_in_a_draft(
    connected: Setup, mapping: BoardMapping
) -> None:
    sync(mapping.tenant)
    column = connected.column("AP invoices", "Supplier")

    connected.swap("row", mapping.pk, column.id, **{f"field:{column.id}": "supplier.number"})

    live = mapping.pairings.get(column_id=column.id)
    assert live.field == "supplier.name"
    assert _field(content_of(mapping), column.id) == "supplier.number"
    connected.post("discard", mapping.pk)
    assert not MappingDraft.objects.exists()


def test_records_already_read_are_found_by_party(connected: Setup, mapping: BoardMapping) -> None:
    sync(mapping.tenant)
    record = SourceRecord.objects.order_by("pk").first()
    assert record is not None

    html = _html(connected.get("pair", mapping.pk, find=record.party[:8]))

    column = connected.column("AP invoices", "Supplier")
    assert record.party[:8] in _row(html, column.id)

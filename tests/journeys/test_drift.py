"""People change a board: it is noticed, explained, mended in the browser, and nothing is lost."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import Page, expect

from connector.models import LinkState, RecordLink, Trigger
from connector.sandbox.server import SandboxServer
from connector.sync import intake, slices
from connector.sync.lanes import due_lanes
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping
from tests.connector.sync.conftest import states
from tests.journeys.boards import (
    Stage,
    delivered,
    heading,
    open_attention,
    open_attention_again,
    press,
)
from tests.journeys.doors import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
CHRISTMAS = "2026-12-24T00:00:00"


def test_a_deleted_column_is_paired_again_and_gets_what_waited(
    page: Page, stage: Stage, alice: User
) -> None:
    stage.act("column_delete", column="Due date")
    stage.act("column_add", title="Forfall", type="date")
    stage.look()
    stage.bring(2, dueDate=CHRISTMAS, description="Epler")
    assert stage.cells("Description")[1] == "Epler"
    open_attention(page, alice)
    heading(page, "Column “Due date” was deleted")
    expect(page.get_by_text("3 supplier invoices lack this one value")).to_be_visible()
    page.get_by_role("link", name="Mend it …").click()
    expect(page.get_by_label("Column", exact=True)).to_contain_text("Forfall (date)")
    page.get_by_label("Column", exact=True).select_option("Forfall (date)")
    press(page, "Use this column")

    delivered(page, stage)
    assert [cell["date"] for cell in stage.cells("Forfall")] == [
        "2026-08-13", "2026-12-24", "2026-08-13"
    ]  # fmt: skip


def test_a_deleted_column_is_created_again(page: Page, stage: Stage, alice: User) -> None:
    stage.act("column_delete", column="Status")
    stage.look()
    open_attention(page, alice)
    page.get_by_role("link", name="Mend it …").click()
    press(page, "Create “Status”")

    delivered(page, stage)
    assert all(stage.cells("Status"))


def test_a_column_of_another_type_is_confirmed(page: Page, stage: Stage, alice: User) -> None:
    stage.act("column_retype", column="Due date", type="text")
    stage.bring(1, description="Epler")  # noticed before the slice, or by what is refused
    stage.look()
    assert stage.cells("Due date") == [None, None, None]
    open_attention(page, alice)
    heading(page, "was a date column and is now a text column")
    page.get_by_role("link", name="Mend it …").click()
    press(page, "Go on with it")

    delivered(page, stage)
    assert stage.cells("Due date") == ["2026-08-13"] * 3


def test_a_removed_label_is_created_again(page: Page, stage: Stage, alice: User) -> None:
    stage.act("label_remove", column="Status", label="Hold")
    stage.bring(3, 4, status="Hold")
    stage.bring(1, description="Epler")
    assert states() == {"delivered": 2, "failed": 2}
    open_attention(page, alice)
    heading(page, "The label “Hold” of column “Status” is deactivated")
    page.get_by_role("link", name="Create or replace the label …").click()
    press(page, "Create “Hold”")

    delivered(page, stage)
    assert states() == {"delivered": 4}


def test_a_removed_label_is_replaced_by_another(page: Page, stage: Stage, alice: User) -> None:
    stage.act("label_remove", column="Status", label="Hold")
    stage.bring(3, 4, status="Hold")
    open_attention(page, alice)
    page.get_by_role("link", name="Create or replace the label …").click()
    page.get_by_label("Label", exact=True).select_option("Balanced")
    press(page, "Use this label")

    delivered(page, stage)
    balanced = stage.cells("Status")[2]
    assert stage.cells("Status") == [stage.cells("Status")[0]] * 2 + [balanced] * 2
    assert balanced != stage.cells("Status")[0]


def test_a_lost_key_column_holds_new_items_only_and_is_created_again(
    page: Page, stage: Stage, alice: User
) -> None:
    stage.act("column_delete", column="Visma key")
    stage.look()
    stage.bring(1, 4, description="Epler")
    assert stage.cells("Description")[0] == "Epler"
    assert states() == {"delivered": 3, "waiting": 1}
    open_attention(page, alice)
    heading(page, "The key column “Visma key” was deleted")
    expect(page.get_by_text("1 supplier invoice is not on the board yet")).to_be_visible()
    page.get_by_role("link", name="Mend it …").click()
    press(page, "Create “Visma key”")

    delivered(page, stage)
    assert len(set(stage.cells("Visma key"))) == 4


def orders_still_flow(mapping: BoardMapping, sandbox: SandboxServer) -> bool:
    """Another board of the same account goes on while the first is paused."""
    row = next(sandbox.visma.company.tables["purchase_order"].rows())
    book = RunBook([mapping], Trigger.SCHEDULE)
    with transaction.atomic():
        page = [Row(f"{row['orderType']}:{row['orderNbr']}", "2026-07-14T08:11:02.31", "", row)]
        intake.take_in(mapping.visma, mapping.entity, page, book)
    book.close()
    for lane in due_lanes():
        slices.work(lane)
    return RecordLink.objects.filter(mapping=mapping, state=LinkState.DELIVERED).exists()


@pytest.mark.parametrize(
    ("done", "undone", "words"),
    [
        ({"act": "board_archive"}, {"act": "board_restore"}, "archived in monday.com"),
        (
            {"act": "board_permissions", "permissions": "owners"},
            {"act": "board_permissions", "permissions": "everyone"},
            "may not change this board",
        ),
        (
            {"act": "board_limit", "items": "3"},
            {"act": "board_limit", "items": "10000"},
            "as many items",
        ),
    ],
)
def test_a_board_that_takes_nothing_pauses_alone_until_it_is_mended(
    page: Page,
    stage: Stage,
    order_mapping: BoardMapping,
    bob: User,
    done: dict[str, str],
    undone: dict[str, str],
    words: str,
) -> None:
    stage.act(**done)
    stage.bring(4, 5, description="Epler")
    assert orders_still_flow(order_mapping, stage.sandbox)
    open_attention(page, bob)
    expect(page.get_by_text(re.compile(words))).to_have_count(1)
    expect(page.get_by_text("2 supplier invoices wait with their latest values")).to_be_visible()
    press(page, "It is mended: go on")
    expect(page.get_by_text("Not yet")).to_be_visible()
    stage.act(**undone)
    press(page, "It is mended: go on")
    expect(page.get_by_text("What waited goes on now")).to_be_visible()
    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    stage.work()

    assert len(stage.cells("Description")) == 5


def take_away(stage: Stage, act: str, rule: str) -> str:
    """A person takes the first invoice's item off the board; the comparison of the day finds it."""
    BoardMapping.objects.update(on_gone=rule)
    item = str(stage.eyes.items[0].id)
    stage.act(act, item=item)
    stage.compare()
    return item


def test_a_restored_item_goes_on_by_itself(page: Page, stage: Stage, bob: User) -> None:
    item = take_away(stage, "item_archive", "restore")
    stage.bring(1, description="Epler")
    stage.bring(2, description="Druer")
    assert [str(cell) for cell in stage.cells("Description")] == ["Druer", "Bananer"]
    open_attention(page, bob)
    heading(page, "People archived the item in monday.com")
    expect(page.get_by_text("1 supplier invoice in Visma is no longer on")).to_be_visible()
    stage.act("item_restore", item=item)
    stage.look()
    page.reload()

    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    assert stage.cells("Description")[0] == "Epler"


def test_an_item_left_to_people_is_listed_and_can_be_replayed(
    page: Page, stage: Stage, bob: User
) -> None:
    take_away(stage, "item_delete", "respect")
    open_attention(page, bob)
    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    page.get_by_role("link", name="Records", exact=True).click()
    expect(page.get_by_text("Item removed")).to_be_visible()
    page.get_by_role("link", name="200001").click()
    expect(page.get_by_text("People deleted the item in monday.com").first).to_be_visible()
    press(page, "Replay")
    stage.work()

    assert states() == {"delivered": 3}
    assert len(stage.eyes.items) == 3


def test_a_deleted_item_is_made_anew_where_the_mapping_says_so(
    page: Page, stage: Stage, bob: User
) -> None:
    old = take_away(stage, "item_delete", "create")
    stage.work()
    sign_in(page, bob)
    page.goto(f"/t/{stage.mapping.tenant.slug}/records/supplier_invoice/Invoice:200001/")
    expect(page.get_by_text("People deleted the item in monday.com").first).to_be_visible()
    open_attention_again(page, stage)

    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    assert len(stage.eyes.items) == 3
    assert old not in {str(item.id) for item in stage.eyes.items}


def test_a_copied_item_is_named_with_its_original(page: Page, stage: Stage, alice: User) -> None:
    original = stage.eyes.items[0].id
    stage.act("item_duplicate", item=str(original))
    copy = stage.eyes.items[3].id
    stage.compare()
    open_attention(page, alice)
    heading(page, f"{original} and {copy}")
    page.get_by_role("link", name="Mend it …").click()
    heading(page, "Mend it in monday")
    stage.act("item_archive", item=str(copy))
    open_attention_again(page, stage)
    press(page, "Look at the board again")

    expect(page.get_by_text("Nothing needs you")).to_be_visible()

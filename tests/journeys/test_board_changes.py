"""People rename, regroup or lose a board: what stops nothing says so, and what stops is mended."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from connector.sandbox.monday import board_acts
from mappings.models import BoardMapping
from tenants.services import connection_ok
from tests.connector.sync.conftest import states
from tests.journeys.boards import (
    Stage,
    delivered,
    heading,
    open_attention,
    open_attention_again,
    press,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def test_new_names_of_a_column_and_the_board_stop_nothing_and_ask_nobody(
    page: Page, stage: Stage, bob: User
) -> None:
    writes = len(stage.eyes.mutations())
    stage.act("column_rename", column="Description", title="Beskrivelse")
    stage.act("board_rename", name="Leverandørfaktura")
    stage.look()
    assert len(stage.eyes.mutations()) == writes
    stage.bring(1, description="Epler")
    open_attention(page, bob)

    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    assert stage.cells("Beskrivelse")[0] == "Epler"


def test_a_renamed_label_is_written_under_its_new_name_from_now_on(
    page: Page, stage: Stage, alice: User
) -> None:
    stage.act("label_rename", column="Status", label="Hold", to="Parkert")
    stage.bring(3, 4, status="Hold")
    stage.bring(1, description="Epler")
    assert states() == {"delivered": 2, "failed": 2}
    open_attention(page, alice)
    heading(page, "Column “Status” has no label “Hold”")
    page.get_by_role("link", name="Create or replace the label …").click()
    page.get_by_label("Label", exact=True).select_option("Parkert")
    press(page, "Use this label")

    delivered(page, stage)
    assert states() == {"delivered": 4}


def test_a_deleted_group_stops_nothing_and_another_is_chosen(
    page: Page, stage: Stage, alice: User
) -> None:
    board = stage.eyes.board
    old = board.groups[stage.mapping.group_id]
    first, *_, last = [group for group in board.groups.values() if group is not old]
    for item in stage.eyes.items:
        stage.act("item_move", item=str(item.id), group=last.id)
    stage.act("group_delete", group=old.title)
    stage.look()
    stage.bring(4)
    assert [item.group_id for item in stage.eyes.items[3:]] == [first.id]
    open_attention(page, alice)
    heading(page, f"The group “{old.title}” for new items was deleted")
    page.get_by_role("link", name="Mend it …").click()
    page.get_by_label("Group", exact=True).select_option(last.title)
    press(page, "Use this group")
    stage.bring(5)

    open_attention_again(page, stage)
    expect(page.get_by_text("Nothing needs you")).to_be_visible()
    assert [item.group_id for item in stage.eyes.items[3:]] == [first.id, last.id]


def test_a_column_that_people_must_fill_in_stops_nothing_and_may_stay_empty(
    page: Page, stage: Stage, alice: User
) -> None:
    stage.look()
    stage.act("column_add", title="Cost centre", type="text")
    stage.act("column_require", column="Cost centre", required="yes")
    stage.look()
    stage.bring(4)
    assert states() == {"delivered": 4}
    open_attention(page, alice)
    heading(page, "The board now asks people to fill in the column “Cost centre”")
    page.get_by_role("link", name="Mend it …").click()
    press(page, "It may stay empty")

    open_attention_again(page, stage)
    expect(page.get_by_text("Nothing needs you")).to_be_visible()


def test_another_board_takes_the_place_of_one_that_was_deleted(
    page: Page, stage: Stage, alice: User
) -> None:
    account = stage.sandbox.monday.account
    other = board_acts.board_create(account, "AP 2027")
    for title, type_ in (("Visma key", "text"), ("Invoice no", "text"), ("Due date", "date")):
        board_acts.column_add(account, other, title, type_=type_)
    stage.act("board_delete")
    stage.bring(4)
    connection_ok(stage.mapping.visma)
    connection_ok(stage.mapping.monday)
    open_attention(page, alice)
    page.get_by_role("link", name="Use another board …").click()
    page.get_by_label("Search by name").fill("AP 2027")
    page.keyboard.press("Enter")  # where the page searched before its script was there
    expect(page.get_by_role("button", name="Use this board")).to_have_count(1)
    press(page, "Use this board")
    page.get_by_role("link", name="Check what would happen").click()
    page.get_by_role("link", name="Go live", exact=True).click()
    press(page, "Start")

    expect(page.get_by_text(re.compile("AP invoices is paused"))).to_be_visible()
    assert not BoardMapping.objects.get(pk=stage.mapping.pk).active
    assert BoardMapping.objects.get(board_id=str(other.id)).active

"""The console in a real browser: a broken label is noticed, explained, mended and replayed."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from connector.console.causes import causes_of
from connector.models import BoardLane, LinkState, RecordLink, Trigger
from connector.sandbox.monday import label_acts
from connector.sandbox.server import SandboxServer
from connector.sync import slices
from connector.sync.lanes import due_lanes
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tests.journeys.conftest import Visit
from tests.journeys.doors import sign_in
from tests.journeys.test_people import press_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def label_gone(sandbox: SandboxServer, mapping: BoardMapping) -> None:
    """Somebody has removed the label “Hold” in monday: invoices on hold cannot be written."""
    switch(sandbox, mapping, on=False)
    poll(mapping.visma, mapping.entity, trigger=Trigger.BACKFILL)
    for _ in range(3):  # what is refused is tried again, on a board that was read anew
        work()
        RecordLink.objects.filter(state=LinkState.WAITING).update(not_before=None)
        BoardLane.objects.update(not_before=None)


def switch(sandbox: SandboxServer, mapping: BoardMapping, *, on: bool) -> None:
    account = sandbox.monday.account
    board = account.boards[int(mapping.board_id)]
    column = next(c for c in board.columns.values() if c.title == "Status")
    label_acts.label_switch(account, board, column, label_acts.label_id_of(column, "Hold"), on)


def work() -> None:
    """What the workers do until nothing is due."""
    while lanes := due_lanes():
        for lane in lanes:
            slices.work(lane)


@pytest.mark.smoke
def test_an_operator_replays_what_a_removed_label_held_back(
    page: Page, sandbox: SandboxServer, mapping: BoardMapping, bob: User, label_gone: None
) -> None:
    failed = RecordLink.objects.filter(state=LinkState.FAILED).count()
    sign_in(page, bob)
    expect(page.get_by_text(re.compile("No:"))).to_be_visible()
    page.get_by_role("link", name=re.compile("Needs attention")).first.click()
    expect(page.get_by_role("heading", name=re.compile("Hold"))).to_be_visible()
    switch(sandbox, mapping, on=True)
    page.get_by_role("link", name=f"Replay {failed} …").click()
    expect(page.get_by_text(f"Replay {failed} now")).to_be_visible()
    page.get_by_role("button", name=f"Replay {failed} now").click()
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    work()

    # The page finds out by itself, without a reload.
    expect(page.get_by_text("Complete", exact=True)).to_be_visible(timeout=10_000)
    expect(page.get_by_role("row", name=re.compile("Created")).get_by_role("link")).to_have_text(
        str(failed)
    )
    assert not RecordLink.objects.filter(state=LinkState.FAILED).exists()


def test_every_count_on_home_leads_to_as_many_records(
    page: Page, mapping: BoardMapping, bob: User, label_gone: None
) -> None:
    sign_in(page, bob)
    figures = page.locator(".figures a")
    seen = [
        (figures.nth(n).locator(".figure").inner_text(), figures.nth(n).get_attribute("href"))
        for n in range(figures.count())
    ]

    assert len(seen) >= 2
    for number, address in seen:
        page.goto(address or "")
        expect(page.get_by_text(re.compile(rf"of {number} records"))).to_be_visible()


def test_a_record_tells_its_story_from_visma_to_the_board(
    page: Page, mapping: BoardMapping, dora: User, label_gone: None
) -> None:
    link = RecordLink.objects.filter(state=LinkState.FAILED).select_related("record").first()
    assert link is not None
    sign_in(page, dora)
    page.get_by_role("link", name="Records", exact=True).click()
    page.get_by_label("Document number, supplier or item id").fill(link.record.number)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=link.record.number).click()

    expect(page.get_by_role("heading", name="Why each value is there")).to_be_visible()
    expect(page.get_by_text("An operator can replay this.")).to_be_visible()
    expect(page.get_by_role("button", name="Replay")).to_have_count(0)


def test_an_auditor_takes_the_list_along_and_can_replay_nothing(
    page: Page, mapping: BoardMapping, dora: User, label_gone: None
) -> None:
    failed = RecordLink.objects.filter(state=LinkState.FAILED).count()
    sign_in(page, dora)
    page.get_by_role("link", name=re.compile("Needs attention")).first.click()
    expect(page.get_by_role("heading", name=re.compile("Hold"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Replay "))).to_have_count(0)
    page.get_by_role("link", name=f"{failed} records", exact=True).click()
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()

    lines = file.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == failed + 1
    page.goto(f"/t/{mapping.tenant.slug}/attention/{causes_of(mapping.tenant)[0].id}/replay/")
    expect(page.get_by_text("Ask an owner")).to_be_visible()


def test_the_keyboard_alone_replays_a_cause(
    page: Page, sandbox: SandboxServer, mapping: BoardMapping, bob: User, label_gone: None
) -> None:
    failed = RecordLink.objects.filter(state=LinkState.FAILED).count()
    switch(sandbox, mapping, on=True)
    sign_in(page, bob)
    page.goto(f"/t/{mapping.tenant.slug}/attention/")
    press_until(page, f"Replay {failed} …")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Replay {failed} records")).to_be_visible()
    press_until(page, f"Replay {failed} now")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    work()
    assert not RecordLink.objects.filter(state=LinkState.FAILED).exists()


def test_a_stranger_finds_nothing_behind_a_copied_address(
    page: Page, mapping: BoardMapping, charlie: User
) -> None:
    sign_in(page, charlie)
    for address in ("", "attention/", "records/", f"mappings/{mapping.pk}/"):
        page.goto(f"/t/{mapping.tenant.slug}/{address}")
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_connection_test_fills_line_by_line(
    page: Page, mapping: BoardMapping, alice: User
) -> None:
    sign_in(page, alice)
    page.get_by_role("link", name="Connections").click()
    page.get_by_role("link", name=mapping.monday.account_name, exact=True).click()
    page.get_by_role("button", name="Test", exact=True).click()

    expect(page.get_by_role("img", name="Works")).to_have_count(4)
    expect(page.get_by_text("may change it.")).to_be_visible()


def test_a_token_of_another_kind_is_refused_and_the_old_one_stays(
    page: Page, mapping: BoardMapping, alice: User
) -> None:
    before = mapping.monday.token
    sign_in(page, alice)
    page.goto(f"/t/{mapping.tenant.slug}/connections/monday/{mapping.monday.pk}/credentials/")
    page.get_by_label("Token").fill("revoked-token")
    page.get_by_role("button", name="Try and replace").click()

    expect(page.get_by_text("The old ones stay.")).to_be_visible()
    mapping.monday.refresh_from_db()
    assert mapping.monday.token == before


def test_without_script_a_replay_still_shows_its_effect_and_its_run(
    visit: Visit, sandbox: SandboxServer, mapping: BoardMapping, bob: User, label_gone: None
) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, bob)
    page.goto(f"/t/{mapping.tenant.slug}/attention/")
    page.get_by_role("link", name=re.compile("^Replay ")).click()
    page.get_by_role("button", name=re.compile("^Replay ")).click()
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    switch(sandbox, mapping, on=True)
    work()

    # Without script the page asks for itself anew every few seconds.
    expect(page.get_by_text("Complete", exact=True)).to_be_visible(timeout=15_000)

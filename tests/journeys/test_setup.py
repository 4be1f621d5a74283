"""The setup in a real browser: from a first visit to items on a board, with every step kept."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from connector.models import RecordLink
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.wizard.steps import Rail
from mappings.content import Content
from mappings.models import BoardMapping, MappingDraft
from tenants.models import Tenant
from tenants.services import connection_ok
from tests.faults.processes import ROOT, environment
from tests.journeys.conftest import Visit
from tests.journeys.doors import sign_in
from tests.journeys.test_pages import look, pages, routes_of
from tests.journeys.test_people import NEW, link_in_letter
from tests.people import PASSWORD
from tests.world import Connections

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
MOST_INTERACTIONS = 25


@pytest.fixture
def workers(sandbox: SandboxServer) -> Iterator[None]:
    """The real workers, on the test's database, pointed at the sandbox."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=environment(sandbox) | {"WORKERS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(timeout=60)


class Hand:
    """A person's hand: every click and every field filled in counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.interactions = 0

    def press(self, role: Any, name: str) -> None:
        self.interactions += 1
        self.page.get_by_role(role, name=name).first.click()

    def fill(self, label: str, text: str) -> None:
        self.interactions += 1
        self.page.get_by_label(label).fill(text)


def connect(hand: Hand) -> None:
    hand.fill("Client id", world.VISMA_CLIENT_ID)
    hand.fill("Client secret", world.VISMA_CLIENT_SECRET)
    hand.fill("Tenant id", world.VISMA_COMPANY_TENANT_ID)
    hand.fill("Company id", world.VISMA_COMPANY_ID)
    hand.press("button", "Save and test")
    hand.press("link", "Continue")
    hand.fill("Personal API token", world.MONDAY_TOKEN)
    hand.press("button", "Save and test")
    hand.press("link", "Continue")


@pytest.mark.smoke
def test_from_sign_up_to_items_on_a_board_in_few_steps(
    page: Page, sandbox: SandboxServer, workers: None
) -> None:
    hand = Hand(page)
    page.goto("/account/signup/")
    hand.fill("Email", NEW)
    hand.fill("Password", PASSWORD)
    hand.press("button", "Sign up")
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_in_letter("confirm-email"))
    hand.press("button", "Yes, confirm it")
    hand.fill("Email", NEW)
    hand.fill("Password", PASSWORD)
    hand.press("button", "Sign in")
    hand.fill("Name of the workspace", "Nordlys Grossist AS")
    hand.press("button", "Open the workspace")
    connect(hand)
    hand.press("button", "Create a ready-made board")
    hand.press("link", "Check what would happen")
    hand.press("link", "Go live")
    hand.press("button", "Start")

    expect(page.get_by_role("heading", name="Supplier invoices").first).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("Finished")).to_be_visible(timeout=120_000)
    assert hand.interactions <= MOST_INTERACTIONS
    board = sandbox.monday.account.board("Supplier invoices")
    assert len(list(board.active_items())) == RecordLink.objects.count() == 200


# --- with everything connected ----------------------------------------------------------------
@pytest.fixture
def owner(visit: Visit, connections: Connections, sandbox: SandboxServer, alice: User) -> Page:
    """Signed in, both ends connected, in front of the setup."""
    connection_ok(connections.visma)
    connection_ok(connections.monday, user_name=world.INGRID.name)
    return _in_setup(visit(), alice, connections.visma.tenant)


def _in_setup(page: Page, user: User, tenant: Tenant) -> Page:
    sign_in(page, user)
    page.goto(f"/t/{tenant.slug}/setup/")
    return page


def _choose(page: Page, board: str = "AP invoices") -> None:
    page.get_by_role("link", name="Use a board you have").first.click()
    page.get_by_label("Search by name").fill(board)
    rows = page.get_by_role("button", name="Use this board")
    expect(rows).to_have_count(1)
    rows.click()
    expect(page.get_by_role("heading", name="Pair fields")).to_be_visible()


def _row(page: Page, column: str) -> Locator:
    return page.locator(".pair").filter(has=page.locator(".column strong", has_text=column))


def test_a_board_is_searched_paired_and_shown_with_what_lands(owner: Page) -> None:
    _choose(owner)
    expect(_row(owner, "Due date")).to_contain_text(re.compile(r"would be \d\d\.\d\d\.20\d\d"))
    owner.get_by_role("button", name="Accept 10 suggestions").click()
    expect(owner.locator("#pair-foot")).to_contain_text("11 of 13 paired")

    owner.get_by_label("Change on the way to Supplier", exact=True).select_option("upper")

    row = _row(owner, "Supplier").first
    expect(row.locator(".value")).to_have_text(
        row.locator(".sample").inner_text().upper().split("\n")[0]
    )
    expect(row).to_contain_text("in capital letters")


def test_another_record_shows_its_own_values(owner: Page) -> None:
    _choose(owner)
    owner.get_by_role("button", name="Accept").click()
    before = _row(owner, "Invoice no").locator(".value").inner_text()

    owner.get_by_label("Shown with the record").select_option(index=3)

    expect(_row(owner, "Invoice no").locator(".value")).not_to_have_text(before)


def test_the_keyboard_alone_pairs_a_column_and_stays_where_it_was(owner: Page) -> None:
    _choose(owner)
    select = owner.get_by_label("Visma field for Paid")
    select.focus()
    owner.keyboard.press("O")  # On hold
    owner.keyboard.press("Tab")

    expect(owner.get_by_role("status").filter(has_text="paired")).to_contain_text("2 of 13")
    draft = MappingDraft.objects.get()
    assert [pair.field for pair in Content.load(draft.content).pairs] == ["hold"]
    expect(owner.locator(":focus")).to_have_count(1)


def test_another_device_goes_on_where_this_one_left(
    owner: Page, visit: Visit, alice: User, tenant: Tenant
) -> None:
    _choose(owner)
    owner.get_by_role("button", name="Accept").click()
    expect(owner.locator("#pair-foot")).to_contain_text("11 of 13")

    phone = visit(viewport={"width": 360, "height": 740})
    _in_setup(phone, alice, tenant)

    expect(phone.get_by_role("heading", name="Check")).to_be_visible()
    expect(phone.get_by_text("create an item")).to_be_visible()
    phone.get_by_text("Step 6 of 7").click()
    phone.get_by_role("link", name="Pair fields").click()
    expect(phone.locator("#pair-foot")).to_contain_text("11 of 13")


def test_a_wrong_secret_is_explained_and_mended_in_place(
    page: Page, sandbox: SandboxServer, alice: User, tenant: Tenant
) -> None:
    _in_setup(page, alice, tenant)
    hand = Hand(page)
    hand.fill("Client id", world.VISMA_CLIENT_ID)
    hand.fill("Client secret", "wrong")
    hand.fill("Tenant id", world.VISMA_COMPANY_TENANT_ID)
    hand.fill("Company id", world.VISMA_COMPANY_ID)
    hand.press("button", "Save and test")
    expect(page.get_by_text("make a new Client secret there")).to_be_visible()
    assert page.get_by_label("Client secret").input_value() == ""

    hand.fill("Client secret", world.VISMA_CLIENT_SECRET)
    hand.press("button", "Save and test")

    expect(page.get_by_role("link", name="Continue")).to_be_visible()
    expect(page.get_by_text("Nordlys Grossist AS answers.")).to_be_visible()


def test_without_scripts_every_step_works(
    visit: Visit, sandbox: SandboxServer, alice: User, tenant: Tenant
) -> None:
    page = visit(java_script_enabled=False)
    _in_setup(page, alice, tenant)
    hand = Hand(page)
    hand.fill("Client id", world.VISMA_CLIENT_ID)
    hand.fill("Client secret", world.VISMA_CLIENT_SECRET)
    hand.fill("Tenant id", world.VISMA_COMPANY_TENANT_ID)
    hand.fill("Company id", world.VISMA_COMPANY_ID)
    hand.press("button", "Save and test")
    hand.press("button", "Run the test")
    hand.press("link", "Continue")
    hand.fill("Personal API token", world.MONDAY_TOKEN)
    hand.press("button", "Save and test")
    hand.press("button", "Run the test")
    hand.press("link", "Continue")
    _choose_without_scripts(page)
    hand.press("button", "Accept")
    page.get_by_label("Change on the way to Amount").select_option("round")
    hand.press("button", "Save the pairs")
    expect(_row(page, "Amount")).to_contain_text("rounded to 2 decimals")
    hand.press("link", "Check what would happen")
    hand.press("button", "Run the check")
    hand.press("link", "Go live")
    hand.press("button", "Start")

    expect(page.get_by_role("heading", name="AP invoices is live")).to_be_visible()
    assert BoardMapping.objects.get(tenant=tenant).active
    assert Rail(tenant).first_open.name == "what"


def _choose_without_scripts(page: Page) -> None:
    page.get_by_role("link", name="Use a board you have").first.click()
    page.get_by_label("Search by name").fill("AP invoices")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Use this board AP invoices").click()


def test_no_page_of_the_setup_has_a_serious_fault_or_is_wider_than_its_screen(
    page: Page, connections: Connections, sandbox: SandboxServer, alice: User
) -> None:
    tenant = connections.visma.tenant
    connection_ok(connections.visma)
    connection_ok(connections.monday, user_name=world.INGRID.name)
    _in_setup(page, alice, tenant)
    at = f"/t/{tenant.slug}/setup"
    here = {
        "workspace": "workspace/",
        "visma-new": "visma/?connection=new",
        "visma": "visma/",
        "monday": "monday/",
        "what": "what/",
        "boards": "what/supplier_invoice/boards/",
    }
    faults = [
        fault for name, url in here.items() for fault in look(page, f"setup-{name}", f"{at}/{url}")
    ]
    faults += _looks_at_a_mapping(page, at)

    assert faults == []
    seen = [f"setup/{url}" for url in here.values()]
    seen += [f"setup/{BoardMapping.objects.get().pk}/{name}/" for name in OF_A_MAPPING]
    assert routes_of(tenant.slug, seen) == pages(("wizard:",)) - NO_PAGES


OF_A_MAPPING = (
    *("pair", "pair/options", "pair/position", "pair/receiving", "versions"),
    *("check", "live", "started"),
)
# A redirect and a file: nothing to look at.
NO_PAGES = {"wizard:start", "wizard:table"}


def _enter_a_receive_rule(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label(re.compile("^Dry run")).check()
    page.get_by_label("The label that asks").select_option(label="Received")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="receiving goods: dry run")).to_be_visible()


def _looks_at_a_mapping(page: Page, at: str) -> list[str]:
    page.goto(f"{at}/what/supplier_invoice/boards/")
    page.get_by_role("button", name="Use this board AP invoices").click()
    mapping = BoardMapping.objects.get()
    faults = look(page, "setup-suggestions", f"{at}/{mapping.pk}/pair/")
    page.get_by_role("button", name="Accept").click()
    _enter_a_receive_rule(page, f"{at}/{mapping.pk}/pair/receiving/")
    for name in OF_A_MAPPING[:5]:
        faults += look(page, f"setup-{name.replace('/', '-')}", f"{at}/{mapping.pk}/{name}/")
    page.goto(f"{at}/{mapping.pk}/check/")
    expect(page.get_by_text("create an item")).to_be_visible()
    for name in ("check", "live"):
        faults += look(page, f"setup-{name}", f"{at}/{mapping.pk}/{name}/")
    page.get_by_role("button", name="Start").click()
    faults += look(page, "setup-started", f"{at}/{mapping.pk}/started/")
    return faults

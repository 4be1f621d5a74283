"""People in a real browser: sign-up, workspace, invitation, second factor, keyboard."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.contrib.auth.models import User
from django.core import mail
from playwright.sync_api import Page, expect

from tenants.models import Membership, Role, Tenant
from tests.journeys.conftest import Visit
from tests.journeys.doors import sign_in
from tests.people import PASSWORD

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
NEW = "kari@example.test"


def link_in_letter(part: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def sign_up(page: Page) -> None:
    page.get_by_label("Email").fill(NEW)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()


def test_a_new_person_signs_up_and_opens_a_workspace(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    sign_up(page)
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_in_letter("confirm-email"))
    page.get_by_role("button", name="Yes, confirm it").click()
    page.get_by_label("Email").fill(NEW)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name of the workspace").fill("Ålesund Trelast AS")
    page.get_by_role("button", name="Open the workspace").click()

    expect(page).to_have_url(re.compile("/t/alesund-trelast-as/"))
    assert Membership.objects.get(user__email=NEW).role == Role.OWNER


def test_an_invited_colleague_comes_in_with_the_role_of_the_letter(
    visit: Visit, alice: User, tenant: Tenant
) -> None:
    owner, colleague = visit(), visit()
    sign_in(owner, alice)
    owner.get_by_role("link", name="People").click()
    owner.get_by_label("E-mail").fill(NEW)
    owner.locator("#id_role").select_option("auditor")
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_text(f"{NEW} is invited")).to_be_visible()

    colleague.goto(link_in_letter("invitation"))
    colleague.get_by_role("link", name="Open an account to accept").click()
    sign_up(colleague)
    colleague.get_by_role("button", name="Accept").click()

    expect(colleague.get_by_role("heading", name=tenant.name)).to_be_visible()
    assert Membership.objects.get(user__email=NEW).role == Role.AUDITOR


def test_a_second_factor_is_set_up_and_then_asked_for(
    page: Page, alice: User, tenant: Tenant
) -> None:
    sign_in(page, alice)
    page.get_by_role("button", name=alice.email).click()
    page.get_by_role("link", name="Two-factor sign-in").click()
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator("p.mono").inner_text().strip()
    page.get_by_label("Authenticator code").fill(code(secret, 0))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("ul.codes li").first.inner_text()

    page.context.clear_cookies()
    sign_in(page, alice)
    page.get_by_label("Code", exact=False).fill(recovery)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name=tenant.name)).to_be_visible()


def code(secret: str, step: int) -> str:
    found: str = format_hotp_value(hotp_value(secret, next(iter(counters())) + step))
    return found


def test_somebody_without_a_mouse_signs_in_and_reads_the_people(
    page: Page, alice: User, tenant: Tenant
) -> None:
    page.goto("/account/login/")
    press_until(page, "Email")
    page.keyboard.type(alice.email)
    press_until(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=tenant.name)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press_until(page, "People")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()


NAME = """() => {
  const at = document.activeElement;
  return (at.labels?.[0]?.innerText || at.getAttribute("aria-label") || at.innerText || "").trim();
}"""


def press_until(page: Page, name: str) -> None:
    """Tab until the thing with this name has the focus, and its focus can be seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"“{name}” cannot be reached with the keyboard.")

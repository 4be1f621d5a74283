"""“Connect with monday” in a real browser, through the sandbox's page and back."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tenants.models import Health, MondayConnection
from tests.journeys.doors import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def traveller(
    browser: Browser, live_server: LiveServer, sandbox: SandboxServer, settings: Any
) -> Iterator[Page]:
    """Somebody who may leave the site, unlike the visitors of the other journeys."""
    settings.PUBLIC_URL = live_server.url
    settings.MONDAY_CLIENT_ID = world.MONDAY_CLIENT_ID
    settings.MONDAY_CLIENT_SECRET = world.MONDAY_CLIENT_SECRET
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS", "")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_an_owner_connects_by_allowing_the_app_and_again_from_the_connections_page(
    traveller: Page, alice: User
) -> None:
    page = traveller
    sign_in(page, alice)
    page.goto("/t/nordlys/setup/monday/")
    picture(page, "monday-step")
    page.get_by_role("button", name="Connect with monday").click()
    page.wait_for_url("**/monday/oauth2/authorize**")
    picture(page, "monday-allow")
    page.get_by_role("button", name="Allow", exact=True).click()
    page.wait_for_url("**/setup/monday/?connection=*")
    expect(page.get_by_text("Ingrid Berg has allowed ml-connector")).to_be_visible()
    expect(page.get_by_role("link", name="Continue")).to_be_visible()
    picture(page, "monday-connected")
    first = MondayConnection.objects.get()
    page.goto(f"/t/nordlys/connections/monday/{first.pk}/")
    picture(page, "monday-connection")
    page.get_by_role("button", name="Connect with monday again").click()
    page.get_by_role("button", name="Allow", exact=True).click()
    page.wait_for_url(f"**/t/nordlys/connections/monday/{first.pk}/")
    expect(page.get_by_text(f"{world.MONDAY_ACCOUNT_NAME} is connected.")).to_be_visible()
    again = MondayConnection.objects.get()

    assert again.health == Health.OK
    assert again.token != first.token


def test_who_does_not_allow_it_reads_that_nothing_changed(traveller: Page, alice: User) -> None:
    page = traveller
    sign_in(page, alice)
    page.goto("/t/nordlys/setup/monday/")
    page.get_by_role("button", name="Connect with monday").click()
    page.get_by_role("button", name="Do not allow").click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    picture(page, "monday-refused")

    assert not MondayConnection.objects.exists()

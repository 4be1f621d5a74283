"""The rail: what is done, what needs somebody, what waits for what; right on every device."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.wizard.steps import Rail
from mappings.models import BoardMapping
from tenants.models import VismaConnection
from tenants.services import connection_needs_person

from .conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _states(setup: Setup) -> list[str]:
    return [step.state for step in Rail(setup.tenant).steps]


def _words(setup: Setup, name: str) -> str:
    return next(step.words for step in Rail(setup.tenant).steps if step.name == name)


def test_a_new_workspace_needs_visma_and_monday(setup: Setup) -> None:
    assert _states(setup) == ["done", "needs-you", "needs-you", *["blocked"] * 4]
    assert _words(setup, "what") == "because Visma and monday must be connected first"


def test_the_setup_goes_on_at_the_first_step_that_needs_somebody(setup: Setup) -> None:
    assert setup.get("start").url == setup.url("visma")


def test_connected_ends_open_the_choice(connected: Setup) -> None:
    assert _states(connected) == ["done", "done", "done", "needs-you", *["blocked"] * 3]
    assert connected.get("start").url == connected.url("what")


def test_a_draft_opens_the_pairs_and_pairs_the_check(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")
    assert _states(connected)[3:] == ["done", "needs-you", "blocked", "blocked"]

    connected.post("accept", mapping.pk)

    assert _states(connected)[3:] == ["done", "done", "needs-you", "blocked"]
    assert connected.get("start").url == connected.url("check", mapping.pk)


def test_a_connection_that_broke_is_shown_again(connected: Setup) -> None:
    visma = VismaConnection.objects.get(tenant=connected.tenant)

    connection_needs_person(visma, happened="Refused.", remedy="Renew it.")

    assert _words(connected, "visma") == "the test failed"
    assert _words(connected, "what") == "because Visma must be connected first"


def test_with_everything_live_nothing_waits(connected: Setup, mapping: BoardMapping) -> None:
    assert _states(connected) == ["done"] * 7
    assert _words(connected, "what") == "1 mapping live"


def test_another_device_finds_everything_as_it_was_left(
    connected: Setup, paired: BoardMapping, alice: User
) -> None:
    before = content_of(paired)
    phone = Client()
    phone.force_login(alice)

    page = phone.get(connected.url("start"), follow=True)
    pairs = phone.get(connected.url("pair", paired.pk)).content.decode()

    assert page.status_code == 200
    assert content_of(paired) == before
    assert "11 of 13" in " ".join(pairs.split())


def test_the_workspace_is_named_and_placed(setup: Setup) -> None:
    setup.post("workspace", name="Nordlys AS", timezone="Europe/Helsinki")

    setup.tenant.refresh_from_db()
    assert (setup.tenant.name, setup.tenant.timezone) == ("Nordlys AS", "Europe/Helsinki")


def test_a_workspace_without_a_name_is_refused_and_the_rest_kept(setup: Setup) -> None:
    page = setup.post("workspace", name="", timezone="Europe/Helsinki").content.decode()

    assert "This field is required" in page
    assert '<option value="Europe/Helsinki" selected>' in page
    setup.tenant.refresh_from_db()
    assert setup.tenant.name == "Nordlys Grossist AS"

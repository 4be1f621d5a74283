"""monday's own sign-in: what a right one connects, and that no other connects anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.models import AuditEntry
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tenants.models import Health, Membership, MondayConnection, MondaySignIn, Role, Tenant
from tests.connector.sign_ins.conftest import Browser

pytestmark = pytest.mark.django_db


def test_what_was_allowed_at_monday_is_a_connection_that_works(owner: Browser) -> None:
    answer = owner.connect()
    made = MondayConnection.objects.get()

    assert answer.url == f"/t/nordlys/connections/monday/{made.pk}/"
    assert (made.health, made.account_name) == (Health.OK, world.MONDAY_ACCOUNT_NAME)
    assert made.by_app
    assert made.refresh_token
    assert made.token_expires_at is not None


def test_an_older_apps_token_never_ends(
    owner: Browser, sandbox: SandboxServer, settings: Any
) -> None:
    settings.MONDAY_TOKEN_URL = f"{sandbox.url}/monday/oauth2/token"
    owner.connect()
    made = MondayConnection.objects.get()

    assert (made.by_app, made.refresh_token, made.token_expires_at) == (True, "", None)


def test_from_the_setup_it_leads_back_to_the_setup_and_its_test(owner: Browser) -> None:
    answer = owner.connect(setup=True)
    made = MondayConnection.objects.get()

    assert answer.url == f"/t/nordlys/setup/monday/?connection={made.pk}&test=1"


def test_it_is_in_the_audit_with_the_person_and_the_account(owner: Browser) -> None:
    owner.connect()
    (entry,) = AuditEntry.objects.all()

    assert entry.actor == "alice@example.test"
    assert world.MONDAY_ACCOUNT_NAME in entry.message


def test_a_connection_in_use_is_sent_to_its_own_account(
    owner: Browser, mapping: BoardMapping
) -> None:
    MondayConnection.objects.update(account_slug=world.MONDAY_ACCOUNT_SLUG)

    assert f"subdomain={world.MONDAY_ACCOUNT_SLUG}" in owner.leave(mapping.monday)


def test_another_account_is_refused_and_what_it_gave_is_given_back(
    owner: Browser, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    MondayConnection.objects.update(account_id="1", account_name="Annet Firma")
    answer = owner.connect(mapping.monday)
    kept = MondayConnection.objects.get()

    assert (answer.status_code, b"Annet Firma" in answer.content) == (400, True)
    assert (kept.token, kept.by_app, kept.account_id) == (world.MONDAY_TOKEN, False, "1")
    assert not sandbox.monday.sign_in.allowed


def test_who_does_not_allow_it_is_told_that_nothing_changed(owner: Browser) -> None:
    answer = owner.come_back(owner.allow(owner.leave(), "refuse"))

    assert (answer.status_code, b"not allowed" in answer.content) == (400, True)
    assert not MondayConnection.objects.exists()


def test_monday_out_of_order_is_told_as_such(owner: Browser, sandbox: SandboxServer) -> None:
    said = owner.allow(owner.leave())
    sandbox.faults.add(
        {"match": {"path": "*/oauth/token"}, "do": [{"action": "status", "code": 503, "body": ""}]}
    )

    assert owner.come_back(said).status_code == 503
    assert not MondayConnection.objects.exists()


def test_without_an_app_there_is_no_button_and_no_way(owner: Browser, settings: Any) -> None:
    shown = owner.client.get("/t/nordlys/setup/monday/").content
    settings.MONDAY_CLIENT_ID = ""
    hidden = owner.client.get("/t/nordlys/setup/monday/").content
    url = reverse("sign_ins:monday", args=["nordlys"])

    assert (b"Connect with monday" in shown, b"Connect with monday" in hidden) == (True, False)
    assert owner.client.post(url).status_code == 404


# --- attacks on the return ------------------------------------------------------------------------
def no_state(owner: Browser, said: dict[str, str]) -> Any:
    return owner.come_back({"code": said["code"]})


def made_up_state(owner: Browser, said: dict[str, str]) -> Any:
    return owner.come_back({**said, "state": "x" * 43})


def used_state(owner: Browser, said: dict[str, str]) -> Any:
    owner.come_back({"state": said["state"], "error": "access_denied"})
    return owner.come_back(said)


def old_state(owner: Browser, said: dict[str, str]) -> Any:
    MondaySignIn.objects.update(expires_at=MondaySignIn.objects.get().expires_at - timedelta(1))
    return owner.come_back(said)


def another_session(owner: Browser, said: dict[str, str]) -> Any:
    """The same person, elsewhere: a link with somebody's state must not be worth anything."""
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(username="alice@example.test"))
    return Browser(elsewhere, owner.tenant).come_back(said)


def a_visitor(owner: Browser, said: dict[str, str]) -> Any:
    return Browser(Client(), owner.tenant).come_back(said)


def another_user(owner: Browser, said: dict[str, str]) -> Any:
    """Switched in the same browser between leaving and coming back."""
    mallory = User.objects.create_user("mallory@example.test", "mallory@example.test")
    Membership.objects.create(tenant=owner.tenant, user=mallory, role=Role.OWNER)
    owner.client.force_login(mallory)
    return owner.come_back(said)


def no_owner_any_more(owner: Browser, said: dict[str, str]) -> Any:
    Membership.objects.update(role=Role.OPERATOR)
    return owner.come_back(said)


def anothers_code(owner: Browser, said: dict[str, str]) -> Any:
    """A code that was given for another sign-in does not fit this one's verifier."""
    other = owner.allow(owner.leave())
    return owner.come_back({"state": said["state"], "code": other["code"]})


def a_used_code(owner: Browser, said: dict[str, str]) -> Any:
    owner.come_back(said)
    MondayConnection.objects.all().delete()
    again = owner.allow(owner.leave())
    return owner.come_back({"state": again["state"], "code": said["code"]})


def a_made_up_code(owner: Browser, said: dict[str, str]) -> Any:
    return owner.come_back({**said, "code": "made-up"})


ATTACKS = (
    no_state,
    made_up_state,
    used_state,
    old_state,
    another_session,
    a_visitor,
    another_user,
    no_owner_any_more,
    anothers_code,
    a_used_code,
    a_made_up_code,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_return_that_is_not_the_end_of_ones_own_sign_in_connects_nothing(
    attack: Any, owner: Browser
) -> None:
    said = owner.allow(owner.leave())

    answer = attack(owner, said)

    assert answer.status_code == 400
    assert not MondayConnection.objects.exists()


@pytest.mark.parametrize("attack", [another_session, another_user, a_visitor])
def test_a_sign_in_that_somebody_else_tried_is_void_for_its_owner_too(
    attack: Any, owner: Browser
) -> None:
    said = owner.allow(owner.leave())
    attack(owner, said)

    assert owner.come_back(said).status_code == 400
    assert not MondayConnection.objects.exists()


def test_another_tenants_connection_is_not_found(owner: Browser, foreign_tenant: Tenant) -> None:
    theirs = MondayConnection.objects.create(tenant=foreign_tenant, token="theirs")
    url = reverse("sign_ins:monday_again", args=["nordlys", theirs.pk])

    assert owner.client.post(url).status_code == 404


def test_no_token_and_no_code_is_anywhere_but_sealed_in_its_row(
    owner: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection as database

    said = owner.allow(owner.leave())
    caplog.set_level("DEBUG")
    caplog.clear()
    answer = owner.come_back(said)
    made = MondayConnection.objects.get()
    pages = [owner.client.get(answer.url), owner.client.get("/t/nordlys/audit/"), answer]
    with database.cursor() as cursor:
        cursor.execute("SELECT token, refresh_token FROM tenants_mondayconnection")
        stored = str(cursor.fetchall())
    places = [
        caplog.text,
        answer.url,
        str(dict(owner.client.session)),
        str(list(AuditEntry.objects.values())),
        str(list(MondaySignIn.objects.values("state_hash", "session_hash"))),
        repr(made),
        stored,
        *(page.content.decode() for page in pages),
    ]
    secrets = (made.token, made.refresh_token, said["code"], said["state"])

    assert [s for s in secrets for place in places if s in place] == []

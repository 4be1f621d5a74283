"""Accounts: sign-up, confirmation, sign-in, reset, the second factor, and one way in for all."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tenants import rotation
from tenants.fields import DecryptionError
from tenants.models import Membership, Role, SealedText, Tenant
from tenants.sealing import unseal
from tests.people import PASSWORD
from tests.tenants.conftest import stored

pytestmark = pytest.mark.django_db
NEW = "kari@example.test"


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> None:
    cache.clear()


def sign_up(client: Client, email: str = NEW) -> Any:
    return client.post("/account/signup/", {"email": email, "password1": PASSWORD})


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password, **more})


def letter_link(part: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def confirm(client: Client) -> None:
    client.post(letter_link("confirm-email"))


def test_a_new_person_confirms_the_address_and_opens_a_workspace(client: Client) -> None:
    sign_up(client)
    confirm(client)
    sign_in(client, NEW)

    landed = client.get("/", follow=True)
    opened = client.post(
        "/account/workspaces/new/", {"name": "Ålesund Trelast AS", "timezone": "Europe/Oslo"}
    )

    assert landed.redirect_chain[-1][0] == "/account/workspaces/new/"
    assert opened["Location"] == "/t/alesund-trelast-as/setup/"
    assert Membership.objects.get(user__email=NEW).role == Role.OWNER


def test_an_address_that_is_not_confirmed_opens_nothing(client: Client) -> None:
    sign_up(client)

    sign_in(client, NEW)

    assert "_auth_user_id" not in client.session


def test_a_deployment_without_mail_lets_people_in_at_once(
    client: Client, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"

    answer = sign_up(client)

    assert answer["Location"] == "/"
    assert "_auth_user_id" in client.session


def test_the_name_of_a_taken_workspace_gets_a_number(client: Client, tenant: Tenant) -> None:
    client.force_login(User.objects.create_user(NEW, NEW, PASSWORD))

    answer = client.post("/account/workspaces/new/", {"name": "Nordlys", "timezone": "Europe/Oslo"})

    assert answer["Location"] == "/t/nordlys-2/setup/"


@pytest.mark.parametrize("name", ["!!!", " ", "Admin"])
def test_a_workspace_name_that_is_no_address_is_met_with_words_or_a_number(
    name: str, client: Client
) -> None:
    client.force_login(User.objects.create_user(NEW, NEW, PASSWORD))

    answer = client.post("/account/workspaces/new/", {"name": name, "timezone": "Europe/Oslo"})

    assert answer.status_code == (302 if name == "Admin" else 200)
    assert not Tenant.objects.filter(slug="admin").exists()


def test_sign_up_can_be_closed_to_all_but_the_invited(
    client: Client, tenant: Tenant, alice: User, settings: Settings
) -> None:
    settings.SIGN_UP = False
    owner = Client()
    owner.force_login(alice)
    owner.post("/t/nordlys/people/invite/", {"email": NEW, "role": "auditor"})

    closed = client.get("/account/signup/")
    client.get(letter_link("invitation"))

    assert b"By invitation only" in closed.content
    assert b'name="password1"' in client.get("/account/signup/").content


def test_a_wrong_password_says_nothing_about_the_address(client: Client, alice: User) -> None:
    known = sign_in(client, alice.email, "wrong").context["form"].errors
    unknown = sign_in(client, "nobody@example.test", "wrong").context["form"].errors

    assert known == unknown


def test_guessing_is_slowed_down(client: Client, alice: User) -> None:
    for _ in range(5):
        sign_in(client, alice.email, "wrong")

    answer = sign_in(client, alice.email, PASSWORD)

    assert "Too many failed login attempts" in str(answer.context["form"].errors)


def test_a_forgotten_password_is_reset_by_mail(client: Client, alice: User) -> None:
    client.post("/account/password/reset/", {"email": alice.email})
    form = client.get(letter_link("password/reset/key"), follow=True)
    better = "another long sentence entirely"
    client.post(form.redirect_chain[-1][0], {"password1": better, "password2": better})

    sign_in(client, alice.email, better)

    assert client.get("/t/nordlys/").status_code == 200


def test_a_reset_for_nobody_answers_the_same(client: Client, alice: User) -> None:
    known = client.post("/account/password/reset/", {"email": alice.email})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.test"})

    assert known["Location"] == unknown["Location"]


def test_django_admin_has_no_door_of_its_own(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")

    assert answer["Location"].startswith("/account/login/")


def test_a_member_made_by_the_host_signs_in_without_a_letter(client: Client, bob: User) -> None:
    sign_in(client, bob.email)

    assert client.get("/t/nordlys/").status_code == 200


def test_a_new_address_becomes_the_name_as_well(client: Client, bob: User) -> None:
    sign_in(client, bob.email)
    client.post("/account/email/", {"email": "bob@new.test", "action_add": ""})
    confirm(client)

    bob.refresh_from_db()

    assert (bob.email, bob.username) == ("bob@new.test", "bob@new.test")


# --- the second factor ------------------------------------------------------------------------
def code(secret: str) -> str:
    found: str = format_hotp_value(hotp_value(secret, next(iter(counters()))))
    return found


def set_up_second_factor(client: Client) -> str:
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = str(page.context["form"].secret)
    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    return secret


def test_with_a_second_factor_the_password_is_not_enough(client: Client, bob: User) -> None:
    sign_in(client, bob.email)
    secret = set_up_second_factor(client)
    client.logout()
    cache.clear()

    answer = sign_in(client, bob.email)
    before = client.get("/t/nordlys/")
    client.post("/account/2fa/authenticate/", {"code": code(secret)})

    assert answer["Location"] == "/account/2fa/authenticate/"
    assert before.status_code == 302
    assert client.get("/t/nordlys/").status_code == 200


def test_a_recovery_code_opens_once(client: Client, bob: User) -> None:
    sign_in(client, bob.email)
    set_up_second_factor(client)
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    for again in (False, True):
        client.logout()
        cache.clear()
        sign_in(client, bob.email)
        client.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert ("_auth_user_id" in client.session) is not again


def test_the_secret_of_a_second_factor_is_sealed(client: Client, bob: User) -> None:
    sign_in(client, bob.email)
    secret = set_up_second_factor(client)

    rows = [*Authenticator.objects.values_list("data", flat=True)]
    sealed = [stored("tenants_sealedtext", "text", row.pk) for row in SealedText.objects.all()]
    assert secret not in f"{rows} {sealed}"
    assert secret in {row.text for row in SealedText.objects.all()}


def test_rotation_reaches_second_factors(client: Client, bob: User) -> None:
    TOTP.activate(bob, "JBSWY3DPEHPK3PXP")

    assert ("tenants_sealedtext", "text") in {(p.table, p.name) for p in rotation.places()}
    assert rotation.rotate(dry=True).unreadable == []


def test_a_second_factor_that_is_switched_off_leaves_no_secret(client: Client, bob: User) -> None:
    TOTP.activate(bob, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(bob)

    Authenticator.objects.filter(user=bob).delete()

    assert not SealedText.objects.exists()


def test_a_second_factor_whose_secret_is_lost_opens_nothing(client: Client, bob: User) -> None:
    TOTP.activate(bob, "JBSWY3DPEHPK3PXP")
    SealedText.objects.all().delete()

    with pytest.raises(DecryptionError, match="set it up anew"):
        unseal(Authenticator.objects.get().data["secret"])


@pytest.mark.parametrize("address", ["/t/nordlys/", "/t/nordlys/records/", "/admin/"])
def test_owners_set_up_a_second_factor_where_it_is_required(
    address: str, client: Client, alice: User, settings: Settings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client.force_login(alice)

    answer = client.get(address)

    assert answer["Location"] == reverse("mfa_activate_totp")


def test_an_owner_with_a_second_factor_goes_on(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    client.force_login(alice)

    assert client.get("/t/nordlys/").status_code == 200


def test_others_may_go_without_where_owners_may_not(
    client: Client, bob: User, settings: Settings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client.force_login(bob)

    assert client.get("/t/nordlys/").status_code == 200


def test_the_host_needs_a_second_factor_too(client: Client, settings: Settings) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client.force_login(User.objects.create_superuser("host", "host@example.test", PASSWORD))

    assert client.get("/admin/").status_code == 302

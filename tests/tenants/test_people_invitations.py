"""Invitations: taken once, by the person they are for, within a week."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from connector.models import AuditEntry
from tenants.invitations import (
    MOST_OPEN,
    invitation_accept,
    invitation_create,
    invitation_of,
    open_invitations,
)
from tenants.models import Invitation, Membership, Role, Tenant
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "new@example.test"


def invite(tenant: Tenant, email: str = NEW, role: str = "operator") -> tuple[Invitation, str]:
    return invitation_create(tenant, email=email, role=role, by="alice@example.test")


def newcomer(email: str = NEW) -> User:
    return User.objects.create_user(email, email, PASSWORD)


def test_the_code_itself_is_stored_nowhere(tenant: Tenant) -> None:
    invitation, code = invite(tenant)

    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert code not in str(row)
    assert invitation_of(code) == invitation


def test_an_invitation_gives_its_role(tenant: Tenant) -> None:
    invitation, _ = invite(tenant, role="auditor")

    membership = invitation_accept(invitation, newcomer())

    assert membership.role == Role.AUDITOR


def test_an_invitation_works_once(tenant: Tenant) -> None:
    invitation, code = invite(tenant)
    user = newcomer()
    invitation_accept(invitation, user)
    Membership.objects.filter(user=user).delete()

    with pytest.raises(ValidationError, match="was used"):
        invitation_accept(invitation, user)

    assert invitation_of(code) is None


def test_an_invitation_is_void_after_seven_days(tenant: Tenant) -> None:
    invitation, code = invite(tenant)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(ValidationError, match="expired"):
        invitation_accept(invitation, newcomer())

    assert invitation_of(code) is None


def test_an_invitation_is_for_nobody_else(tenant: Tenant) -> None:
    invitation, _ = invite(tenant)

    with pytest.raises(ValidationError, match=r"is for new@example\.test"):
        invitation_accept(invitation, newcomer("somebody@example.test"))


def test_accepting_never_lowers_or_raises_the_role_of_a_member(tenant: Tenant, bob: User) -> None:
    invitation, _ = invite(tenant, role="owner")
    Invitation.objects.update(email=bob.email)
    invitation.refresh_from_db()

    assert invitation_accept(invitation, bob).role == Role.OPERATOR


def test_inviting_again_voids_the_first_link(tenant: Tenant) -> None:
    _, first = invite(tenant)
    _, second = invite(tenant, email="New@Example.test")

    assert invitation_of(first) is None
    assert invitation_of(second) is not None


def test_a_member_is_not_invited(tenant: Tenant, bob: User) -> None:
    with pytest.raises(ValidationError, match="is a member already"):
        invite(tenant, email=bob.email.upper())


def test_open_invitations_are_limited(tenant: Tenant) -> None:
    for number in range(MOST_OPEN):
        invite(tenant, email=f"n{number}@example.test")

    with pytest.raises(ValidationError, match="are open"):
        invite(tenant)


# --- in the browser ---------------------------------------------------------------------------
def link_of(letter: str) -> str:
    return next(line for line in letter.splitlines() if "/account/invitation/" in line).replace(
        "http://localhost:8000", ""
    )


def sent_to(client: Client, role: str = "operator") -> str:
    client.post("/t/nordlys/people/invite/", {"email": NEW, "role": role})
    return link_of(str(mail.outbox[-1].body))


def test_a_new_person_comes_from_the_letter_into_the_workspace(
    tenant: Tenant, alice: User, client: Client
) -> None:
    owner = Client()
    owner.force_login(alice)
    link = sent_to(owner)

    opened = client.get(link)
    client.get(opened["Location"])
    signed_up = client.post(
        "/account/signup/?next=/account/invitation/",
        {"email": NEW, "password1": PASSWORD, "next": "/account/invitation/"},
    )
    accepted = client.post("/account/invitation/")

    assert signed_up["Location"] == "/account/invitation/"
    assert accepted["Location"] == "/t/nordlys/"
    assert Membership.objects.get(user__email=NEW).role == Role.OPERATOR
    assert client.get("/t/nordlys/").status_code == 200


def test_the_code_leaves_the_address_at_once(tenant: Tenant, alice: User, client: Client) -> None:
    owner = Client()
    owner.force_login(alice)
    link = sent_to(owner)

    answer = client.get(link)

    assert answer["Location"] == "/account/invitation/"
    assert link.strip("/").rpartition("/")[2] not in str(dict(client.session))


def test_somebody_else_who_is_signed_in_cannot_take_the_place(
    tenant: Tenant, alice: User, charlie: User, client: Client
) -> None:
    owner = Client()
    owner.force_login(alice)
    link = sent_to(owner)
    client.force_login(charlie)
    client.get(link)

    page = client.get("/account/invitation/")
    client.post("/account/invitation/")

    assert b"is for <strong>new@example.test</strong>" in page.content
    assert not Membership.objects.filter(tenant=tenant, user=charlie).exists()


def test_a_person_with_an_account_signs_in_and_accepts(
    tenant: Tenant, alice: User, client: Client
) -> None:
    newcomer()
    owner = Client()
    owner.force_login(alice)
    client.get(sent_to(owner))

    page = client.get("/account/invitation/")
    client.post(
        "/account/login/", {"login": NEW, "password": PASSWORD, "next": "/account/invitation/"}
    )
    client.post("/account/invitation/")

    assert b"Sign in to accept" in page.content
    assert Membership.objects.filter(tenant=tenant, user__email=NEW).exists()


def test_an_unknown_code_says_what_to_do(client: Client) -> None:
    answer = client.get("/account/invitation/nonsense/")

    assert answer.status_code == 404
    assert b"Ask an owner of the workspace" in answer.content


def test_a_withdrawn_invitation_no_longer_works(
    tenant: Tenant, alice: User, client: Client
) -> None:
    owner = Client()
    owner.force_login(alice)
    link = sent_to(owner)
    owner.post(f"/t/nordlys/people/invitations/{open_invitations(tenant).get().pk}/withdraw/")

    assert client.get(link).status_code == 404


def test_a_letter_that_cannot_be_sent_leaves_no_invitation(
    tenant: Tenant, alice: User, client: Client, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    client.force_login(alice)

    page = client.post("/t/nordlys/people/invite/", {"email": NEW, "role": "auditor"})

    assert b"could not be sent" in page.content
    assert not open_invitations(tenant).exists()


def test_invitations_stand_in_the_audit(tenant: Tenant, alice: User, client: Client) -> None:
    client.force_login(alice)
    sent_to(client, role="auditor")

    entry = AuditEntry.objects.get(tenant=tenant)
    assert entry.message == "alice@example.test invited new@example.test as auditor."

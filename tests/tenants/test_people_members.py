"""Members: roles change, people go, and an owner always stays."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from connector.models import AuditEntry
from tenants.models import Membership, Role, Tenant
from tests.people import person

pytestmark = pytest.mark.django_db
PEOPLE = "/t/nordlys/people/"


def seat(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_an_owner_changes_a_role(alice: User, bob: User, client: Client) -> None:
    client.force_login(alice)

    client.post(f"{PEOPLE}{seat(bob).pk}/role/", {"role": "auditor"})

    assert seat(bob).role == Role.AUDITOR
    assert AuditEntry.objects.get().message == "alice@example.test made bob@example.test auditor."


def test_the_last_owner_stays_an_owner(alice: User, client: Client) -> None:
    client.force_login(alice)

    answer = client.post(f"{PEOPLE}{seat(alice).pk}/role/", {"role": "auditor"}, follow=True)

    assert seat(alice).role == Role.OWNER
    assert b"is the only owner" in answer.content


def test_the_last_owner_cannot_leave(alice: User, client: Client) -> None:
    client.force_login(alice)

    page = client.get(f"{PEOPLE}{seat(alice).pk}/remove/")
    client.post(f"{PEOPLE}{seat(alice).pk}/remove/")

    assert b"Make somebody else an owner first" in page.content
    assert Membership.objects.filter(user=alice).exists()


def test_one_of_two_owners_may_leave(tenant: Tenant, alice: User, client: Client) -> None:
    person("anna", tenant, Role.OWNER)
    client.force_login(alice)

    client.post(f"{PEOPLE}{seat(alice).pk}/remove/")

    assert not Membership.objects.filter(user=alice).exists()
    assert client.get("/t/nordlys/").status_code == 404


def test_everybody_may_leave_but_not_remove_others(
    alice: User, bob: User, dora: User, client: Client
) -> None:
    client.force_login(dora)

    refused = client.post(f"{PEOPLE}{seat(bob).pk}/remove/")
    client.post(f"{PEOPLE}{seat(dora).pk}/remove/")

    assert refused.status_code == 403
    assert {m.user.email for m in Membership.objects.all()} == {alice.email, bob.email}


def test_a_removed_person_is_out_at_once(alice: User, bob: User, client: Client) -> None:
    inside = Client()
    inside.force_login(bob)
    client.force_login(alice)
    client.post(f"{PEOPLE}{seat(bob).pk}/remove/")

    assert inside.get("/t/nordlys/").status_code == 404


def test_an_unknown_role_changes_nothing(alice: User, bob: User, client: Client) -> None:
    client.force_login(alice)

    client.post(f"{PEOPLE}{seat(bob).pk}/role/", {"role": "king"})

    assert seat(bob).role == Role.OPERATOR

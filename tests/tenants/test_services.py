"""Tenants, members and the health of connections, changed through their services."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.models import Health, Membership, MondayConnection, Role, Tenant, VismaConnection
from tenants.services import (
    connection_needs_person,
    connection_ok,
    connection_unproven,
    member_add,
    member_change,
    member_remove,
    tenant_create,
)
from tests.tenants.conftest import CANARY

pytestmark = pytest.mark.django_db
SECRET_GONE = {"happened": "Visma refused the client secret.", "remedy": "Enter a new one."}


def test_a_tenant_is_created_with_its_time_zone() -> None:
    tenant = tenant_create(slug="ny", name="Ny AS", timezone="Europe/Stockholm")

    assert Tenant.objects.get(slug="ny").timezone == tenant.timezone == "Europe/Stockholm"


@pytest.mark.parametrize(
    ("slug", "timezone", "field"),
    [
        ("nordlys", "Europe/Oslo", "slug"),
        ("Ny AS", "Europe/Oslo", "slug"),
        ("x", "Oslo", "timezone"),
    ],
)
def test_a_tenant_with_a_wrong_value_is_refused(
    tenant: Tenant, slug: str, timezone: str, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        tenant_create(slug=slug, name="Ny AS", timezone=timezone)

    assert list(caught.value.message_dict) == [field]


def test_a_new_member_can_sign_in_and_open_the_admin_but_is_no_superuser(tenant: Tenant) -> None:
    member_add(tenant, email="Eva@Example.test", role="operator", password="a first password")

    user = User.objects.get(username="eva@example.test")
    assert user.check_password("a first password")
    assert (user.is_staff, user.is_superuser) == (True, False)


def test_somebody_with_an_account_keeps_their_own_password(tenant: Tenant, charlie: User) -> None:
    member_add(tenant, email="CHARLIE@example.test", role="auditor", password="stolen account")

    charlie.refresh_from_db()
    assert not charlie.check_password("stolen account")
    assert set(Tenant.objects.of_member(charlie).values_list("slug", flat=True)) == {
        "nordlys",
        "sydvest",
    }


def test_a_member_without_a_password_cannot_sign_in_yet(tenant: Tenant) -> None:
    member = member_add(tenant, email="eva@example.test", role="auditor")

    assert not member.user.has_usable_password()


def test_adding_a_member_again_changes_the_role(tenant: Tenant, bob: User) -> None:
    member_add(tenant, email=bob.username, role="owner")

    assert [m.role for m in Membership.objects.filter(user=bob)] == ["owner"]


def test_the_only_owner_stays(tenant: Tenant, alice: User, bob: User) -> None:
    owner = Membership.objects.get(user=alice)

    with pytest.raises(ValidationError, match="the only owner"):
        member_remove(owner)
    with pytest.raises(ValidationError, match="the only owner"):
        member_change(owner, role="operator")

    assert Membership.objects.get(user=alice).role == Role.OWNER


def test_one_of_two_owners_may_leave(tenant: Tenant, alice: User, bob: User) -> None:
    member_change(Membership.objects.get(user=bob), role="owner")

    member_remove(Membership.objects.get(user=alice))

    assert [m.user for m in tenant.memberships.all()] == [bob]


def test_a_working_connection_keeps_what_the_other_side_said(visma: VismaConnection) -> None:
    connection_ok(visma, company_name="Nordlys Grossist AS")

    stored = VismaConnection.objects.get()
    assert (stored.health, stored.company_name) == (Health.OK, "Nordlys Grossist AS")
    assert (visma.health, visma.company_name) == (Health.OK, "Nordlys Grossist AS")


def test_a_fact_that_is_too_long_does_not_break_a_working_connection(
    visma: VismaConnection,
) -> None:
    connection_ok(visma, company_name="N" * 500)

    assert VismaConnection.objects.get().company_name == "N" * 200


def test_since_tells_when_the_state_began_and_checked_when_it_was_last_seen(
    monday: MondayConnection,
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        connection_needs_person(monday, **SECRET_GONE)
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        connection_needs_person(monday, happened="Still refused.", remedy="Enter a new one.")

    assert monday.health_since == start
    assert monday.health_checked_at == start + timedelta(hours=2)
    assert monday.health_reason == "Still refused."


def test_a_change_of_state_starts_a_new_since_and_drops_the_reason(
    monday: MondayConnection,
) -> None:
    connection_needs_person(monday, **SECRET_GONE)
    later = timezone.now() + timedelta(days=1)
    with time_machine.travel(later, tick=False):
        connection_ok(monday)

    assert monday.health_since == later
    assert (monday.health_reason, monday.health_remedy) == ("", "")


def test_health_never_undoes_a_token_renewed_by_another_worker(visma: VismaConnection) -> None:
    VismaConnection.objects.filter(pk=visma.pk).update(access_token="renewed elsewhere")

    connection_ok(visma)

    assert VismaConnection.objects.get().access_token == "renewed elsewhere"


def test_new_credentials_void_the_health_and_the_old_access(visma: VismaConnection) -> None:
    connection_ok(visma, access_token="issued for the old secret")

    connection_unproven(visma)

    stored = VismaConnection.objects.get()
    assert (stored.health, stored.access_token) == (Health.UNKNOWN, "")
    assert stored.client_secret == CANARY


def test_health_reads_as_a_sentence(monday: MondayConnection) -> None:
    connection_needs_person(monday, **SECRET_GONE)

    assert monday.health_words == (
        "Needs a person. Visma refused the client secret. Enter a new one"
    )

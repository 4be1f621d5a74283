"""Tenants and their members in Django admin: who may see, add, change and remove whom."""

import pytest
from django.contrib.auth.models import User

from tenants.models import Membership, Role, Tenant, VismaConnection
from tests.tenants.admin_pages import address, browser, page_of, save

pytestmark = pytest.mark.django_db


def test_only_the_host_opens_and_closes_tenants(
    alice: User, admin_user: User, tenant: Tenant
) -> None:
    for page, row in (("add", None), ("delete", tenant)):
        assert page_of(alice, Tenant, page, row) == "403"
        assert "Nordlys" in page_of(admin_user, Tenant, page, row) or page == "add"


def test_an_owner_changes_the_name_of_the_tenant_but_not_its_address(
    alice: User, tenant: Tenant
) -> None:
    save(alice, tenant, name="Nordlys Gruppen", timezone="Europe/Oslo", slug="taken")

    tenant.refresh_from_db()
    assert (tenant.name, tenant.slug) == ("Nordlys Gruppen", "nordlys")


def test_the_host_adds_a_member_by_e_mail(admin_user: User, tenant: Tenant) -> None:
    save(
        admin_user,
        Membership(),
        tenant=str(tenant.pk),
        email="Eva@example.test",
        role="operator",
        password="four plain words",
    )

    added = Membership.objects.get(user__username="eva@example.test")
    assert (added.tenant, added.role) == (tenant, "operator")
    assert added.user.check_password("four plain words")


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("eva@example.test", "1234", "too short"),
        ("bob@example.test", "four plain words", "is a member already"),
        ("no address", "four plain words", "valid email"),
    ],
)
def test_a_member_that_cannot_be_added_is_explained(
    admin_user: User, bob: User, tenant: Tenant, email: str, password: str, said: str
) -> None:
    post = {"tenant": str(tenant.pk), "email": email, "role": "operator", "password": password}
    answer = save(admin_user, Membership(), **post)

    assert said in answer.content.decode()
    assert Membership.objects.count() == 1


def test_an_owner_gives_nobody_a_password(alice: User, tenant: Tenant) -> None:
    assert page_of(alice, Membership, "add") == "403"


def test_the_members_page_names_no_stranger(
    alice: User, bob: User, charlie: User, tenant: Tenant
) -> None:
    html = page_of(alice, Membership)

    assert "bob@example.test" in html
    assert "charlie" not in html


def test_an_auditor_cannot_make_themself_an_owner(dora: User, alice: User) -> None:
    own = Membership.objects.get(user=dora)
    answer = save(dora, own, role="owner")

    assert answer.status_code == 403
    assert Membership.objects.get(user=dora).role == Role.AUDITOR


def test_the_only_owner_can_neither_step_down_nor_be_removed(alice: User, bob: User) -> None:
    own = Membership.objects.get(user=alice)
    answer = save(alice, own, role="auditor")

    assert "only owner" in answer.content.decode()
    assert page_of(alice, Membership, "delete", own) == "403"
    assert Membership.objects.get(user=alice).role == Role.OWNER


def test_two_owners_cannot_be_removed_at_once(alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    both = list(Membership.objects.values_list("pk", flat=True))
    browser(alice).post(
        address(Membership),
        {"action": "delete_selected", "_selected_action": both, "post": "yes"},
    )

    assert Membership.objects.filter(role=Role.OWNER).count() == 1


def test_somebody_without_a_tenant_sees_nothing(visma: VismaConnection) -> None:
    nobody = User.objects.create_user("nobody@example.test", is_staff=True)

    assert page_of(nobody, VismaConnection) == "403"

"""The tenant of the URL or 404, and the role that an act needs."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from tenants.access import (
    TenantRequest,
    may,
    role_required,
    roles_of,
    tenant_required,
    tenants_where,
)
from tenants.models import Membership, MondayConnection, Role, Tenant, VismaConnection
from tests.tenants.conftest import make_visma

pytestmark = pytest.mark.django_db


@tenant_required
def page(request: TenantRequest, number: int) -> HttpResponse:
    return HttpResponse(f"{request.tenant.slug} {request.membership.role} {number}")


@role_required(Role.OPERATOR)
def replay(request: TenantRequest) -> HttpResponse:
    return HttpResponse("replayed")


def visit(view: Any, user: User | AnonymousUser, slug: str, **rest: Any) -> HttpResponseBase:
    request = RequestFactory().get(f"/t/{slug}/")
    request.user = user
    answer: HttpResponseBase = view(request, tenant=slug, **rest)
    return answer


def text(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def test_a_member_reaches_the_page_of_their_tenant(alice: User) -> None:
    assert text(visit(page, alice, "nordlys", number=7)) == "nordlys owner 7"


@pytest.mark.parametrize("slug", ["nordlys", "no-such-tenant"])
def test_a_stranger_cannot_tell_a_foreign_tenant_from_none(
    tenant: Tenant, charlie: User, slug: str
) -> None:
    with pytest.raises(Http404) as caught:
        visit(page, charlie, slug, number=1)

    assert str(caught.value) == "There is no such workspace, or you are not a member of it."


def test_that_a_tenant_has_members_lets_no_stranger_in(alice: User, charlie: User) -> None:
    with pytest.raises(Http404):
        visit(page, charlie, "nordlys", number=1)
    with pytest.raises(Http404):
        visit(page, alice, "sydvest", number=1)


def test_the_host_is_not_a_member_by_being_the_host(tenant: Tenant, admin_user: User) -> None:
    with pytest.raises(Http404):
        visit(page, admin_user, "nordlys", number=1)


def test_an_anonymous_visitor_is_sent_to_sign_in(tenant: Tenant) -> None:
    answer = visit(page, AnonymousUser(), "nordlys", number=1)

    assert answer.status_code == 302
    assert "next=/t/nordlys/" in answer["Location"]


def test_an_operator_and_an_owner_may_do_what_needs_an_operator(alice: User, bob: User) -> None:
    assert [text(visit(replay, user, "nordlys")) for user in (alice, bob)] == ["replayed"] * 2


def test_an_auditor_is_told_which_role_it_needs(dora: User) -> None:
    with pytest.raises(PermissionDenied) as caught:
        visit(replay, dora, "nordlys")

    assert str(caught.value) == (
        "This needs the role “operator” in Nordlys Grossist AS; yours is “auditor”. Ask an owner."
    )


def test_a_stranger_gets_404_not_403_where_a_role_is_needed(tenant: Tenant, charlie: User) -> None:
    with pytest.raises(Http404):
        visit(replay, charlie, "nordlys")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.AUDITOR, [Role.AUDITOR]),
        (Role.OPERATOR, [Role.AUDITOR, Role.OPERATOR]),
        (Role.OWNER, [Role.AUDITOR, Role.OPERATOR, Role.OWNER]),
    ],
)
def test_each_role_may_do_what_the_lower_ones_may(role: Role, allowed: list[Role]) -> None:
    membership = Membership(role=role)

    assert [needed for needed in Role if may(membership, needed)] == sorted(
        allowed, key=list(Role).index
    )


def test_rows_are_those_of_the_members_tenants(
    alice: User, charlie: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    ours, theirs = make_visma(tenant), make_visma(foreign_tenant)

    assert list(VismaConnection.objects.of_member(alice)) == [ours]
    assert list(VismaConnection.objects.of_member(charlie)) == [theirs]
    assert list(VismaConnection.objects.of(foreign_tenant)) == [theirs]


def test_the_host_sees_the_rows_of_all_and_a_visitor_of_none(
    tenant: Tenant, foreign_tenant: Tenant, admin_user: User
) -> None:
    make_visma(tenant)
    make_visma(foreign_tenant)

    assert VismaConnection.objects.of_member(admin_user).count() == 2
    assert VismaConnection.objects.of_member(AnonymousUser()).count() == 0


def test_a_member_of_two_tenants_sees_each_row_once(alice: User, foreign_tenant: Tenant) -> None:
    Membership.objects.create(tenant=foreign_tenant, user=alice, role=Role.AUDITOR)

    assert [t.slug for t in Tenant.objects.of_member(alice)] == ["nordlys", "sydvest"]
    assert [t.slug for t in tenants_where(alice, Role.OPERATOR)] == ["nordlys"]


def test_tenants_of_a_visitor_are_none(tenant: Tenant) -> None:
    assert not tenants_where(AnonymousUser()).exists()


def test_roles_are_read_once_a_request(
    alice: User, django_assert_num_queries: Any, tenant: Tenant
) -> None:
    request = RequestFactory().get("/")
    request.user = alice

    with django_assert_num_queries(1):
        first, second = roles_of(request), roles_of(request)

    assert first == second == {tenant.pk: "owner"}


def test_lists_open_no_secret(tenant: Tenant) -> None:
    MondayConnection.objects.create(tenant=tenant, token="secret")

    row = MondayConnection.objects.without_secrets().get()

    assert row.get_deferred_fields() == {"token", "refresh_token"}

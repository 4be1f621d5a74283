"""The narrowing that every admin page of a tenant's rows inherits, tried on board mappings."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory

from mappings.models import BoardMapping, FieldPairing
from tenants.models import Membership, MondayConnection, Role, Tenant, VismaConnection
from tenants.scoped_admin import TenantFilter, TenantScopedAdmin
from tests.tenants.conftest import make_visma

pytestmark = pytest.mark.django_db


class MappingAdmin(TenantScopedAdmin):
    fields = ["tenant", "name", "visma", "monday", "entity", "board_id", "item_name"]
    list_filter = ["tenant", "visma", "active"]
    delete_role = None


MAPPINGS = MappingAdmin(BoardMapping, admin.site)
PAIRINGS = TenantScopedAdmin(FieldPairing, admin.site)
MEMBERS = TenantScopedAdmin(Membership, admin.site)


def ask(user: User) -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def make_monday(tenant: Tenant) -> MondayConnection:
    return MondayConnection.objects.create(tenant=tenant, token="secret")


def make_mapping(tenant: Tenant) -> BoardMapping:
    return BoardMapping.objects.create(
        tenant=tenant,
        visma=make_visma(tenant),
        monday=make_monday(tenant),
        name="AP",
        entity="supplier_invoice",
        board_id="1",
        item_name="{referenceNumber}",
    )


def choices(request: HttpRequest, model: Any, name: str) -> list[Any]:
    pages = {BoardMapping: MAPPINGS, Membership: MEMBERS}
    field = pages[model].formfield_for_foreignkey(model._meta.get_field(name), request)
    return list(field.queryset)


def test_foreign_keys_offer_the_members_own_rows(
    alice: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    ours, _theirs = make_visma(tenant), make_visma(foreign_tenant)

    assert choices(ask(alice), BoardMapping, "visma") == [ours]


def test_foreign_keys_offer_the_host_every_row(
    admin_user: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    both = {make_visma(tenant), make_visma(foreign_tenant)}

    assert set(choices(ask(admin_user), BoardMapping, "visma")) == both


def test_people_to_choose_from_are_those_of_the_members_tenants(
    alice: User, bob: User, charlie: User
) -> None:
    assert set(choices(ask(alice), Membership, "user")) == {alice, bob}


def test_somebody_in_two_shared_tenants_stands_once_in_the_choices(
    alice: User, bob: User, foreign_tenant: Tenant
) -> None:
    for user in (alice, bob):
        Membership.objects.create(tenant=foreign_tenant, user=user, role=Role.OWNER)

    assert sorted(user.username for user in choices(ask(alice), Membership, "user")) == [
        "alice@example.test",
        "bob@example.test",
    ]


@pytest.mark.parametrize("stored", [False, True])
def test_rows_of_two_tenants_cannot_be_joined_even_by_the_host(
    admin_user: User, tenant: Tenant, foreign_tenant: Tenant, stored: bool
) -> None:
    theirs = make_visma(foreign_tenant, name="theirs")
    row = make_mapping(tenant) if stored else None
    ours = row.monday if row else make_monday(tenant)
    post = {
        "tenant": tenant.pk,
        "name": "AP",
        "visma": theirs.pk,
        "monday": ours.pk,
        "entity": "supplier",
        "board_id": "2",
        "item_name": "{number}",
    }

    form = MAPPINGS.get_form(ask(admin_user), row, change=stored)(post, instance=row)

    assert form.errors == {"visma": ["“theirs” belongs to another tenant."]}


def test_rows_that_lead_to_their_tenant_by_another_row_are_narrowed_too(
    alice: User, charlie: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    ours, theirs = (
        FieldPairing.objects.create(mapping=make_mapping(owner), field="amount", column_id="n")
        for owner in (tenant, foreign_tenant)
    )

    assert list(PAIRINGS.get_queryset(ask(alice))) == [ours]
    assert PAIRINGS.has_change_permission(ask(alice), ours)
    assert not PAIRINGS.has_view_permission(ask(alice), theirs)
    assert not PAIRINGS.has_view_permission(ask(charlie), ours)


def test_filters_on_foreign_keys_are_replaced_by_narrow_ones(alice: User) -> None:
    assert MAPPINGS.get_list_filter(ask(alice)) == [
        TenantFilter,
        ("visma", admin.RelatedOnlyFieldListFilter),
        "active",
    ]


def test_what_nobody_may_do_not_even_the_host_may(admin_user: User, alice: User) -> None:
    assert not MAPPINGS.has_delete_permission(ask(admin_user))
    assert not MAPPINGS.has_delete_permission(ask(alice))


def test_an_act_on_many_rows_is_narrowed_to_where_the_member_may(
    alice: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    ours, theirs = make_visma(tenant), make_visma(foreign_tenant)
    Membership.objects.create(tenant=foreign_tenant, user=alice, role=Role.AUDITOR)
    rows = VismaConnection.objects.filter(pk__in=[ours.pk, theirs.pk])

    assert list(MAPPINGS.where_may(ask(alice), rows, Role.OPERATOR)) == [ours]
    assert MAPPINGS.where_may(ask(alice), rows, Role.AUDITOR).count() == 2


def test_a_model_without_a_tenant_cannot_be_narrowed(alice: User) -> None:
    with pytest.raises(TypeError, match="cannot be narrowed"):
        TenantScopedAdmin(User, admin.site).get_queryset(ask(alice))

"""Django admin: members see and change their own tenants only, and nobody reads a secret."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from connector.models import Watermark
from mappings.models import BoardMapping
from tenants.models import Health, Membership, MondayConnection, Role, Tenant, VismaConnection
from tenants.services import connection_needs_person, connection_ok
from tests.tenants.admin_pages import address, browser, page_of, save
from tests.tenants.conftest import CANARY, UseKeys, make_visma, new_key

pytestmark = pytest.mark.django_db


def visma_post(row: VismaConnection, **changes: str) -> dict[str, str]:
    return {
        "name": row.name,
        "client_id": row.client_id,
        "client_secret": "",
        "visma_tenant_id": row.visma_tenant_id,
        "webhook_key": "",
        **changes,
    }


@pytest.fixture
def foreign(foreign_tenant: Tenant) -> VismaConnection:
    return make_visma(foreign_tenant, name="the stranger’s company", company="9999")


def test_a_list_shows_the_members_own_rows_only(
    alice: User, visma: VismaConnection, foreign: VismaConnection
) -> None:
    html = page_of(alice, VismaConnection)

    assert address(VismaConnection, "change", visma) in html
    assert "stranger" not in html
    assert "Sydvest" not in html


def test_the_host_sees_every_tenants_rows(
    admin_user: User, visma: VismaConnection, foreign: VismaConnection
) -> None:
    html = page_of(admin_user, VismaConnection)

    assert "Nordlys" in html
    assert "Sydvest" in html


def test_a_stored_connection_keeps_its_company(alice: User, visma: VismaConnection) -> None:
    own = visma.visma_tenant_id
    save(alice, visma, **visma_post(visma, visma_tenant_id="another company's"))

    visma.refresh_from_db()
    assert visma.visma_tenant_id == own


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_foreign_row_does_not_exist(alice: User, foreign: VismaConnection, page: str) -> None:
    answer = browser(alice).get(address(VismaConnection, page, foreign))

    assert answer.status_code == 404


def test_a_foreign_row_cannot_be_posted_to(alice: User, foreign: VismaConnection) -> None:
    save(alice, foreign, **visma_post(foreign, client_id="taken over"))

    foreign.refresh_from_db()
    assert foreign.client_id == "isv_nordlys"


def test_a_foreign_row_cannot_be_deleted_in_bulk(alice: User, foreign: VismaConnection) -> None:
    browser(alice).post(
        address(VismaConnection),
        {"action": "delete_selected", "_selected_action": [foreign.pk], "post": "yes"},
    )

    assert VismaConnection.objects.filter(pk=foreign.pk).exists()


def test_an_auditors_row_is_not_deleted_together_with_an_owners(
    alice: User, visma: VismaConnection, foreign: VismaConnection
) -> None:
    Membership.objects.create(tenant=foreign.tenant, user=alice, role=Role.AUDITOR)

    browser(alice).post(
        address(VismaConnection),
        {"action": "delete_selected", "_selected_action": [visma.pk, foreign.pk], "post": "yes"},
    )

    assert VismaConnection.objects.filter(pk=foreign.pk).exists()


def test_choices_offer_the_members_own_tenants_only(
    alice: User, tenant: Tenant, foreign_tenant: Tenant
) -> None:
    html = page_of(alice, VismaConnection, "add")

    assert "Nordlys Grossist AS" in html
    assert "Sydvest" not in html


def test_a_connection_cannot_be_added_to_a_foreign_tenant(
    alice: User, foreign_tenant: Tenant
) -> None:
    new = VismaConnection(tenant=foreign_tenant, name="x", client_id="x", visma_tenant_id="x")
    post = visma_post(new, client_secret="s", company_id="1", tenant=str(foreign_tenant.pk))
    save(alice, new, **post)

    assert not VismaConnection.objects.exists()


def test_an_auditors_tenant_cannot_be_chosen_by_who_owns_another(
    alice: User, foreign_tenant: Tenant
) -> None:
    Membership.objects.create(tenant=foreign_tenant, user=alice, role=Role.AUDITOR)

    assert "Sydvest" not in page_of(alice, VismaConnection, "add")


def test_the_tenant_filter_names_only_the_members_tenants(
    alice: User, visma: VismaConnection, foreign: VismaConnection
) -> None:
    other = Tenant.objects.create(slug="third", name="Third AS")
    Membership.objects.create(tenant=other, user=alice, role=Role.OWNER)
    html = page_of(alice, VismaConnection)

    assert "?tenant=third" in html
    assert "?tenant=sydvest" not in html


def test_the_tenant_filter_gives_no_foreign_rows(
    alice: User, visma: VismaConnection, foreign: VismaConnection
) -> None:
    html = browser(alice).get(address(VismaConnection), {"tenant": "sydvest"}).content.decode()

    assert "stranger" not in html


@pytest.mark.parametrize("page", ["changelist", "change", "history", "delete"])
def test_no_page_shows_a_secret_to_its_owner(
    alice: User, visma: VismaConnection, page: str
) -> None:
    html = page_of(alice, VismaConnection, page, visma if page != "changelist" else None)

    assert "main" in html
    assert CANARY not in html
    assert "gAAAA" not in html


@pytest.mark.parametrize("model", [VismaConnection, MondayConnection])
def test_an_auditor_reads_a_connection_without_its_secrets(
    dora: User, visma: VismaConnection, monday: MondayConnection, model: Any
) -> None:
    row = visma if model is VismaConnection else monday
    html = page_of(dora, model, "change", row)

    assert "Health" in html
    assert CANARY not in html
    assert "secret" not in html.lower()
    assert 'name="_save"' not in html


@pytest.mark.parametrize("who", ["dora", "bob"])
def test_only_an_owner_changes_a_connection(
    request: pytest.FixtureRequest, who: str, visma: VismaConnection
) -> None:
    user: User = request.getfixturevalue(who)
    answer = save(user, visma, **visma_post(visma, client_id="changed"))

    assert answer.status_code == 403
    assert VismaConnection.objects.get().client_id == "isv_nordlys"


def test_a_list_of_connections_opens_no_secret(
    alice: User, visma: VismaConnection, use_keys: UseKeys
) -> None:
    use_keys(new_key())  # opening one would raise

    assert address(VismaConnection, "change", visma) in page_of(alice, VismaConnection)


def test_an_empty_secret_keeps_the_stored_one(alice: User, visma: VismaConnection) -> None:
    answer = save(alice, visma, **visma_post(visma, name="renamed"))

    stored = VismaConnection.objects.get()
    assert answer.status_code == 302
    assert (stored.name, stored.client_secret) == ("renamed", CANARY)


def test_a_new_secret_is_stored_and_must_be_proven(alice: User, visma: VismaConnection) -> None:
    connection_ok(visma, access_token="issued for the old secret")

    save(alice, visma, **visma_post(visma, client_secret="a new secret"))

    stored = VismaConnection.objects.get()
    assert (stored.client_secret, stored.access_token) == ("a new secret", "")
    assert stored.health == Health.UNKNOWN


def test_renaming_a_connection_keeps_its_health(alice: User, visma: VismaConnection) -> None:
    connection_ok(visma)

    save(alice, visma, **visma_post(visma, name="renamed"))

    assert VismaConnection.objects.get().health == Health.OK


def test_saving_undoes_nothing_a_worker_wrote_meanwhile(
    alice: User, visma: VismaConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.admin import VismaConnectionAdmin

    before_saving = VismaConnectionAdmin.save_model

    def a_worker_is_faster(self: Any, request: Any, obj: Any, form: Any, change: bool) -> None:
        VismaConnection.objects.filter(pk=obj.pk).update(access_token="renewed meanwhile")
        connection_needs_person(obj, happened="Revoked.", remedy="Approve it again.")
        obj.health = Health.OK  # as the page had read it
        before_saving(self, request, obj, form, change)

    monkeypatch.setattr(VismaConnectionAdmin, "save_model", a_worker_is_faster)
    save(alice, visma, **visma_post(visma, name="renamed"))

    stored = VismaConnection.objects.get()
    assert (stored.access_token, stored.health) == ("renewed meanwhile", Health.NEEDS_PERSON)


def test_the_company_of_a_connection_cannot_change(alice: User, visma: VismaConnection) -> None:
    save(alice, visma, **visma_post(visma, company_id="9999"))

    assert VismaConnection.objects.get().company_id == "4021"


def test_a_new_connection_needs_its_secret_typed(alice: User, tenant: Tenant) -> None:
    new = VismaConnection(tenant=tenant, name="x", client_id="x", visma_tenant_id="x")
    answer = save(alice, new, **visma_post(new, company_id="1", tenant=str(tenant.pk)))

    assert "This field is required." in answer.content.decode()
    assert not VismaConnection.objects.exists()


def test_a_name_taken_twice_is_refused_in_words(alice: User, visma: VismaConnection) -> None:
    new = VismaConnection(tenant=visma.tenant, name="main", client_id="x", visma_tenant_id="x")
    post = visma_post(new, client_secret="s", company_id="1", tenant=str(visma.tenant_id))
    answer = save(alice, new, **post)

    assert "already exists" in answer.content.decode()


def test_the_health_of_a_connection_is_a_sentence(alice: User, visma: VismaConnection) -> None:
    connection_needs_person(visma, happened="Visma refused the client id.", remedy="Check it.")

    assert "Needs a person. Visma refused the client id. Check it" in page_of(
        alice, VismaConnection
    )


def test_what_goes_with_a_connection_is_counted_and_not_listed(
    alice: User, visma: VismaConnection
) -> None:
    Watermark.objects.bulk_create(
        Watermark(connection=visma, entity=f"entity-{number}") for number in range(30)
    )

    page = page_of(alice, VismaConnection, "delete", visma)

    assert "Watermarks: 30" in page
    assert "entity-7" not in page


def test_a_connection_that_a_mapping_uses_stays(alice: User, mapping: BoardMapping) -> None:
    assert f"Board mapping: {mapping}" in page_of(alice, VismaConnection, "delete", mapping.visma)


# --- the weight of a tenant -----------------------------------------------------------------------
def tenant_post(tenant: Tenant, weight: int) -> dict[str, str]:
    return {"name": tenant.name, "timezone": tenant.timezone, "weight": str(weight)}


@pytest.mark.parametrize(("weight", "kept"), [(1, 1), (10, 10), (0, 3), (11, 3)])
def test_the_host_says_what_a_tenant_weighs_from_1_to_10(
    admin_user: User, tenant: Tenant, weight: int, kept: int
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(weight=3)
    save(admin_user, tenant, **tenant_post(tenant, weight))

    tenant.refresh_from_db()
    assert tenant.weight == kept


def test_nobody_makes_the_own_tenant_heavier(alice: User, tenant: Tenant) -> None:
    save(alice, tenant, **tenant_post(tenant, 10) | {"name": "Renamed"})

    tenant.refresh_from_db()
    assert (tenant.name, tenant.weight) == ("Renamed", 1)


def test_the_database_keeps_no_tenant_without_weight(tenant: Tenant) -> None:
    with pytest.raises(IntegrityError, match="tenant_weight"), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(weight=0)

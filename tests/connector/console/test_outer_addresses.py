"""Every address outside the workspaces: the entrance, webhooks, and Django admin row by row."""

import pytest
from django.test import Client
from django.urls import reverse

from tenants.access import may
from tenants.models import Membership, Role
from tests.connector.console.addresses import TENANTS, every_route
from tests.connector.console.conftest import Workspace, signed_in
from tests.connector.console.outer_addresses import (
    ADMIN,
    BY_PROOF,
    HOST,
    OPEN,
    OWN,
    PAGES,
    ROWS,
    least,
    row_of,
)

pytestmark = pytest.mark.django_db

ROLES = (Role.AUDITOR, Role.OPERATOR, Role.OWNER)


def ask(client: Client, model: str, page: str, workspace: Workspace) -> int:
    args = [] if page in ("changelist", "add") else [row_of(model, workspace).pk]
    return client.get(reverse(f"admin:{model}_{page}", args=args)).status_code


def test_every_route_outside_the_workspaces_stands_in_a_table() -> None:
    of_models = {f"admin:{model}_{page}" for model in (*ROWS, *HOST) for page in PAGES}
    found = {name for name, route in every_route() if not route.startswith(TENANTS)}

    assert found == OPEN | BY_PROOF | OWN | ADMIN | of_models


@pytest.mark.parametrize("name", sorted(OPEN))
def test_a_visitor_opens_the_entrance(name: str) -> None:
    assert Client().get(reverse(name)).status_code in (200, 302)


@pytest.mark.parametrize("name", sorted(OWN - {"account_logout"}))
def test_a_visitor_is_led_to_the_sign_in_from_an_account_page(name: str) -> None:
    answer = Client().get(reverse(name))

    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_led_from_admin_to_the_sign_in(
    model: str, page: str, workspace: Workspace
) -> None:
    assert ask(Client(), model, page, workspace) == 302


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("role", ROLES)
def test_a_member_opens_in_admin_what_the_role_may(
    model: str, role: Role, workspace: Workspace
) -> None:
    client = signed_in(role, workspace)
    answers = {page: ask(client, model, page, workspace) for page in PAGES}

    allowed = {page: least(model, page) for page in PAGES}
    wanted = {
        page: 200 if role_needed and may(Membership(role=role), role_needed) else 403
        for page, role_needed in allowed.items()
    }
    assert answers == wanted


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("page", ["history", "delete", "change"])
def test_another_tenants_row_is_not_there_in_admin(
    model: str, page: str, workspace: Workspace, foreign: Workspace
) -> None:
    answer = ask(signed_in(Role.OWNER, workspace), model, page, foreign)

    # A page that is nobody's says so before it looks for the row.
    assert answer == (404 if least(model, page) else 403)


@pytest.mark.parametrize("model", HOST)
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_accounts_of_people_are_the_hosts_alone(
    model: str, page: str, workspace: Workspace
) -> None:
    answer = signed_in(Role.OWNER, workspace).get(reverse(f"admin:{model}_{page}"))

    assert answer.status_code == 403

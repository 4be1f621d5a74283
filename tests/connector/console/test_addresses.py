"""Every address × everybody × one's own and another tenant's things, from the URL table itself."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenants.access import may
from tenants.models import Membership, Role
from tests.connector.console.addresses import ADDRESSES, an_entity, no_ids, routes
from tests.connector.console.conftest import Workspace, signed_in

pytestmark = pytest.mark.django_db
NOBODY_THERE = "http://127.0.0.1:9"
ROLES = (Role.AUDITOR, Role.OPERATOR, Role.OWNER)


@pytest.fixture(autouse=True)
def nobody_answers(settings: Any) -> None:
    """These tests are about who may ask; what the outside systems answer is tested elsewhere."""
    settings.VISMA_API_URL = f"{NOBODY_THERE}/visma"
    settings.VISMA_TOKEN_URL = f"{NOBODY_THERE}/token"
    settings.MONDAY_API_URL = f"{NOBODY_THERE}/monday"
    settings.MONDAY_TOKEN_URL = f"{NOBODY_THERE}/token"
    settings.MONDAY_CLIENT_ID, settings.MONDAY_CLIENT_SECRET = "an-app", "canary"


def ask(client: Client, name: str, slug: str, ids: dict[str, Any], method: str = "") -> Any:
    address = ADDRESSES[name]
    url = reverse(name, kwargs={"tenant": slug, **ids})
    return getattr(client, method or address.method)(url, dict(address.body))


def test_every_route_of_a_workspace_has_a_line_in_the_table() -> None:
    assert sorted(routes()) == sorted(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_visitor_is_led_to_the_sign_in_whatever_is_asked_for(
    name: str, workspace: Workspace, foreign: Workspace
) -> None:
    visitor, slug = Client(), workspace.tenant.slug
    of_both = [ADDRESSES[name].ids(each) for each in (workspace, foreign)]

    answers = [ask(visitor, name, slug, ids, how) for ids in of_both for how in ("get", "post")]

    # 405: the address takes no such question, whoever asks it.
    answers = [answer for answer in answers if answer.status_code != 405]
    assert answers
    assert {answer.status_code for answer in answers} == {302}
    assert all(answer.url.startswith("/account/login/?next=/t/") for answer in answers)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_stranger_finds_nothing_at_all(
    name: str, workspace: Workspace, foreign: Workspace
) -> None:
    stranger, slug = signed_in(Role.OWNER, foreign), workspace.tenant.slug
    of_both = [ADDRESSES[name].ids(each) for each in (workspace, foreign)]

    answers = [ask(stranger, name, slug, ids, how) for ids in of_both for how in ("get", "post")]

    assert {answer.status_code for answer in answers} - {405} == {404}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_role_opens_what_it_may_and_nothing_else(
    name: str, role: Role, workspace: Workspace
) -> None:
    member = signed_in(role, workspace)

    answer = ask(member, name, workspace.tenant.slug, ADDRESSES[name].ids(workspace))

    allowed = may(Membership(role=role), ADDRESSES[name].least)
    assert answer.status_code in ((200, 302) if allowed else (403,))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "name", [n for n, a in sorted(ADDRESSES.items()) if a.ids not in (no_ids, an_entity)]
)
def test_another_tenants_id_is_not_found_in_ones_own_workspace(
    name: str, role: Role, workspace: Workspace, foreign: Workspace
) -> None:
    ids = ADDRESSES[name].ids(foreign)

    answer = ask(signed_in(role, workspace), name, workspace.tenant.slug, ids)

    allowed = may(Membership(role=role), ADDRESSES[name].least)
    # Members may look whom a removal would concern: each may leave. So it is 404 for them, too.
    assert answer.status_code in ((404,) if allowed else (403, 404))


@pytest.mark.parametrize("name", ["mapping", "cause"])
def test_a_filter_by_another_tenants_thing_is_not_found(
    name: str, workspace: Workspace, foreign: Workspace, owner: Client
) -> None:
    from connector.console.causes import causes_of

    asked = {"mapping": str(foreign.mapping.pk), "cause": causes_of(foreign.tenant)[0].id}
    answer = owner.get(f"/t/{workspace.tenant.slug}/records/", {name: asked[name]})

    assert answer.status_code == 404


@pytest.mark.parametrize("name", [n for n, a in sorted(ADDRESSES.items()) if a.method == "post"])
def test_an_act_is_never_a_link(name: str, workspace: Workspace, owner: Client) -> None:
    ids = ADDRESSES[name].ids(workspace)

    answer = owner.get(reverse(name, kwargs={"tenant": workspace.tenant.slug, **ids}))

    assert answer.status_code == 405


@pytest.mark.parametrize("name", [n for n, a in sorted(ADDRESSES.items()) if a.method == "get"])
def test_no_page_shows_a_secret(name: str, workspace: Workspace, owner: Client) -> None:
    answer = ask(owner, name, workspace.tenant.slug, ADDRESSES[name].ids(workspace))

    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"canary" not in body

"""Steps 2 and 3: what is entered is kept, a secret is never shown, a failure is explained."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from connector.models import ApiCall, Trigger
from connector.sandbox import world
from connector.sync.poll import poll
from mappings.catalog import ENTITIES
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection, VismaConnection

from .conftest import CREDENTIALS, Setup

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return str(answer.content.decode())


def _test_line_by_line(setup: Setup, system: str, pk: int) -> str:
    """As htmx does: each answer asks for the next line, until none is left."""
    text, position = "", 0
    while f'name="line" value="{position}"' in text or position == 0:
        text = _html(setup.swap(f"{system}_check", pk, line=position))
        position += 1
    return text


def test_four_values_make_a_tested_connection(setup: Setup) -> None:
    page = setup.post("visma", **CREDENTIALS)

    connection = VismaConnection.objects.get(tenant=setup.tenant)
    assert 'hx-trigger="load"' in _html(page)
    text = _test_line_by_line(setup, "visma", connection.pk)
    connection.refresh_from_db()
    assert connection.health == Health.OK
    assert connection.company_name == world.VISMA_COMPANY_NAME
    assert "Continue" in text


def test_without_scripts_one_press_runs_the_whole_test(setup: Setup) -> None:
    setup.post("visma", **CREDENTIALS)
    connection = VismaConnection.objects.get(tenant=setup.tenant)

    page = setup.post("visma_check", connection.pk)

    connection.refresh_from_db()
    assert connection.health == Health.OK
    assert "Suppliers readable" in _html(page)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("client_secret", "wrong", "make a new Client secret there"),
        ("company_id", "9999", "Check the Company id"),
        ("visma_tenant_id", world.VISMA_CUSTOMER_TENANT_ID, "customer&#x27;s instead of"),
        ("visma_tenant_id", "11111111-1111-1111-1111-111111111111", "Take the Tenant id from"),
    ],
)
def test_a_wrong_value_says_what_to_do_and_loses_nothing(
    setup: Setup, field: str, value: str, words: str
) -> None:
    setup.post("visma", **{**CREDENTIALS, field: value})
    connection = VismaConnection.objects.get(tenant=setup.tenant)

    page = _html(setup.post("visma_check", connection.pk))

    connection.refresh_from_db()
    assert words in page
    assert connection.health == Health.NEEDS_PERSON
    kept = {name: v for name, v in {**CREDENTIALS, field: value}.items() if name != "client_secret"}
    assert all(f'value="{entered}"' in page for entered in kept.values())
    assert connection.client_secret == (
        value if field == "client_secret" else CREDENTIALS["client_secret"]
    )


def test_a_mended_value_alone_is_enough(setup: Setup) -> None:
    setup.post("visma", **{**CREDENTIALS, "company_id": "9999"})
    connection = VismaConnection.objects.get(tenant=setup.tenant)
    setup.post("visma_check", connection.pk)

    setup.client.post(
        f"{setup.url('visma')}?connection={connection.pk}", {**CREDENTIALS, "client_secret": ""}
    )
    setup.post("visma_check", connection.pk)

    connection.refresh_from_db()
    assert connection.health == Health.OK
    assert connection.client_secret == CREDENTIALS["client_secret"]


def test_a_mistake_in_the_form_gives_back_all_but_the_secret(setup: Setup) -> None:
    page = _html(setup.post("visma", **{**CREDENTIALS, "visma_tenant_id": "not a guid"}))

    assert not VismaConnection.objects.exists()
    assert 'value="isv_sandbox"' in page
    assert 'value="not a guid"' in page
    assert CREDENTIALS["client_secret"] not in page
    assert "Type it once more" in page


def test_a_second_company_is_added_and_the_same_one_refused(connected: Setup) -> None:
    url = f"{connected.url('visma')}?connection=new"

    twice = connected.client.post(url, CREDENTIALS)
    connected.client.post(url, {**CREDENTIALS, "company_id": "4022"})

    assert "already connected" in _html(twice)
    assert VismaConnection.objects.filter(tenant=connected.tenant).count() == 2


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("sandbox-wrong-token", "does not accept the token"),
        (world.MONDAY_VIEWER_TOKEN, "viewers cannot change boards"),
    ],
)
def test_a_token_that_cannot_work_is_refused_in_words(setup: Setup, token: str, words: str) -> None:
    setup.post("monday", token=token)
    connection = MondayConnection.objects.get(tenant=setup.tenant)

    page = _html(setup.post("monday_check", connection.pk))

    connection.refresh_from_db()
    assert words in page
    assert connection.health == Health.NEEDS_PERSON


def test_a_revoked_token_says_where_the_new_one_is(connected: Setup) -> None:
    connected.sandbox.monday.access.revoke(world.MONDAY_TOKEN)
    connection = MondayConnection.objects.get(tenant=connected.tenant)

    page = _html(connected.post("monday_check", connection.pk))

    assert "My access tokens" in page


def test_what_is_no_token_is_noticed_before_it_is_sent(setup: Setup) -> None:
    page = _html(setup.post("monday", token="my token is ☕"))

    assert "This is not a token" in page
    assert not MondayConnection.objects.exists()


def test_no_secret_is_rendered_or_kept_in_a_session(setup: Setup) -> None:
    setup.post("visma", **{**CREDENTIALS, "company_id": "9999"})
    setup.post("monday", token="sandbox-canary-token")
    visma = VismaConnection.objects.get(tenant=setup.tenant)
    monday = MondayConnection.objects.get(tenant=setup.tenant)

    pages = [
        _html(answer)
        for answer in (
            setup.post("visma_check", visma.pk),
            setup.post("monday_check", monday.pk),
            setup.get("visma"),
            setup.get("monday"),
        )
    ]
    kept = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    stored = [json.dumps(row.checks) for row in (visma, monday)]

    for secret in (CREDENTIALS["client_secret"], "sandbox-canary-token"):
        assert not any(secret in text for text in [*pages, *kept, *stored])


def test_the_test_goes_on_where_another_device_left_it(setup: Setup) -> None:
    setup.post("visma", **CREDENTIALS)
    connection = VismaConnection.objects.get(tenant=setup.tenant)
    setup.swap("visma_check", connection.pk, line=0)

    page = _html(setup.get("visma"))

    assert "Visma Connect accepts" in page
    assert 'name="line" value="1"' in page


def test_a_connection_that_is_used_is_not_changed_here(connected: Setup, mapping: Any) -> None:
    page = connected.post("visma", **{**CREDENTIALS, "client_id": "another"})

    assert "This connection is in use" in _html(page)
    assert VismaConnection.objects.get(tenant=connected.tenant).client_id != "another"


def test_what_was_read_of_a_company_keeps_its_connection_from_turning_to_another(
    connected: Setup, mapping: BoardMapping
) -> None:
    poll(mapping.visma, "supplier_invoice", trigger=Trigger.PERSON)
    mapping.delete()
    other = "7c0e1d2b-5a44-4d0f-9b6a-0d7c55e1a001"

    page = connected.post("visma", **{**CREDENTIALS, "visma_tenant_id": other})

    assert "add a connection of its own" in _html(page)
    assert VismaConnection.objects.get().visma_tenant_id == world.VISMA_COMPANY_TENANT_ID


def test_a_test_makes_one_call_for_each_line_about_the_company(setup: Setup) -> None:
    setup.post("visma", **CREDENTIALS)
    connection = VismaConnection.objects.get(tenant=setup.tenant)

    _test_line_by_line(setup, "visma", connection.pk)

    calls = ApiCall.objects.values_list("operation", flat=True)
    # Dimensions are a list of names, and each of the company's four is read by its name;
    # batches of the journal are read by their lines.
    read = ["gl_entry" if entity == "journal_transaction" else entity for entity in ENTITIES]
    assert sorted(calls) == sorted(["organization", *read, *["dimension_value"] * 4])

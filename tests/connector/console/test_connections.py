"""Connections: tested line by line, and new credentials tried before they are stored."""

import pytest
from django.test import Client

from connector.models import AuditEntry, Trigger
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection, VismaConnection
from tests.people import person
from tests.world import Connections

pytestmark = pytest.mark.django_db
LIST = "/t/nordlys/connections/"


@pytest.fixture
def owner(connections: Connections) -> Client:
    client = Client()
    client.force_login(person("olga", connections.visma.tenant, "owner"))  # type: ignore[arg-type]
    return client


def test_a_test_without_script_fills_the_whole_list(
    owner: Client, connections: Connections, sandbox: SandboxServer
) -> None:
    address = f"{LIST}visma/{connections.visma.pk}/"
    owner.post(f"{address}test/")

    lines = owner.get(address).context["lines"]

    assert {line.state for line in lines} == {"passed"}
    assert VismaConnection.objects.get().health == Health.OK


def test_a_failing_line_carries_its_own_fix_and_ends_the_test(
    owner: Client, connections: Connections, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(company_id="9999")
    address = f"{LIST}visma/{connections.visma.pk}/"
    owner.post(f"{address}test/")

    states = [line.state for line in owner.get(address).context["lines"]]

    assert "failed" in states
    assert states[-1] == "skipped"
    assert VismaConnection.objects.get().health == Health.NEEDS_PERSON


def test_a_connection_that_needs_a_person_says_so_before_it_is_tested(
    owner: Client, connections: Connections
) -> None:
    why = {"health_reason": "The token is not accepted.", "health_remedy": "Enter a new one."}
    VismaConnection.objects.update(health=Health.NEEDS_PERSON, **why)

    page = owner.get(f"{LIST}visma/{connections.visma.pk}/").content.decode()

    assert "The token is not accepted." in page
    assert "Enter a new one." in page


def test_with_htmx_one_line_is_tried_at_a_time(
    owner: Client, connections: Connections, sandbox: SandboxServer
) -> None:
    answer = owner.post(
        f"{LIST}monday/{connections.monday.pk}/test/", {"position": "0"}, HTTP_HX_REQUEST="true"
    )

    assert len(answer.context["lines"]) == 1
    assert b'hx-trigger="load"' in answer.content


def test_a_good_secret_replaces_the_old_one_and_is_signed(
    owner: Client, connections: Connections, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.filter(pk=connections.visma.pk).update(health=Health.NEEDS_PERSON)
    owner.post(
        f"{LIST}visma/{connections.visma.pk}/credentials/",
        {
            "client_id": world.VISMA_CLIENT_ID,
            "client_secret": world.VISMA_CLIENT_SECRET,
            "visma_tenant_id": world.VISMA_COMPANY_TENANT_ID,
        },
    )

    stored = VismaConnection.objects.get()
    assert stored.health == Health.OK
    assert AuditEntry.objects.get().message.startswith("olga@example.test replaced the credentials")


def test_a_wrong_secret_is_refused_with_words_and_the_old_one_stays(
    owner: Client, connections: Connections, sandbox: SandboxServer
) -> None:
    page = owner.post(
        f"{LIST}visma/{connections.visma.pk}/credentials/",
        {
            "client_id": world.VISMA_CLIENT_ID,
            "client_secret": "canary-wrong-secret",
            "visma_tenant_id": world.VISMA_COMPANY_TENANT_ID,
        },
    )

    assert b"The old ones stay." in page.content
    assert b"canary" not in page.content
    assert VismaConnection.objects.get().client_secret == world.VISMA_CLIENT_SECRET


def test_a_token_of_another_account_is_refused_while_boards_are_in_use(
    owner: Client, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    MondayConnection.objects.update(account_id="1", account_name="Annet Firma")
    page = owner.post(
        f"{LIST}monday/{mapping.monday.pk}/credentials/", {"token": world.MONDAY_TOKEN}
    )

    assert b"Annet Firma" in page.content
    assert MondayConnection.objects.get().account_id == "1"


COMPANY = {
    "client_id": world.VISMA_CLIENT_ID,
    "client_secret": world.VISMA_CLIENT_SECRET,
    "visma_tenant_id": world.VISMA_COMPANY_TENANT_ID,
}
OTHER_TENANT_ID = "7c0e1d2b-5a44-4d0f-9b6a-0d7c55e1a001"


def test_credentials_of_another_company_are_refused_while_its_boards_are_in_use(
    owner: Client, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(visma_tenant_id=OTHER_TENANT_ID, company_name="Annet Firma")
    page = owner.post(f"{LIST}visma/{mapping.visma.pk}/credentials/", COMPANY)

    stored = VismaConnection.objects.get()
    assert b"add a connection of its own" in page.content
    assert (stored.visma_tenant_id, stored.company_name) == (OTHER_TENANT_ID, "Annet Firma")


def test_credentials_of_another_company_are_refused_once_records_were_read(
    owner: Client, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    poll(mapping.visma, "supplier_invoice", trigger=Trigger.PERSON)
    mapping.delete()
    VismaConnection.objects.update(visma_tenant_id=OTHER_TENANT_ID)
    owner.post(f"{LIST}visma/{mapping.visma.pk}/credentials/", COMPANY)

    assert VismaConnection.objects.get().visma_tenant_id == OTHER_TENANT_ID


def test_a_tenant_id_under_which_no_company_answered_is_mended(
    owner: Client, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    wrong = world.VISMA_CUSTOMER_TENANT_ID
    VismaConnection.objects.update(visma_tenant_id=wrong, company_name="")
    owner.post(f"{LIST}visma/{mapping.visma.pk}/credentials/", COMPANY)

    stored = VismaConnection.objects.get()
    assert (stored.visma_tenant_id, stored.health) == (COMPANY["visma_tenant_id"], Health.OK)


def test_one_tenant_id_may_be_written_in_several_ways(
    owner: Client, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(visma_tenant_id=f"{{{world.VISMA_COMPANY_TENANT_ID.upper()}}}")
    owner.post(f"{LIST}visma/{mapping.visma.pk}/credentials/", COMPANY)

    assert VismaConnection.objects.get().visma_tenant_id == world.VISMA_COMPANY_TENANT_ID


def test_no_form_shows_what_is_stored(owner: Client, connections: Connections) -> None:
    pages = [
        owner.get(f"{LIST}visma/{connections.visma.pk}/credentials/").content,
        owner.get(f"{LIST}monday/{connections.monday.pk}/credentials/").content,
        owner.get(f"{LIST}visma/{connections.visma.pk}/").content,
    ]

    secrets = (world.VISMA_CLIENT_SECRET.encode(), world.MONDAY_TOKEN.encode())
    assert [s for page in pages for s in secrets if s in page] == []

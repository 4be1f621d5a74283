"""The connection test of an import: which credential is wrong, and where to mend it."""

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.tenant_file.store import store
from tenants.fields import Sealed
from tenants.models import Health, MondayConnection, VismaConnection
from tests.connector.tenant_file.conftest import Content, Importer, having

V = ("visma", 0)


@pytest.mark.parametrize(
    ("key", "value", "where", "said"),
    [
        ("client_id", "isv_other", "visma[0].client_secret", "does not know this Client id"),
        ("client_secret", "wrong", "visma[0].client_secret", "make a new Client secret"),
        ("tenant_id", "no-such-tenant", "visma[0].tenant_id", "Visma Admin → Company"),
        ("tenant_id", world.VISMA_CUSTOMER_TENANT_ID, "visma[0].tenant_id", "the customer's"),
        ("company_id", "9999", "visma[0].company_id", "Check the Company id"),
    ],
)
def test_a_wrong_visma_credential_is_refused_with_words(
    importer: Importer, content: Content, key: str, value: str, where: str, said: str
) -> None:
    problems = importer.problems(having(content, value, *V, key))

    assert list(problems) == [where]
    assert said in problems[where]


def test_a_wrong_monday_token_is_refused_with_words(importer: Importer, content: Content) -> None:
    problems = importer.problems(having(content, "wrong", "monday", 0, "token"))

    assert list(problems) == ["monday[0].token"]
    assert "My access tokens" in problems["monday[0].token"]


@pytest.mark.parametrize("active", [True, False])
def test_a_viewers_token_is_refused_since_it_can_never_write(
    importer: Importer, content: Content, active: bool
) -> None:
    content["mappings"][0]["active"] = active
    problems = importer.problems(having(content, world.MONDAY_VIEWER_TOKEN, "monday", 0, "token"))

    assert list(problems) == ["monday[0].token"]
    assert "viewers cannot change boards" in problems["monday[0].token"]


def test_a_board_that_the_token_may_only_see_is_refused(
    importer: Importer, content: Content, sandbox: SandboxServer
) -> None:
    sandbox.monday.act(act="board_permissions", board="AP invoices", permissions="owners")
    problems = importer.problems(content)

    assert list(problems) == ["mappings[0].board_id"]
    assert f"{world.INGRID.name} may see the board" in problems["mappings[0].board_id"]


def test_a_system_that_does_not_answer_is_told_as_such(
    importer: Importer, content: Content, settings: object
) -> None:
    settings.VISMA_TOKEN_URL = "http://127.0.0.1:9/connect/token"  # type: ignore[attr-defined]
    problems = importer.problems(content)

    assert list(problems) == ["visma[0]"]
    assert "was not reached" in problems["visma[0]"]


def test_a_working_connection_is_stored_with_what_it_said(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)

    visma, monday = VismaConnection.objects.get(), MondayConnection.objects.get()
    assert (visma.health, visma.company_name) == (Health.OK, world.VISMA_COMPANY_NAME)
    assert (monday.health, monday.account_name) == (Health.OK, world.MONDAY_ACCOUNT_NAME)
    assert (monday.account_id, monday.plan_tier) == (str(world.MONDAY_ACCOUNT_ID), "pro")
    assert monday.user_name == world.INGRID.name


def test_secrets_come_from_the_file_or_the_environment(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)

    assert VismaConnection.objects.get().client_secret == world.VISMA_CLIENT_SECRET
    assert MondayConnection.objects.get().token == world.MONDAY_TOKEN


def test_a_file_without_secrets_keeps_the_stored_ones(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    del content["visma"][0]["client_secret"], content["monday"][0]["token"]

    assert set(importer.verbs(content).values()) == {"keep"}
    assert VismaConnection.objects.get().client_secret == world.VISMA_CLIENT_SECRET


def test_a_changed_secret_voids_the_access_it_had(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    VismaConnection.objects.update(client_secret="an older one", access_token="issued for it")

    assert importer.verbs(content)["Visma main"] == "change"
    assert VismaConnection.objects.get().access_token == ""


def test_a_stored_secret_that_no_key_opens_is_replaced_by_the_file(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    VismaConnection.objects.update(client_secret=Sealed("no key opens this"))

    assert importer.verbs(content)["Visma main"] == "change"
    assert VismaConnection.objects.get().client_secret == world.VISMA_CLIENT_SECRET


def test_a_stored_secret_that_no_key_opens_has_to_be_in_the_file(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    VismaConnection.objects.update(client_secret=Sealed("no key opens this"))
    del content["visma"][0]["client_secret"]

    problems = importer.problems(content)

    assert "cannot be opened" in problems["visma[0].client_secret"]


def test_an_unchanged_connection_keeps_the_access_a_worker_renewed(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    VismaConnection.objects.update(access_token="renewed by a worker")
    importer.verbs(content)

    assert VismaConnection.objects.get().access_token == "renewed by a worker"


def test_storing_a_change_keeps_what_a_worker_renewed_since_it_was_planned(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    plan = importer.plan(having(content, "a webhook key", *V, "webhook_key"))
    VismaConnection.objects.update(access_token="renewed by a worker")
    store(plan, actor="test")

    stored = VismaConnection.objects.get()
    assert (stored.webhook_key, stored.access_token) == ("a webhook key", "renewed by a worker")


def test_a_connection_cannot_turn_to_another_company(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    problems = importer.problems(having(content, "4022", *V, "company_id"))

    assert "give another company a connection of its own" in problems["visma[0].company_id"]


@pytest.mark.parametrize("offline", [True, False])
def test_a_connection_cannot_turn_to_another_companys_tenant_id(
    importer: Importer, content: Content, offline: bool
) -> None:
    content["mappings"][0]["active"] = True
    importer.verbs(content)
    VismaConnection.objects.update(
        visma_tenant_id="7c0e1d2b-5a44-4d0f-9b6a-0d7c55e1a001", company_name="Annet Firma"
    )

    problems = importer.problems(content, offline=offline)

    assert "Enter the ids of Annet Firma" in problems["visma[0].tenant_id"]


def test_a_connection_cannot_turn_to_another_account(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    MondayConnection.objects.update(account_id="1", account_name="Other account")
    problems = importer.problems(content)

    assert problems["monday[0].token"] == (
        f"this token belongs to the account “{world.MONDAY_ACCOUNT_NAME}”, the connection to "
        "“Other account”; give another account a connection of its own"
    )

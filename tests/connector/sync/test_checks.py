"""Connection tests against both systems: what each failing line says, and what is kept."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from connector.models import AccountLimits, ApiCall
from connector.sandbox import world
from connector.sandbox.monday import board_acts
from connector.sandbox.server import SandboxServer
from connector.sync import checks
from connector.sync.checks import Check
from connector.sync.probes import check_monday, check_visma, visma_probes
from mappings.catalog import ENTITIES
from tenants.models import Health
from tests.world import Connections

pytestmark = pytest.mark.django_db


def _lines(checks: Iterable[Check]) -> dict[str, Check]:
    return {check.label: check for check in checks}


def _failed(checks: Iterable[Check]) -> Check:
    return next(check for check in checks if check.state == "failed")


def test_a_working_company_passes_every_line(
    connections: Connections, sandbox: SandboxServer
) -> None:
    found = _lines(check_visma(connections.visma))

    assert [check.state for check in found.values()] == ["passed"] * (2 + len(ENTITIES))
    assert world.VISMA_COMPANY_NAME in found["Company reachable"].happened
    assert found["Supplier invoices readable"].happened.endswith("found.")


def test_a_sample_costs_one_small_page(connections: Connections, sandbox: SandboxServer) -> None:
    list(check_visma(connections.visma, ["supplier_invoice"]))

    calls = ApiCall.objects.filter(operation="supplier_invoice")
    assert calls.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "line", "words"),
    [
        ("client_secret", "wrong", "Access token issued", "Client secret"),
        ("client_id", "isv_nobody", "Access token issued", "Client id"),
        ("visma_tenant_id", "00000000-0000-0000-0000-000000000000", "Access token", "Tenant id"),
        ("visma_tenant_id", world.VISMA_CUSTOMER_TENANT_ID, "Company reachable", "customer's"),
        ("company_id", "9999", "Company reachable", "Company id"),
    ],
)
def test_a_wrong_credential_is_named_with_its_remedy(
    connections: Connections,
    sandbox: SandboxServer,
    field: str,
    value: str,
    line: str,
    words: str,
) -> None:
    setattr(connections.visma, field, value)
    connections.visma.save()

    failed = _failed(check_visma(connections.visma))

    assert failed.label.startswith(line)
    assert words in f"{failed.happened} {failed.remedy}"
    assert failed.remedy


def test_what_follows_a_failed_line_is_not_tried(
    connections: Connections, sandbox: SandboxServer
) -> None:
    connections.visma.client_secret = "wrong"
    connections.visma.save()

    states = [check.state for check in check_visma(connections.visma)]

    assert states == ["failed", *["skipped"] * (1 + len(ENTITIES))]


def test_visma_out_of_reach_says_to_test_again_and_blames_nobody(
    connections: Connections, settings: Any
) -> None:
    settings.VISMA_TOKEN_URL = "http://127.0.0.1:1/connect/token"
    probes = visma_probes(connections.visma)

    lines = checks.step(connections.visma, probes, 0)

    assert lines[0].remedy == checks.TEST_AGAIN
    connections.visma.refresh_from_db()
    assert connections.visma.health == Health.UNKNOWN


def test_lines_are_kept_one_by_one_and_settle_the_health(
    connections: Connections, sandbox: SandboxServer
) -> None:
    probes = visma_probes(connections.visma, ["supplier", "purchase_order"])

    for position in range(len(probes)):
        lines = checks.step(connections.visma, probes, position)
        connections.visma.refresh_from_db()
        assert checks.stored(connections.visma) == lines

    assert connections.visma.health == Health.OK
    assert connections.visma.company_name == world.VISMA_COMPANY_NAME


def test_a_skipped_start_never_makes_a_connection_healthy(
    connections: Connections, sandbox: SandboxServer
) -> None:
    probes = visma_probes(connections.visma)

    checks.step(connections.visma, probes, len(probes) - 1)

    connections.visma.refresh_from_db()
    assert len(connections.visma.checks) == 1
    assert connections.visma.health == Health.UNKNOWN


def test_the_user_the_plan_and_the_board_are_told(
    connections: Connections, sandbox: SandboxServer
) -> None:
    board = sandbox.monday.account.board("AP invoices")

    found = _lines(check_monday(connections.monday, str(board.id)))

    assert [check.state for check in found.values()] == ["passed"] * 4
    assert world.INGRID.name in found["Token accepted"].happened
    assert "10,000 calls a day" in found["Plan and calls of today"].happened
    assert "AP invoices" in found["Board readable"].happened


def test_the_calls_an_account_has_bought_beside_its_plan_count(
    connections: Connections, sandbox: SandboxServer
) -> None:
    sandbox.monday.limits.set(daily=13_000)

    found = _lines(check_monday(connections.monday))

    assert "13,000 calls a day" in found["Plan and calls of today"].happened
    assert AccountLimits.objects.get(account=connections.monday.account_key).daily_quota == 13_000


def test_where_monday_does_not_show_the_daily_limit_the_plans_counts(
    connections: Connections, sandbox: SandboxServer
) -> None:
    error = {"message": "Not for you.", "extensions": {"code": "USER_UNAUTHORIZED"}}
    body = json.dumps({"errors": [error], "data": None})
    sandbox.monday.limits.set(daily=13_000)
    _answer_the_limit(sandbox, {"code": 200, "body": body})

    found = _lines(check_monday(connections.monday))

    assert sandbox.faults.active()[0]["fired"] == 1
    assert found["Plan and calls of today"].state == "passed"
    assert "10,000 calls a day" in found["Plan and calls of today"].happened


def _answer_the_limit(sandbox: SandboxServer, answer: dict[str, Any]) -> None:
    match = {"system": "monday", "operation": "me+platform_api"}
    sandbox.faults.add({"match": match, "do": [{"action": "status", **answer}]})


def test_where_the_daily_limit_cannot_be_read_the_test_goes_on(
    connections: Connections, sandbox: SandboxServer
) -> None:
    _answer_the_limit(sandbox, {"code": 500, "body": "{}"})

    found = _lines(check_monday(connections.monday))

    assert sandbox.faults.active()[0]["fired"] >= 1
    assert {check.state for check in found.values()} == {"passed"}
    assert "10,000 calls a day" in found["Plan and calls of today"].happened


def test_the_daily_limit_is_kept_for_an_account_that_was_not_known_before(
    connections: Connections, sandbox: SandboxServer
) -> None:
    sandbox.monday.limits.set(daily=13_000)
    connections.monday.account_id = ""
    connections.monday.save()

    list(check_monday(connections.monday))

    key = f"monday:{world.MONDAY_ACCOUNT_ID}"
    assert AccountLimits.objects.get(account=key).daily_quota == 13_000


def test_a_viewers_token_is_refused_in_words(
    connections: Connections, sandbox: SandboxServer
) -> None:
    connections.monday.token = world.MONDAY_VIEWER_TOKEN
    connections.monday.save()

    failed = _failed(check_monday(connections.monday))

    assert "viewer" in failed.happened
    assert "Administration" in failed.remedy


def test_a_revoked_token_is_refused_in_words(
    connections: Connections, sandbox: SandboxServer
) -> None:
    sandbox.monday.access.revoke(world.MONDAY_TOKEN)

    failed = _failed(check_monday(connections.monday))

    assert "does not accept the token" in failed.happened
    assert "My access tokens" in failed.remedy


def test_an_archived_board_is_named(connections: Connections, sandbox: SandboxServer) -> None:
    board = sandbox.monday.account.board("AP invoices 2024")

    failed = _failed(check_monday(connections.monday, str(board.id)))

    assert "AP invoices 2024" in failed.happened
    assert "archived" in failed.happened


def test_a_board_the_user_may_only_see_is_refused_without_a_trial(
    connections: Connections, sandbox: SandboxServer
) -> None:
    account = sandbox.monday.account
    board = account.board("AP invoices")
    board_acts.board_permit(account, board, "owners")

    failed = _failed(check_monday(connections.monday, str(board.id)))

    assert failed.label == "Board writable"
    assert "permissions" in failed.remedy
    assert not any(entry.mutation for entry in sandbox.log.entries())


def test_a_token_of_another_account_is_refused_once_boards_are_in_use(
    connections: Connections, sandbox: SandboxServer, mapping: Any
) -> None:
    connections.monday.account_id = "1"
    connections.monday.account_name = "Old account"
    connections.monday.save()

    failed = _failed(check_monday(connections.monday))

    assert "Old account" in failed.happened
    assert failed.code == "other_account"

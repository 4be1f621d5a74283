"""Who may do what: tokens, viewers, permissions, and requests that are no requests."""

import json
from typing import Any

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller


def raw(monday: Caller, body: bytes, **headers: str) -> Any:
    sent = {"Authorization": monday.token, "Content-Type": "application/json", **headers}
    return monday.session.post(f"{monday.server.url}/monday/v2", data=body, headers=sent, timeout=5)


def test_a_personal_token_tells_who_it_is(monday: Caller) -> None:
    me = monday.ask("{me{id name account{id name slug tier plan{tier}}}}").data["me"]

    assert (me["id"], me["name"]) == (str(world.INGRID.id), "Ingrid Berg")
    assert me["account"]["id"] == str(world.MONDAY_ACCOUNT_ID)
    assert me["account"]["tier"] == me["account"]["plan"]["tier"] == "pro"


@pytest.mark.parametrize("token", ["", "wrong", world.MONDAY_TOKEN[:-1]])
def test_a_wrong_token_is_not_let_in(server: SandboxServer, token: str) -> None:
    answer = Caller(server, token).ask("{me{id}}")

    assert (answer.status, answer.error) == (401, "UNAUTHORIZED")


def test_a_revoked_token_works_again_when_it_is_allowed(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.revoke(world.MONDAY_TOKEN)
    revoked = monday.ask("{me{id}}").status
    server.monday.access.allow(world.MONDAY_TOKEN)

    assert (revoked, monday.ask("{me{id}}").status) == (401, 200)


@pytest.mark.parametrize("act", ["create", "change", "archive", "column"])
def test_a_viewer_may_read_and_never_write(server: SandboxServer, monday: Caller, act: str) -> None:
    item, board = monday.made(), monday.board().id
    both = f"board_id:{board},item_id:{item}"
    viewer = Caller(server, world.MONDAY_VIEWER_TOKEN)
    fields = {
        "create": f'create_item(board_id:{board},item_name:"x"){{id}}',
        "change": f'change_multiple_column_values({both},column_values:"{{}}"){{id}}',
        "archive": f"archive_item(item_id:{item}){{id}}",
        "column": f'create_column(board_id:{board},title:"x",column_type:text){{id}}',
    }

    answer = viewer.ask(f"mutation{{{fields[act]}}}")

    assert answer.error == "UserUnauthorizedException"
    assert answer.errors[0]["extensions"]["status_code"] == 403
    assert viewer.read(item)["name"] == "Invoice 1"


def test_a_board_that_only_owners_may_edit_refuses_the_token(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.act(act="board_permissions", board="AP invoices", permissions="owners")

    answer = monday.create()
    board = monday.ask("query($b:[ID!]){boards(ids:$b){permissions}}", {"b": [monday.board().id]})

    assert answer.error == "UserUnauthorizedException"
    assert board.data["boards"] == [{"permissions": "owners"}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{not json", "JsonParseException"),
        (b"{}", "BAD_REQUEST"),
        (b'"query"', "BAD_REQUEST"),
        (json.dumps({"query": "{me{id}}", "variables": "{}"}).encode(), "BAD_REQUEST"),
    ],
)
def test_a_request_that_is_none_is_a_400(monday: Caller, body: bytes, code: str) -> None:
    answer = raw(monday, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("{boards{", "GRAPHQL_PARSE_FAILED"), ("{boards{nothing}}", "undefinedField")],
)
def test_a_document_monday_cannot_run_is_an_error_with_status_200(
    monday: Caller, text: str, code: str
) -> None:
    answer = monday.ask(text)

    assert (answer.status, answer.error) == (200, code)
    assert "data" not in answer.body


def test_a_missing_variable_runs_nothing(monday: Caller) -> None:
    answer = monday.ask('mutation($b:ID!){create_item(board_id:$b,item_name:"x"){id}}', {})

    assert "$b" in answer.errors[0]["message"]


def test_the_version_is_echoed_and_a_malformed_one_refused(monday: Caller) -> None:
    pinned = monday.ask("{me{id}}", headers={"API-Version": "2026-07"})
    default = monday.ask("{me{id}}", headers={"API-Version": "default"})
    malformed = monday.ask("{me{id}}", headers={"API-Version": "2023"})

    assert pinned.headers["API-Version"] == "2026-07"
    assert default.headers["API-Version"] == "2026-10"
    assert malformed.error == "InvalidVersionException"


def test_every_answer_has_a_request_id_of_its_own(monday: Caller) -> None:
    ids = {monday.ask("{me{id}}").body["extensions"]["request_id"] for _ in range(5)}

    assert len(ids) == 5


def test_an_app_token_has_separate_budgets_for_reads_and_writes(server: SandboxServer) -> None:
    app = Caller(server, world.MONDAY_APP_TOKEN)
    app.create()

    reads = app.ask("{complexity{before}}").data["complexity"]["before"]
    writes = app.ask("mutation{complexity{before}}").data["complexity"]["before"]

    assert reads == 5_000_000
    assert writes < 5_000_000

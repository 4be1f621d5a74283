"""The client against a Visma that keeps a company, with the traps of the real one."""

from collections.abc import Iterator
from typing import Any

import pytest

from connector.errors import AskAPerson
from connector.http import make_session
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.visma.auth import AccessToken, TokenSource, request_token
from connector.visma.client import Row, VismaClient
from connector.visma.records import moment
from connector.visma.resources import RESOURCES

from .conftest import Book, Tokens

ENTITIES = sorted(RESOURCES)
FILTERED = sorted(name for name, each in RESOURCES.items() if each.filtered)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=False) as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> SandboxServer:
    server.reset()
    return server


def sign_in(sandbox: SandboxServer, **given: str) -> AccessToken:
    credentials = {
        "client_id": world.VISMA_CLIENT_ID,
        "client_secret": world.VISMA_CLIENT_SECRET,
        "tenant_id": world.VISMA_COMPANY_TENANT_ID,
    } | given
    return request_token(
        make_session("ml-connector-test"), url=f"{sandbox.url}/visma/connect/token", **credentials
    )


class Signing:
    """Tokens as the sandbox issues them, a new one for each renewal."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self.token = sign_in(sandbox).value

    def current(self) -> str:
        return self.token

    def renew(self, rejected: str) -> str:
        self.token = sign_in(self.sandbox).value
        return self.token


def connect(sandbox: SandboxServer, tokens: TokenSource, company: str = "") -> VismaClient:
    return VismaClient(
        api_url=f"{sandbox.url}/visma",
        company_id=company or world.VISMA_COMPANY_ID,
        tokens=tokens,
        meter=Book(),
        session=make_session("ml-connector-test"),
    )


@pytest.fixture
def client(sandbox: SandboxServer) -> VismaClient:
    return connect(sandbox, Signing(sandbox))


def read(client: VismaClient, entity: str, since: str | None = None) -> list[Row]:
    pages = list(client.pages(RESOURCES[entity], since=since))
    assert not any(page.filter_ignored or page.unreadable for page in pages)
    return [row for page in pages for row in page.rows]


def test_the_company_is_named(client: VismaClient) -> None:
    assert client.company()["name"] == world.VISMA_COMPANY_NAME


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"client_secret": "wrong"}, "client_refused"),
        ({"client_id": "isv_wrong"}, "client_refused"),
        ({"tenant_id": "00000000-0000-4000-8000-000000000000"}, "tenant_refused"),
    ],
)
def test_a_wrong_credential_is_told(
    sandbox: SandboxServer, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(AskAPerson) as caught:
        sign_in(sandbox, **given)

    assert caught.value.why.code == code


def test_the_customers_tenant_id_gives_a_token_that_opens_nothing(sandbox: SandboxServer) -> None:
    token = sign_in(sandbox, tenant_id=world.VISMA_CUSTOMER_TENANT_ID)

    with pytest.raises(AskAPerson) as caught:
        connect(sandbox, Tokens(token.value)).company()

    assert caught.value.why.code == "not_connected"


def test_a_wrong_company_id_is_told(sandbox: SandboxServer) -> None:
    client = connect(sandbox, Signing(sandbox), company="9999")

    with pytest.raises(AskAPerson) as caught:
        client.company()

    assert "9999" in caught.value.why.happened


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_record_is_read_once(client: VismaClient, entity: str) -> None:
    rows = read(client, entity)

    assert rows
    assert len({row.key for row in rows}) == len(rows)


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_record_of_a_page_is_the_record_fetched_by_its_key(
    client: VismaClient, entity: str
) -> None:
    for listed in read(client, entity)[:5]:
        fetched = client.fetch(RESOURCES[entity], listed.key)

        assert fetched is not None
        assert (fetched.key, fetched.etag) == (listed.key, listed.etag)


@pytest.mark.parametrize("entity", FILTERED)
def test_reading_since_the_last_change_reads_what_changed_since(
    client: VismaClient, entity: str
) -> None:
    everything = read(client, entity)
    ordered = sorted(everything, key=lambda row: moment(row.modified_at))
    since = ordered[len(ordered) // 2].modified_at

    changed = read(client, entity, since)

    expected = {row.key for row in everything if moment(row.modified_at) >= moment(since)}
    assert {row.key for row in changed} == expected


def test_a_record_that_does_not_exist_is_none(client: VismaClient) -> None:
    assert client.fetch(RESOURCES["supplier"], "no-such-supplier") is None


def test_a_small_cap_on_pages_loses_no_record(
    sandbox: SandboxServer, client: VismaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {row.key for row in read(client, "supplier_invoice")}
    monkeypatch.setitem(sandbox.visma.quirks.page_caps, "supplier_invoice", 7)

    pages = list(client.pages(RESOURCES["supplier_invoice"], since=None))

    assert len(pages) == -(-len(whole) // 7)
    assert {row.key for page in pages for row in page.rows} == whole


def test_a_token_revoked_between_pages_is_renewed_and_no_record_lost(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sandbox.visma.quirks.page_caps, "supplier_invoice", 100)
    client = connect(sandbox, Signing(sandbox))
    whole = len(read(client, "supplier_invoice"))

    reading = client.pages(RESOURCES["supplier_invoice"], since=None)
    rows = list(next(reading).rows)
    sandbox.visma.tokens.revoke()
    rows += [row for page in reading for row in page.rows]

    assert len(rows) > 100
    assert len({row.key for row in rows}) == len(rows) == whole

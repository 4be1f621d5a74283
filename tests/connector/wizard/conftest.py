"""An owner in front of the setup, with both systems simulated behind it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from mappings.content import Content
from mappings.models import BoardMapping, MappingDraft
from tenants.models import Tenant
from tenants.services import connection_ok
from tests.world import Connections

CREDENTIALS = {
    "client_id": world.VISMA_CLIENT_ID,
    "client_secret": world.VISMA_CLIENT_SECRET,
    "visma_tenant_id": world.VISMA_COMPANY_TENANT_ID,
    "company_id": world.VISMA_COMPANY_ID,
}


@dataclass
class Setup:
    """The pages of one tenant's setup, asked for as a browser without scripts would."""

    client: Client
    tenant: Tenant
    sandbox: SandboxServer

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"wizard:{name}", args=[self.tenant.slug, *args])

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(self.url(name, *args), query)

    def post(self, name: str, /, *args: Any, **body: Any) -> Any:
        return self.client.post(self.url(name, *args), body, follow=True)

    def swap(self, name: str, /, *args: Any, **body: Any) -> Any:
        """The same, by htmx."""
        return self.client.post(self.url(name, *args), body, headers={"HX-Request": "true"})

    def board(self, name: str) -> Any:
        return self.sandbox.monday.account.board(name)

    def column(self, board: str, title: str) -> Any:
        return self.board(board).column_titled(title)

    def choose(self, board: str, entity: str = "supplier_invoice") -> BoardMapping:
        """A draft on a board that is there."""
        self.post("boards", entity, board=str(self.board(board).id))
        return BoardMapping.objects.get(board_id=str(self.board(board).id))

    def mutations(self) -> list[Any]:
        entries = self.sandbox.log.entries()
        return [entry for entry in entries if entry.system == "monday" and entry.mutation]


def content_of(mapping: BoardMapping) -> Content:
    return Content.load(MappingDraft.objects.get(mapping=mapping).content)


@pytest.fixture
def setup(alice: User, tenant: Tenant, sandbox: SandboxServer) -> Setup:
    """Nothing is connected yet."""
    client = Client()
    client.force_login(alice)
    return Setup(client, tenant, sandbox)


@pytest.fixture
def connected(setup: Setup, connections: Connections) -> Setup:
    """Both systems are connected and tested."""
    connection_ok(connections.visma)
    connection_ok(connections.monday, user_name=world.INGRID.name)
    return setup


@pytest.fixture
def paired(connected: Setup) -> BoardMapping:
    """Supplier invoices on the seeded board, every suggestion taken."""
    mapping = connected.choose("AP invoices")
    connected.post("accept", mapping.pk)
    return mapping

"""The seeded world as fixtures: a sandbox of both systems and a tenant connected to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping, FieldPairing
from tenants.models import MondayConnection, Tenant, VismaConnection

# Visma field → title of the seeded board's column.
AP_INVOICES = {
    "referenceNumber": "Invoice no",
    "supplier.name": "Supplier",
    "date": "Invoice date",
    "dueDate": "Due date",
    "amount_in_currency": "Amount",
    "currencyId": "Currency",
    "balanceInCurrency": "Balance",
    "status": "Status",
    "supplierReference": "Supplier reference",
    "description": "Description",
}
ORDERS = {
    "orderNbr": "Order no",
    "supplier.name": "Supplier",
    "date": "Order date",
    "promisedOn": "Promised",
    "orderTotal": "Total",
    "currency": "Currency",
    "openQuantity": "Open quantity",
    "status": "Status",
}


@dataclass(frozen=True)
class Connections:
    visma: VismaConnection
    monday: MondayConnection


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[SandboxServer]:
    """One server for the session; tests take ``sandbox``, which starts from the seed."""
    server = SandboxServer(port=0, seed=1)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sandbox(sandbox_server: SandboxServer, settings: Any) -> SandboxServer:
    """Both outside systems, freshly seeded, with the settings pointing at them."""
    sandbox_server.reset()
    settings.VISMA_API_URL = f"{sandbox_server.url}/visma"
    settings.VISMA_TOKEN_URL = f"{sandbox_server.url}/visma/connect/token"
    settings.MONDAY_API_URL = f"{sandbox_server.url}/monday/v2"
    settings.MONDAY_AUTHORIZE_URL = f"{sandbox_server.url}/monday/oauth2/authorize"
    settings.MONDAY_TOKEN_URL = f"{sandbox_server.url}/monday/oauth_ms/oauth/token"
    return sandbox_server


@pytest.fixture
def tenant(db: None) -> Tenant:
    return Tenant.objects.create(slug="nordlys", name="Nordlys Grossist AS")


@pytest.fixture
def foreign_tenant(db: None) -> Tenant:
    """Another customer of the same deployment: nothing of the first may reach it."""
    return Tenant.objects.create(slug="sydvest", name="Sydvest Handel AB")


@pytest.fixture
def connections(tenant: Tenant) -> Connections:
    """The tenant's way into the sandbox's company and its account."""
    visma = VismaConnection.objects.create(
        tenant=tenant,
        client_id=world.VISMA_CLIENT_ID,
        client_secret=world.VISMA_CLIENT_SECRET,
        visma_tenant_id=world.VISMA_COMPANY_TENANT_ID,
        company_id=world.VISMA_COMPANY_ID,
        company_name=world.VISMA_COMPANY_NAME,
    )
    monday = MondayConnection.objects.create(
        tenant=tenant,
        token=world.MONDAY_TOKEN,
        account_id=str(world.MONDAY_ACCOUNT_ID),
        account_name=world.MONDAY_ACCOUNT_NAME,
        plan_tier=world.MONDAY_TIER,
    )
    return Connections(visma, monday)


@pytest.fixture
def mapping(connections: Connections, sandbox: SandboxServer) -> BoardMapping:
    """Supplier invoices on the seeded board "AP invoices", active, read every minute."""
    name = "{referenceNumber} {supplier.name}"
    return map_board(connections, sandbox, ("supplier_invoice", "AP invoices", name), AP_INVOICES)


@pytest.fixture
def order_mapping(connections: Connections, sandbox: SandboxServer) -> BoardMapping:
    """Purchase orders on the seeded board "Purchase orders"."""
    name = "{orderNbr} {supplier.name}"
    return map_board(connections, sandbox, ("purchase_order", "Purchase orders", name), ORDERS)


def map_board(
    connections: Connections,
    sandbox: SandboxServer,
    what: tuple[str, str, str],
    pairs: dict[str, str],
) -> BoardMapping:
    """``what``: the entity, the board's title and the item name's template."""
    entity, title, item_name = what
    board = next(b for b in sandbox.monday.account.boards.values() if b.name == title)
    columns = {column.title: column for column in board.columns.values()}
    mapping = BoardMapping.objects.create(
        tenant=connections.visma.tenant,
        visma=connections.visma,
        monday=connections.monday,
        name=title,
        entity=entity,
        board_id=str(board.id),
        board_name=board.name,
        group_id=next(iter(board.groups)),
        item_name=item_name,
        key_column=columns["Visma key"].id,
        poll_minutes=1,
        active=True,
    )
    FieldPairing.objects.bulk_create(
        FieldPairing(
            mapping=mapping,
            position=position,
            field=field,
            column_id=columns[title].id,
            column_title=title,
            column_type=columns[title].type,
        )
        for position, (field, title) in enumerate(pairs.items())
    )
    return mapping

"""A workspace with three records, whose connections lead to the sandbox and its boards."""

from django.utils import timezone

from connector.models import (
    AccountLimits,
    Action,
    AuditEntry,
    BoardLane,
    LinkState,
    Outcome,
    RecordLink,
    SourceRecord,
)
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync.audit import SYSTEM
from connector.sync.boards import read_board
from connector.visma.records import canonical
from mappings.catalog import ENTITIES
from mappings.models import BoardMapping, FieldPairing
from tenants.models import Tenant
from tests.benchmarks.remote import Remote
from tests.connector.console.conftest import Workspace, make_workspace
from tests.world import AP_INVOICES

TITLE = "AP invoices"
MAPPINGS = 12
NO_LIMIT = 1_000_000_000


def begin(outside: Remote) -> Workspace:
    """Twelve mappings, three records and one call; supplier invoices go to a board of the sandbox
    that has lost a column."""
    tenant = Tenant.objects.create(slug="crowd", name="Stor Grossist AS")
    workspace = make_workspace(tenant, 99)
    model = (
        SandboxServer()
    )  # the same seed gives the same boards and records as the one that serves
    _connect(workspace, model)
    _add_mappings(workspace)
    for number, state in enumerate((LinkState.WAITING, LinkState.FAILED, LinkState.DELIVERED), 1):
        workspace.add(number, state)
    invoice = next(iter(model.visma.company.tables["supplier_invoice"].rows()))
    SourceRecord.objects.update(payload=canonical(invoice).decode())
    workspace.call()
    _tell_much(workspace)
    lost = {"act": "column_delete", "board": workspace.mapping.board_id, "column": "Due date"}
    outside.post("act", **lost)
    read_board(workspace.mapping)
    return workspace


def _tell_much(workspace: Workspace) -> None:
    """An entry as long as most: what an update of three fields says."""
    link = RecordLink.objects.select_related("record").latest("pk")
    change = {"field": "", "column": "c", "title": "Due date", "before": "2026-11-01"}
    AuditEntry.objects.create(
        tenant=workspace.tenant,
        at=timezone.now(),
        actor=SYSTEM,
        action=Action.CREATE,
        outcome=Outcome.DONE,
        mapping_name=workspace.mapping.name,
        mapping_version=1,
        entity=link.record.entity,
        record_key=link.record.key,
        number=link.record.number,
        party=link.record.party,
        board_id=workspace.mapping.board_id,
        item_id=link.item_id or "",
        changes=[{**change, "after": f"2026-12-{day:02}"} for day in (1, 2, 3)],
        link=link,
        run=workspace.run,
    )


def _connect(workspace: Workspace, model: SandboxServer) -> None:
    visma, monday, mapping = workspace.visma, workspace.monday, workspace.mapping
    board = next(b for b in model.monday.account.boards.values() if b.name == TITLE)
    visma.client_id, visma.client_secret = world.VISMA_CLIENT_ID, world.VISMA_CLIENT_SECRET
    visma.visma_tenant_id, visma.company_id = world.VISMA_COMPANY_TENANT_ID, world.VISMA_COMPANY_ID
    visma.save()
    monday.token, monday.account_id = world.MONDAY_TOKEN, str(world.MONDAY_ACCOUNT_ID)
    monday.save()
    BoardLane.objects.update(account=monday.account_key, board_id=str(board.id))
    AccountLimits.objects.create(
        account=monday.account_key,
        minute_quota=NO_LIMIT,
        complexity_quota=NO_LIMIT,
        daily_quota=NO_LIMIT,
    )
    columns = {column.title: column for column in board.columns.values()}
    mapping.board_id, mapping.key_column = str(board.id), columns["Visma key"].id
    mapping.save()
    mapping.pairings.all().delete()
    FieldPairing.objects.bulk_create(
        FieldPairing(
            mapping=mapping,
            position=position,
            field=field,
            column_id=columns[title].id,
            column_title=title,
            column_type=columns[title].type,
        )
        for position, (field, title) in enumerate(AP_INVOICES.items())
    )
    read_board(mapping)


def _add_mappings(workspace: Workspace) -> None:
    """Of other entities, live and without a record."""
    first = workspace.mapping
    for number, entity in enumerate(list(ENTITIES)[: MAPPINGS - 1]):
        BoardMapping.objects.create(
            tenant=workspace.tenant,
            visma=workspace.visma,
            monday=workspace.monday,
            name=f"{ENTITIES[entity].plural} {number}",
            entity=entity,
            board_id=str(900 + number),
            board_name=f"Board {number}",
            item_name=ENTITIES[entity].item_name,
            board_columns=first.board_columns,
            board_read_at=first.board_read_at,
            went_live_at=first.went_live_at,
            active=True,
        )

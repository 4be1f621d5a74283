"""Workspaces with something in every list, made row by row: no outside system is needed."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connector.models import (
    Action,
    ApiCall,
    AuditEntry,
    BoardLane,
    GoodsReceipt,
    LinkState,
    Outcome,
    ReceiptState,
    RecordLink,
    SourceRecord,
    SyncRun,
    Trigger,
    Watermark,
)
from connector.sync.board_state import carried
from mappings.columns import Column
from mappings.drift import compare
from mappings.models import BoardMapping, FieldPairing
from mappings.render import Pair
from tenants.invitations import invitation_create
from tenants.models import (
    Health,
    Invitation,
    Membership,
    MondayConnection,
    Role,
    Tenant,
    VismaConnection,
)
from tests.people import person

PAYLOAD = (
    '{"documentType":"Invoice","referenceNumber":"%s","supplier":{"name":"Ødegård Frukt AS"},'
    '"dueDate":"2026-08-13T00:00:00","status":"Open","currencyId":"NOK",'
    '"balanceInCurrency":1234.5600}'
)
COLUMNS: list[dict[str, Any]] = [
    {"id": "no", "title": "Invoice no", "type": "text", "settings": {}},
    {"id": "due", "title": "Due date", "type": "date", "settings": {}},
    {"id": "balance", "title": "Balance", "type": "numbers", "settings": {}},
]
PAIRS = {"referenceNumber": "no", "dueDate": "due", "balanceInCurrency": "balance"}
WHY = {
    "failure_code": "label_missing",
    "failure_happened": "Column “Status” has no label “Open”.",
    "failure_remedy": "Add the label in monday.com, then replay.",
    "failure_fixer": "you",
}


@dataclass
class Workspace:
    """One tenant with a mapping, its connections, records and people."""

    tenant: Tenant
    visma: VismaConnection
    monday: MondayConnection
    mapping: BoardMapping
    run: SyncRun
    invitation: Invitation
    colleague: Membership

    def add(self, number: int, state: str = LinkState.DELIVERED, **facts: Any) -> RecordLink:
        """A record in this state, with the entry that tells how it came there."""
        record = SourceRecord.objects.create(
            connection=self.visma,
            entity="supplier_invoice",
            key=f"Invoice:2{number:05}",
            payload=PAYLOAD % f"2{number:05}",
            content_hash="0" * 64,
            modified_at="2026-11-20T08:11:02.31",
            number=f"2{number:05}",
            party="Ødegård Frukt AS",
            amount=Decimal("1234.56"),
            currency="NOK",
            changed_at=timezone.now(),
        )
        return self._link(record, number, state, facts)

    def _link(self, record: SourceRecord, number: int, state: str, facts: Any) -> RecordLink:
        now = timezone.now()
        on_board = state == LinkState.DELIVERED
        why = WHY if state in (LinkState.FAILED, LinkState.GONE, LinkState.UNCERTAIN) else {}
        link = RecordLink.objects.create(
            mapping=self.mapping,
            record=record,
            run=self.run,
            state=state,
            item_id=str(10**6 + number) if on_board else None,
            delivered={"name": record.number, "cells": {"no": record.number}} if on_board else {},
            delivered_at=now if on_board else None,
            failed_at=now if why else None,
            **{"waiting_since": now, **why, **facts},
        )
        self._tell(link, Outcome.DONE if on_board else Outcome.FAILED)
        return link

    def _tell(self, link: RecordLink, outcome: str) -> None:
        record = link.record
        AuditEntry.objects.create(
            tenant=self.tenant,
            at=timezone.now(),
            actor="ml-connector",
            action=Action.CREATE,
            outcome=outcome,
            mapping_name=self.mapping.name,
            mapping_version=1,
            entity=record.entity,
            record_key=record.key,
            number=record.number,
            party=record.party,
            message=link.failure_happened,
            link=link,
            run=self.run,
        )

    def refuse_receipt(self, **facts: Any) -> GoodsReceipt:
        """“Received” on an item of the mapping, which Visma refused."""
        self.mapping.receive = {"column": "got", "label": "Received", "problem_label": "Problem"}
        self.mapping.save(update_fields=["receive"])
        link = RecordLink.objects.filter(mapping=self.mapping).earliest("pk")
        now = timezone.now()
        refused = {
            "item_id": link.item_id or "1",
            "state": ReceiptState.REFUSED,
            "code": "order_closed",
            "happened": "Order 500254 is Hold in Visma, so goods cannot be received on it.",
            "remedy": "Take the order off hold in Visma, then set the label again.",
        }
        return GoodsReceipt.objects.create(
            mapping=self.mapping,
            link=link,
            asked_at=now,
            finished_at=now,
            label_left=True,
            **{"told": True, **refused, **facts},
        )

    def call(self, operation: str = "create_items", *, mutation: bool = True) -> ApiCall:
        now = timezone.now()
        return ApiCall.objects.create(
            account=self.monday.account_key,
            tenant=self.tenant,
            board_id=self.mapping.board_id,
            operation=operation,
            mutation=mutation,
            cost=100,
            started_at=now,
            finished_at=now,
            expires_at=now,
            status=200,
        )


def make_connections(tenant: Tenant, number: int) -> tuple[VismaConnection, MondayConnection]:
    visma = VismaConnection.objects.create(
        tenant=tenant,
        client_id="isv",
        client_secret="canary-visma-secret",
        visma_tenant_id="t",
        company_id=f"40{number}",
        company_name=tenant.name,
        health=Health.OK,
    )
    monday = MondayConnection.objects.create(
        tenant=tenant,
        token="canary-monday-token",
        account_id=f"77{number}",
        account_name=tenant.name,
        plan_tier="pro",
        health=Health.OK,
    )
    return visma, monday


def make_workspace(tenant: Tenant, number: int) -> Workspace:
    visma, monday = make_connections(tenant, number)
    now = timezone.now()
    mapping = BoardMapping.objects.create(
        tenant=tenant,
        visma=visma,
        monday=monday,
        name="AP invoices",
        entity="supplier_invoice",
        board_id=f"1855{number}",
        board_name="AP invoices",
        item_name="{referenceNumber}",
        board_columns=COLUMNS,
        active=True,
        went_live_at=now,
    )
    FieldPairing.objects.bulk_create(
        FieldPairing(mapping=mapping, position=n, field=field, column_id=column)
        for n, (field, column) in enumerate(PAIRS.items())
    )
    BoardLane.objects.create(account=monday.account_key, board_id=mapping.board_id)
    Watermark.objects.create(
        connection=visma,
        entity=mapping.entity,
        position="2026-11-20T08:11:02.31",
        last_complete_at=now,
    )
    run = SyncRun.objects.create(
        mapping=mapping,
        trigger=Trigger.SCHEDULE,
        started_at=now - timedelta(minutes=1),
        read_until=now,
        finished_at=now,
        read=2,
        created=1,
        failed=1,
    )
    invitation, _ = invitation_create(tenant, email="new@example.test", role="operator", by="x")
    colleague = person(f"colleague-{number}", tenant, Role.OPERATOR).memberships.get()
    return Workspace(tenant, visma, monday, mapping, run, invitation, colleague)


def lose_a_column(workspace: Workspace) -> dict[str, Any]:
    """As a look at the board leaves it, once people have deleted the column “Due date”."""
    mapping, now = workspace.mapping, timezone.now()
    before = {column["id"]: Column(**column) for column in COLUMNS}
    after = {name: column for name, column in before.items() if name != "due"}
    found = compare([Pair("dueDate", "due")], before, after)
    mapping.board_columns = [column for column in COLUMNS if column["id"] != "due"]
    mapping.drift = carried([], found, now)
    mapping.save()
    return mapping.drift[0]  # type: ignore[no-any-return]


@pytest.fixture
def workspace(tenant: Tenant) -> Workspace:
    """Two records: one on the board, one failed."""
    made = make_workspace(tenant, 21)
    made.add(1)
    made.add(2, LinkState.FAILED)
    return made


@pytest.fixture
def foreign(foreign_tenant: Tenant) -> Workspace:
    made = make_workspace(foreign_tenant, 22)
    made.add(1001)
    made.add(1002, LinkState.FAILED)
    return made


def signed_in(role: Role, workspace: Workspace) -> Client:
    """A browser of a new member with this role."""
    member = person(f"{role.value}-{workspace.tenant.slug}", workspace.tenant, role)
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def owner(workspace: Workspace) -> Client:
    return signed_in(Role.OWNER, workspace)


@pytest.fixture
def operator(workspace: Workspace) -> Client:
    return signed_in(Role.OPERATOR, workspace)


@pytest.fixture
def auditor(workspace: Workspace) -> Client:
    return signed_in(Role.AUDITOR, workspace)

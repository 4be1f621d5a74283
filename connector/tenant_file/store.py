"""Carries a plan out: key columns first, then every row in one transaction, told to the audit."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from connector.errors import ConnectorError
from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.sync import pauses
from connector.sync.activate import activate, deactivate, replan
from connector.tenant_file.board_columns import KEY_TITLE, KEY_TYPE, columns_of
from connector.tenant_file.connections import ConnectionPlan
from connector.tenant_file.mapping_plan import MappingPlan
from connector.tenant_file.mapping_planner import PLACE
from connector.tenant_file.plan import ImportPlan, Step
from connector.tenant_file.problems import Problem, TenantFileError
from mappings import services as mappings
from mappings.models import FieldPairing
from tenants import services
from tenants.models import MondayConnection, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)

# A change of one of these makes a new version of the mapping: every record is planned anew.
CONTENT = {*mappings.CONTENT, "pairs", "visma", "monday", "entity", "board_id"}


def store(plan: ImportPlan, *, actor: str) -> list[Step]:
    """Raises TenantFileError when monday refuses a key column, or somebody changed the tenant."""
    steps = list(plan.steps())
    create_key_columns(plan)
    try:
        with transaction.atomic():
            _store(plan, steps, actor)
    except IntegrityError:
        text = "somebody changed this tenant at the same moment; nothing was changed, try again"
        raise TenantFileError([Problem("", text)]) from None
    return steps


def create_key_columns(plan: ImportPlan) -> None:
    """The only thing done outside; done again, it finds the column that is already there."""
    made: dict[tuple[str, str], Any] = {}
    for each in plan.mappings:
        if not each.create_key or plan.outside is None or each.monday is None:
            continue
        board = (each.monday.name, each.row.board_id)
        try:
            if board not in made:
                made[board] = plan.outside.create_column(
                    each.monday.row, each.row.board_id, KEY_TITLE, KEY_TYPE
                )
        except ConnectorError as error:
            text = f"{error.why.happened} {error.why.remedy}"
            raise TenantFileError([Problem(f"{each.part.path}.key_column", text)]) from None
        each.take_key_column(columns_of([made[board]])[0])


def _store(plan: ImportPlan, steps: list[Step], actor: str) -> None:
    if plan.tenant_changes or plan.tenant.pk is None:
        plan.tenant.save()
    for member in plan.members:
        if member.changes:
            password = member.part.password or ""
            services.member_add(
                plan.tenant, email=member.part.email, role=member.role, password=password
            )
    for visma in plan.visma.values():
        _store_connection(visma, plan)
    for monday in plan.monday.values():
        _store_connection(monday, plan)
    # What subitems stand under comes first.
    for mapping in sorted(plan.mappings, key=lambda made: made.over is not None):
        _store_mapping(mapping, plan, actor)
    _tell(plan, steps, actor)


def _store_connection(made: ConnectionPlan[C], plan: ImportPlan) -> None:
    row = made.row
    if row.pk is None:
        row.tenant = plan.tenant
        row.save()
    elif made.changes:
        # Only these: a worker may have renewed the access token since the row was read.
        row.save(update_fields=[change.field for change in made.changes])
    if made.changes and {change.field for change in made.changes} & set(services.CREDENTIALS):
        services.connection_unproven(row)
    if made.facts:
        pauses.connection_works(row, **made.facts)


def _store_mapping(made: MappingPlan, plan: ImportPlan, actor: str) -> None:
    row, is_new, was_active = made.row, made.row.pk is None, made.row.active
    if made.visma is None or made.monday is None:
        raise TypeError("A plan with problems cannot be stored.")
    row.tenant, row.visma, row.monday = plan.tenant, made.visma.row, made.monday.row
    row.parent = made.over or row.parent
    _save_mapping(made)
    if not is_new and any(change.field in CONTENT for change in made.changes):
        replan(row, by=actor)
    moves = not is_new and any(change.field in PLACE for change in made.changes)
    if made.active and (moves or not was_active):
        activate(row, by=actor)
    elif was_active and not made.active:
        deactivate(row)


def _save_mapping(made: MappingPlan) -> None:
    new_board = made.sees_another_board()
    if new_board:
        made.take_board(database_now())
    if made.row.pk is None:
        made.row.save()
    elif changed := made.changed_fields(new_board):
        made.row.save(update_fields=changed)
    if new_board or any(change.field == "pairs" for change in made.changes):
        _replace_pairings(made)


def _replace_pairings(made: MappingPlan) -> None:
    """With the titles and types the columns have now; the pairs a file does not name stay."""
    if made.pairings is None:
        return
    made.row.pairings.all().delete()
    for pairing in made.pairings:
        pairing.mapping = made.row
    FieldPairing.objects.bulk_create(made.pairings)


def _tell(plan: ImportPlan, steps: list[Step], actor: str) -> None:
    now = database_now()
    rows = {made.row.name: made.row for made in plan.mappings}
    entries = []
    for step in steps:
        row = rows.get(step.name) if step.kind == "mapping" else None
        if step.verb == "keep":
            continue
        entries.append(
            AuditEntry(
                tenant=plan.tenant,
                at=now,
                actor=actor,
                action=Action.CONFIGURE,
                outcome=Outcome.DONE,
                mapping_name=row.name if row else "",
                mapping_version=row.version if row else None,
                entity=row.entity if row else "",
                board_id=row.board_id if row else "",
                changes=[change.as_audit() for change in step.changes],
                message=f"Tenant file: {step.verb} {step.kind} “{step.name}”",
            )
        )
    AuditEntry.objects.bulk_create(entries)

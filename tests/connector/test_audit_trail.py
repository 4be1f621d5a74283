"""Audit entries are written once: Python says so, and so does the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from connector.models import Action, AppendOnly, AuditEntry, Outcome
from connector.models.clock import database_now
from tenants.models import Tenant

TABLE = AuditEntry._meta.db_table


@pytest.fixture
def entry(tenant: Tenant) -> AuditEntry:
    return AuditEntry.objects.create(
        tenant=tenant,
        at=database_now(),
        actor="kari@nordlys.example",
        action=Action.REPLAY,
        outcome=Outcome.DONE,
        message="as it was",
    )


def test_an_entry_cannot_be_saved_again(entry: AuditEntry) -> None:
    entry.message = "as it suits me"
    with pytest.raises(AppendOnly):
        entry.save()

    assert AuditEntry.objects.get().message == "as it was"


def test_an_entry_cannot_be_deleted(entry: AuditEntry) -> None:
    with pytest.raises(AppendOnly):
        entry.delete()

    assert AuditEntry.objects.count() == 1


def test_entries_cannot_be_changed_or_deleted_together(entry: AuditEntry) -> None:
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(message="as it suits me")
    with pytest.raises(AppendOnly):
        AuditEntry.objects.filter(pk=entry.pk).delete()

    assert AuditEntry.objects.get().message == "as it was"


@pytest.mark.parametrize(
    "statement",
    [f"UPDATE {TABLE} SET message = ''", f"DELETE FROM {TABLE}", f"TRUNCATE {TABLE}"],  # noqa: S608
)
def test_the_database_itself_refuses(entry: AuditEntry, statement: str) -> None:
    if connection.vendor == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite knows no TRUNCATE")
    connection.check_constraints()  # PostgreSQL truncates nothing while a check is still due
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().message == "as it was"


def test_a_tenant_with_a_history_cannot_be_deleted_past_it(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError):
        entry.tenant.delete()

    assert AuditEntry.objects.count() == 1

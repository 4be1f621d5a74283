"""Connections with a canary for a secret, and encryption keys that a test may change."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.db import connection
from encrypted_model_fields import fields as encrypted
from pytest_django.fixtures import Settings

from tenants.models import MondayConnection, Tenant, VismaConnection

CANARY = "canary-secret-8f1c"
UseKeys = Callable[..., None]


def make_visma(tenant: Tenant, *, name: str = "main", company: str = "4021") -> VismaConnection:
    return VismaConnection.objects.create(
        tenant=tenant,
        name=name,
        client_id="isv_nordlys",
        client_secret=CANARY,
        visma_tenant_id="0b0f6b3e-0000-4000-8000-000000000001",
        company_id=company,
    )


@pytest.fixture
def visma(tenant: Tenant) -> VismaConnection:
    return make_visma(tenant)


@pytest.fixture
def monday(tenant: Tenant) -> MondayConnection:
    return MondayConnection.objects.create(tenant=tenant, token=CANARY)


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> UseKeys:
    """Put a ring of keys in force, as a process started with these settings would have it."""

    def put(*keys: str) -> None:
        settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEY = list(keys)
        # The package builds this once at import; a changed setting alone has no effect.
        monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(key) for key in keys]))

    return put


def new_key() -> str:
    return Fernet.generate_key().decode()


def stored(table: str, column: str, pk: int) -> str:
    """What the database holds, past the field."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])  # noqa: S608
        row = cursor.fetchone()
    return str(row[0])


def overwrite(statement: str) -> None:
    """Change rows past the field, as a careless script would."""
    with connection.cursor() as cursor:
        cursor.execute(statement)

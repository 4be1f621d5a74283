"""Four stock people for every test of access: owner, colleague, auditor, stranger."""

import pytest
from django.contrib.auth.models import User

from tenants import services
from tenants.models import Role, Tenant

PASSWORD = "a long sentence nobody guesses"


def person(name: str, tenant: Tenant, role: Role) -> User:
    """A member ``name@example.test`` of the tenant, who can sign in."""
    email = f"{name}@example.test"
    return services.member_add(tenant, email=email, role=role, password=PASSWORD).user


@pytest.fixture
def alice(tenant: Tenant) -> User:
    """Owns the tenant."""
    return person("alice", tenant, Role.OWNER)


@pytest.fixture
def bob(tenant: Tenant) -> User:
    """Works in the tenant."""
    return person("bob", tenant, Role.OPERATOR)


@pytest.fixture
def dora(tenant: Tenant) -> User:
    """Audits the tenant."""
    return person("dora", tenant, Role.AUDITOR)


@pytest.fixture
def charlie(foreign_tenant: Tenant) -> User:
    """Owns another tenant and must see nothing of the first."""
    return person("charlie", foreign_tenant, Role.OWNER)

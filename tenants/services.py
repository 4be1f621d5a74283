"""What may be done to tenants, members and connections; every change goes through here."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from tenants.models import (
    Connection,
    Health,
    Membership,
    MondayConnection,
    Role,
    Tenant,
    VismaConnection,
    unguessable,
)

C = TypeVar("C", VismaConnection, MondayConnection)

HEALTH = ("health", "health_reason", "health_remedy", "health_since", "health_checked_at")
# A change of one of these makes what was known about the connection void.
CREDENTIALS = ("client_id", "client_secret", "visma_tenant_id", "company_id", "token")


def tenant_create(*, slug: str, name: str, timezone: str = "Europe/Oslo") -> Tenant:
    """Raises ValidationError for a slug that is taken, or a time zone that does not exist."""
    tenant = Tenant(slug=slug, name=name, timezone=timezone)
    tenant.full_clean()
    tenant.save()
    return tenant


def user_of(email: str) -> User | None:
    """E-mail addresses differ by more than their letters' case, or not at all."""
    return get_user_model().objects.filter(username__iexact=email).first()


@transaction.atomic
def member_add(tenant: Tenant, *, email: str, role: str, password: str = "") -> Membership:
    """Give a person a role; a person new to the deployment gets the first password.

    Somebody who has an account keeps their own password: to know an address must not be enough
    to take an account over. Staff, so that Django admin opens; what they see there is their
    tenants' only (``tenants.access``).
    """
    user = user_of(email) or get_user_model().objects.create_user(
        email.lower(), email.lower(), password or None
    )
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    membership, _created = Membership.objects.update_or_create(
        tenant=tenant, user=user, defaults={"role": Role(role)}
    )
    return membership


def member_change(membership: Membership, *, role: str) -> None:
    """Raises ValidationError rather than leave a tenant without an owner."""
    if role != Role.OWNER:
        _require_another_owner(membership)
    Membership.objects.filter(pk=membership.pk).update(role=Role(role))


def member_remove(membership: Membership) -> None:
    """Raises ValidationError rather than leave a tenant without an owner."""
    _require_another_owner(membership)
    membership.delete()


def is_only_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(tenant=membership.tenant_id, role=Role.OWNER)
    return not owners.exclude(pk=membership.pk).exists() and owners.exists()


def _require_another_owner(membership: Membership) -> None:
    if is_only_owner(membership):
        raise ValidationError(
            f"{membership.user} is the only owner. Make somebody else an owner first."
        )


def free_connection_name(tenant: Tenant, model: type[Connection]) -> str:
    """What a further connection of this kind is called: main, then main 2, …"""
    rows: Any = model._default_manager
    taken = set(rows.filter(tenant=tenant).values_list("name", flat=True))
    names = ("main" if number == 1 else f"main {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def connection_ok(connection: C, **facts: Any) -> None:
    """It works. ``facts``: what the other system said about itself, e.g. ``company_name``."""
    _set_health(connection, Health.OK, reason="", remedy="", facts=facts)


def connection_needs_person(connection: C, *, happened: str, remedy: str) -> None:
    """It cannot be used until a person acts; the words say what happened and what to do."""
    _set_health(connection, Health.NEEDS_PERSON, reason=happened, remedy=remedy, facts={})


def connection_tried(connection: C) -> None:
    """It was tried in vain: what is known of it stays, but for when it was checked."""
    type(connection).objects.filter(pk=connection.pk).update(health_checked_at=timezone.now())


def connection_unproven(connection: C) -> None:
    """Its credentials were changed: what was known, and the access it had, are void."""
    facts: dict[str, Any] = {"checks": []}
    if isinstance(connection, VismaConnection):
        # A renewal under way asks with the former credentials: it must not keep what it gets.
        facts |= dict.fromkeys(("access_token_expires_at", "access_token_renewing_until"))
        facts |= {"access_token": ""}
    else:
        ends = ("token_expires_at", "token_issued_at", "token_renewing_until")
        facts |= {"refresh_token": "", **dict.fromkeys(ends)}
        # Webhooks of the former token may have been signed where those of the new one are not:
        # they are made anew for an address at which nothing was proven yet.
        facts |= {"webhook_path": unguessable()}
    _set_health(connection, Health.UNKNOWN, reason="", remedy="", facts=facts)


def _set_health(
    connection: C, health: Health, *, reason: str, remedy: str, facts: dict[str, Any]
) -> None:
    """One statement, by key: workers hold older copies, and none of them may undo another."""
    model = type(connection)
    now = timezone.now()
    stored: dict[str, Any] = {name: _fitting(model, name, value) for name, value in facts.items()}
    model.objects.filter(pk=connection.pk).update(
        health_since=Case(When(health=health, then="health_since"), default=Value(now)),
        health=health,
        health_reason=reason,
        health_remedy=remedy,
        health_checked_at=now,
        **stored,
    )
    connection.refresh_from_db(fields=[*HEALTH, *stored])


def _fitting(model: type[Connection], name: str, value: Any) -> Any:
    """PostgreSQL refuses a text that is too long: a fact must not make a working link fail."""
    limit: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return value[:limit] if isinstance(value, str) and limit else value

"""Invitations: a place in a tenant, offered by e-mail, taken once, void after a week."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tenants.models import Invitation, Membership, Role, Tenant
from tenants.services import member_add

LIFE = timedelta(days=7)
# More open invitations than a workspace has people is somebody sending mail through us.
MOST_OPEN = 50


def invitation_create(tenant: Tenant, *, email: str, role: str, by: str) -> tuple[Invitation, str]:
    """The invitation and its code, which is kept nowhere; an earlier one to the address is void.

    Raises ValidationError for a member, and for too many open invitations.
    """
    if Membership.objects.filter(tenant=tenant, user__email__iexact=email).exists():
        raise ValidationError(f"{email} is a member already. Change the role in the list.")
    code = secrets.token_urlsafe(32)
    with transaction.atomic():
        open_invitations(tenant).filter(email__iexact=email).delete()
        if open_invitations(tenant).count() >= MOST_OPEN:
            raise ValidationError(
                f"{MOST_OPEN} invitations are open. Withdraw some, or wait until they expire."
            )
        invitation = Invitation.objects.create(
            tenant=tenant,
            email=email.lower(),
            role=Role(role),
            code_hash=_hash(code),
            invited_by=by,
            expires_at=timezone.now() + LIFE,
        )
    return invitation, code


def open_invitations(tenant: Tenant) -> QuerySet[Invitation]:
    return still_open().filter(tenant=tenant)


def still_open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now())


def invitation_of(code: str) -> Invitation | None:
    """None for a code that never was, was used, was withdrawn or has expired."""
    return still_open().filter(code_hash=_hash(code)).select_related("tenant").first()


@transaction.atomic
def invitation_accept(invitation: Invitation, user: User) -> Membership:
    """Take the place. Raises ValidationError for another person, and for a second time."""
    if not is_for(invitation, user):
        raise ValidationError(f"This invitation is for {invitation.email}.")
    taken = still_open().filter(pk=invitation.pk).update(accepted_at=timezone.now())
    if not taken:
        raise ValidationError("This invitation was used, withdrawn, or has expired.")
    existing = Membership.objects.filter(tenant=invitation.tenant, user=user).first()
    # Whoever is a member meanwhile keeps the role that an owner gave them since.
    return existing or member_add(invitation.tenant, email=user.username, role=invitation.role)


def is_for(invitation: Invitation, user: User) -> bool:
    return user.email.lower() == invitation.email.lower()


def _hash(code: str) -> str:
    """A random code of 256 bits needs no slow hash: nobody can guess it."""
    return sha256(code.encode()).hexdigest()

"""One sign-in on its way: begun by an owner in a session, good once and for some minutes."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from connector.models.clock import database_now
from tenants.access import TenantRequest, may
from tenants.models import Membership, MondayConnection, MondaySignIn, Role

# A code of monday's lives ten minutes; so long may a person think on monday's page, too.
GOOD_FOR = timedelta(minutes=20)
# Used ones are kept for a while: coming back with one again is answered, not guessed at.
KEPT = timedelta(days=1)


def begin(
    request: TenantRequest, connection: MondayConnection | None, *, from_setup: bool
) -> tuple[str, str]:
    """The state and the verifier that go along; of the state only a hash is kept."""
    now = database_now()
    MondaySignIn.objects.filter(expires_at__lt=now - KEPT).delete()
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    MondaySignIn.objects.create(
        tenant=request.tenant,
        user=request.user,
        connection=connection,
        state_hash=_hash(state),
        session_hash=_session_of(request),
        verifier=verifier,
        from_setup=from_setup,
        expires_at=now + GOOD_FOR,
    )
    return state, verifier


def finish(request: HttpRequest) -> MondaySignIn | None:
    """The sign-in that this request ends; None for every other, which is then void for good."""
    state_hash = _hash(request.GET.get("state", ""))
    with transaction.atomic():
        waiting = MondaySignIn.objects.filter(
            state_hash=state_hash, used_at=None, expires_at__gt=database_now()
        )
        if not waiting.update(used_at=database_now()):
            return None
    found = MondaySignIn.objects.select_related("tenant", "connection").get(state_hash=state_hash)
    return found if _is_theirs(request, found) else None


def _is_theirs(request: HttpRequest, found: MondaySignIn) -> bool:
    """Whoever comes back must be who went, in the same session, and still an owner."""
    same = request.user.pk == found.user_id and _session_of(request) == found.session_hash
    member = Membership.objects.filter(tenant=found.tenant_id, user=found.user_id).first()
    return same and member is not None and may(member, Role.OWNER)


def _session_of(request: HttpRequest) -> str:
    return _hash(request.session.session_key or secrets.token_urlsafe())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

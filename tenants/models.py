"""Tenants, their members, and their connections to Visma.net and monday.com."""

import secrets
import zoneinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tenants.fields import SecretTextField
from tenants.querysets import TenantQuerySet

HEAVIEST = 10


def validate_timezone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Write one such as Europe/Oslo.")


class Tenant(models.Model):
    """A customer company: the wall around every query."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(
        max_length=64, default="Europe/Oslo", validators=[validate_timezone]
    )
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(HEAVIEST)],
        help_text="Where tenants wait for the same workers or account, one of weight 2 gets twice "
        f"the calls of one of weight 1. From 1 to {HEAVIEST}.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()
    TENANT_PATH = "pk"

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, HEAVIEST)), name="tenant_weight"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner: connections, mappings, members"
    OPERATOR = "operator", "Operator: works with records and replays"
    AUDITOR = "auditor", "Auditor: reads and exports"


# Each role may do what the ones before it may.
RANKS = (Role.AUDITOR, Role.OPERATOR, Role.OWNER)


class Membership(models.Model):
    """A person in a tenant, with what they may do there."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.tenant} as {self.role}"


class Invitation(models.Model):
    """A place in a tenant for whoever reads a mailbox. Of the code that proves it only a hash."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role.choices)
    code_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.tenant} as {self.role}"


class Health(models.TextChoices):
    UNKNOWN = "unknown", "Not checked yet"
    OK = "ok", "Works"
    NEEDS_PERSON = "needs_person", "Needs a person"


def unguessable() -> str:
    """A part of an address that nobody finds by trying."""
    return secrets.token_urlsafe(32)


class Connection(models.Model):
    """A tenant's standing link to one outside system, with its health."""

    name = models.CharField(max_length=100, default="main")
    health = models.CharField(max_length=16, choices=Health.choices, default=Health.UNKNOWN)
    health_reason = models.TextField(blank=True, default="")
    health_remedy = models.TextField(blank=True, default="")
    health_since = models.DateTimeField(null=True, blank=True)
    health_checked_at = models.DateTimeField(null=True, blank=True)
    # The last connection test, line by line, as `connector.sync.checks` tells it.
    checks = models.JSONField(default=list, blank=True)
    # Where its webhooks come in. Whoever knows the address may call it: only owners see it.
    webhook_path = models.CharField(max_length=64, unique=True, editable=False, default=unguessable)
    # When a worker was told that hints wait; empty again once it looks.
    hints_nudged_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    SYSTEM = ""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def sealed(self, name: str, text: str) -> Any:
        """A secret of this row for ``update``, which by itself does not know whose row it is."""
        field = self._meta.get_field(name)
        if not isinstance(field, SecretTextField):
            raise TypeError(f"{name} is no secret.")
        return field.sealed_for(self, text)

    @property
    def webhook_url(self) -> str:
        """The address to give to the other system; a secret of the owners."""
        return f"{settings.PUBLIC_URL}/hooks/{self.SYSTEM}/{self.webhook_path}/"

    @property
    def health_words(self) -> str:
        said = [Health(self.health).label, self.health_reason, self.health_remedy]
        return ". ".join(part.rstrip(".") for part in said if part)


class VismaConnection(Connection):
    """One Visma.net company, read with OAuth client credentials."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="visma_connections")
    client_id = models.CharField(max_length=200)
    client_secret = SecretTextField()
    # Visma's own word is "tenant id"; `tenant_id` is taken by the foreign key above.
    visma_tenant_id = models.CharField(max_length=64)
    company_id = models.CharField(max_length=32)
    company_name = models.CharField(max_length=200, blank=True, default="")
    # Of the webhook in the Developer Portal; several, separated by commas, while one is replaced.
    webhook_key = SecretTextField(blank=True, default="")
    # The bearer token all workers share; renewed by one of them at a time.
    access_token = SecretTextField(blank=True, default="")
    access_token_expires_at = models.DateTimeField(null=True, blank=True)
    access_token_renewing_until = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()
    SYSTEM = "visma"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="visma_connection_name_once"),
            models.UniqueConstraint(fields=["tenant", "company_id"], name="visma_company_once"),
        ]


class MondayConnection(Connection):
    """One monday.com account, written to with a personal token or an app's OAuth token."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="monday_connections")
    token = SecretTextField()
    # Of an app whose tokens end: each renewal gives another one, and the former is worthless.
    refresh_token = SecretTextField(blank=True, default="")
    token_expires_at = models.DateTimeField(null=True, blank=True)
    token_issued_at = models.DateTimeField(null=True, blank=True)
    token_renewing_until = models.DateTimeField(null=True, blank=True)
    account_id = models.CharField(max_length=32, blank=True, default="")
    account_name = models.CharField(max_length=200, blank=True, default="")
    account_slug = models.CharField(max_length=100, blank=True, default="")
    plan_tier = models.CharField(max_length=32, blank=True, default="")
    user_id = models.CharField(max_length=32, blank=True, default="")
    user_name = models.CharField(max_length=200, blank=True, default="")
    # The customer's own cap; monday has no such limit on item writes.
    mutations_per_minute = models.PositiveIntegerField(default=40)

    objects = TenantQuerySet.as_manager()
    SYSTEM = "monday"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="monday_connection_name_once"),
        ]

    @property
    def by_app(self) -> bool:
        """Connected with monday's own sign-in, rather than with a personal token."""
        return self.token_issued_at is not None

    @property
    def account_key(self) -> str:
        """Who shares limits: the account once it is known, this connection until then."""
        return f"monday:{self.account_id or f'connection-{self.pk}'}"


class MondaySignIn(models.Model):
    """A person sent to monday to allow the app; good once, for one session, for some minutes."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="monday_sign_ins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The connection that is to work again; empty for a new one.
    connection = models.ForeignKey(MondayConnection, models.CASCADE, null=True, related_name="+")
    # Of the state and the session only hashes: whoever reads the table cannot come back with them.
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    verifier = SecretTextField()
    from_setup = models.BooleanField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = TenantQuerySet.as_manager()

    def __str__(self) -> str:
        return f"sign-in of {self.user} at monday for {self.tenant}"


class SealedText(models.Model):
    """A secret that another package's row refers to; see tenants.sealing."""

    text = SecretTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"sealed text {self.pk}"


class KeyCanary(models.Model):
    """One row with a known text: if it does not open, the process has the wrong keys."""

    sealed = SecretTextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="key_canary_only_one"),
        ]

    def __str__(self) -> str:
        return "key canary"

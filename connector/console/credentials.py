"""New credentials of a connection: typed, tried, and only then stored."""

from copy import copy
from typing import Any

from django import forms

from connector.clients import monday_on_trial, visma_on_trial
from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.sync import pauses
from connector.sync.companies import refuse_other_company
from connector.sync.probes import monday_facts, refuse_other_account
from tenants import services as tenants
from tenants.fields import SecretInput
from tenants.models import MondayConnection, VismaConnection


class SecretField(forms.CharField):
    """Typed anew each time; nothing that is stored is ever rendered."""

    widget = SecretInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4_000, **kwargs)


class VismaCredentialsForm(forms.Form):
    """The company stays: another company is another connection."""

    client_id = forms.CharField(
        label="Client id",
        max_length=200,
        help_text="Visma Developer Portal → My Applications → your application → Client ID.",
    )
    client_secret = SecretField(
        label="Client secret",
        help_text="Visma Developer Portal → your application → Credentials → Generate secret. "
        "It is sealed and never shown again.",
    )
    visma_tenant_id = forms.CharField(
        label="Tenant id",
        max_length=64,
        help_text="Visma Admin → Company → Edit → Configuration → Tenant id. The company's own, "
        "not the customer's: with that one Visma answers nothing.",
    )

    def __init__(self, *args: Any, connection: VismaConnection, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "client_id": connection.client_id,
            "visma_tenant_id": connection.visma_tenant_id,
        }
        super().__init__(*args, **kwargs)


class MondayCredentialsForm(forms.Form):
    """A token of the same account: board ids mean nothing in another."""

    token = SecretField(
        label="Token",
        help_text="monday.com → your picture → Developers → My access tokens → Show. "
        "It is sealed and never shown again.",
    )

    def __init__(self, *args: Any, connection: MondayConnection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


FORMS: dict[str, Any] = {"visma": VismaCredentialsForm, "monday": MondayCredentialsForm}


def replace_credentials(connection: Any, typed: dict[str, str], *, by: str) -> None:
    """Raises ConnectorError, and stores nothing, where the other system refuses them."""
    if isinstance(connection, VismaConnection):
        refuse_other_company(connection, visma_tenant_id=typed["visma_tenant_id"])
    trial = copy(connection)
    for name, value in typed.items():
        setattr(trial, name, value.strip())
    facts = _proven(trial)
    for name in typed:
        setattr(connection, name, getattr(trial, name))
    connection.save(update_fields=list(typed))
    tenants.connection_unproven(connection)
    pauses.connection_works(connection, **facts)
    AuditEntry.objects.create(
        tenant_id=connection.tenant_id,
        at=database_now(),
        actor=by,
        action=Action.CONFIGURE,
        outcome=Outcome.DONE,
        message=f"{by} replaced the credentials of the connection “{connection.name}”.",
    )


def _proven(trial: Any) -> dict[str, str]:
    """What the other system says about itself once it accepts the credentials."""
    if isinstance(trial, VismaConnection):
        company = visma_on_trial(trial).company()
        return {"company_name": str(company.get("name") or company.get("organizationName") or "")}
    facts = monday_facts(monday_on_trial(trial).me())
    refuse_other_account(trial, facts["account_id"], facts["account_name"])
    return facts

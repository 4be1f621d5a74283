"""A connection made, or made to work again, with what a person has allowed at monday."""

from copy import copy

from django.db import transaction

from connector.clients import monday_give_back, monday_on_trial, monday_token
from connector.errors import ConnectorError
from connector.models import Action, AuditEntry, Outcome
from connector.models.clock import database_now
from connector.monday.auth import Token
from connector.sync import pauses
from connector.sync.probes import monday_facts, refuse_other_account
from connector.tokens import token_facts
from tenants import services as tenants
from tenants.models import MondayConnection, MondaySignIn


def connect(attempt: MondaySignIn, code: str, *, back: str, by: str) -> MondayConnection:
    """Raises ConnectorError, and keeps nothing, where monday or the account is not the right one.

    The token is used once before it is stored, to learn whose account it is for: one of another
    account must never stand on the row, not even for a moment.
    """
    token = monday_token(code, verifier=attempt.verifier, back=back)
    connection = attempt.connection or MondayConnection(
        tenant=attempt.tenant, name=tenants.free_connection_name(attempt.tenant, MondayConnection)
    )
    try:
        facts = _account_of(connection, token)
    except ConnectorError:
        monday_give_back(token)
        raise
    with transaction.atomic():
        _store(connection, token)
        pauses.connection_works(connection, **facts)
        _tell(connection, by)
    return connection


def _account_of(connection: MondayConnection, token: Token) -> dict[str, str]:
    trial = copy(connection)
    trial.token = token.value
    facts = monday_facts(monday_on_trial(trial).me())
    refuse_other_account(connection, facts["account_id"], facts["account_name"])
    return facts


def _store(connection: MondayConnection, token: Token) -> None:
    facts = token_facts(token)
    if connection.pk is None:
        connection.token = token.value
        connection.save()
    tenants.connection_unproven(connection)
    for name, value in facts.items():
        setattr(connection, name, value)
    connection.save(update_fields=list(facts))


def _tell(connection: MondayConnection, by: str) -> None:
    AuditEntry.objects.create(
        tenant_id=connection.tenant_id,
        at=database_now(),
        actor=by,
        action=Action.CONFIGURE,
        outcome=Outcome.DONE,
        message=f"{by} connected “{connection.name}” to the monday.com account "
        f"{connection.account_name} with monday's own sign-in.",
    )

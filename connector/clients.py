"""The one door to the network: opens a connection's secrets and hands out clients."""

import os
from typing import Any

from django.conf import settings

from connector.http import Meter, Unmetered
from connector.monday import auth, bulk
from connector.monday.client import MondayClient
from connector.tokens import MondayTokens, StoredTokens, issue, monday_app, opened, session
from connector.visma.client import VismaClient
from connector.visma.writing import VismaWriter
from tenants.models import MondayConnection, VismaConnection

# Shorter than a board's lease (connector.sync.lanes), so that an answer is settled under it.
MONDAY_DEADLINE = 40.0


def visma_client(connection: VismaConnection, meter: Meter) -> VismaClient:
    return VismaClient(**_visma(connection, meter))


def visma_writer(connection: VismaConnection, meter: Meter) -> VismaWriter:
    return VismaWriter(**_visma(connection, meter))


def _visma(connection: VismaConnection, meter: Meter) -> dict[str, Any]:
    return {
        "api_url": settings.VISMA_API_URL,
        "company_id": connection.company_id,
        "tokens": StoredTokens(connection.pk),
        "meter": meter,
        "session": session(os.getpid()),
    }


def monday_client(connection: MondayConnection, meter: Meter) -> MondayClient:
    tokens = MondayTokens(connection.pk)
    return MondayClient(
        api_url=settings.MONDAY_API_URL,
        api_version=settings.MONDAY_API_VERSION,
        token=tokens.current,
        renewable=tokens.renewable,
        meter=meter,
        timeout=MONDAY_DEADLINE,
    )


def upload_rows(load: bulk.Load, rows: str) -> None:
    """Give monday the file of a bulk load. The address is its own permission: no token goes."""
    bulk.upload(session(os.getpid()), load, rows, api_url=settings.MONDAY_API_URL)


def visma_on_trial(connection: VismaConnection) -> VismaClient:
    """For credentials that are checked before they are stored: nothing is kept or counted."""
    return VismaClient(
        api_url=settings.VISMA_API_URL,
        company_id=connection.company_id,
        tokens=TrialTokens(connection),
        meter=Unmetered(),
        session=session(os.getpid()),
    )


def monday_on_trial(connection: MondayConnection) -> MondayClient:
    return MondayClient(
        api_url=settings.MONDAY_API_URL,
        api_version=settings.MONDAY_API_VERSION,
        token=lambda: opened(connection, "token"),
        meter=Unmetered(),
        timeout=MONDAY_DEADLINE,
    )


def monday_token(code: str, *, verifier: str, back: str) -> auth.Token:
    """What monday gives for the code that a person came back with. Raises ConnectorError."""
    app = monday_app()
    assert app is not None  # noqa: S101 - nobody is sent to monday without one
    return auth.exchange(session(os.getpid()), app, code, verifier=verifier, back=back)


def monday_give_back(token: auth.Token) -> None:
    """A token that will not be used is worth nothing to whoever finds it."""
    app = monday_app()
    if app is not None and token.expires_in is not None:
        auth.revoke(session(os.getpid()), app, token)


def prove_credentials(connection: VismaConnection) -> None:
    """Have Visma issue a new token, whatever is stored. Raises ConnectorError."""
    tokens = StoredTokens(connection.pk)
    if stored := tokens.stored(VismaConnection.objects.get(pk=connection.pk)):
        tokens.renew(stored)
    else:
        tokens.current()


class TrialTokens:
    """The bearer token of one check, forgotten with it."""

    def __init__(self, connection: VismaConnection) -> None:
        self.connection = connection
        self.token = ""

    def current(self) -> str:
        return self.token or self.renew("")

    def renew(self, rejected: str) -> str:
        self.token = issue(self.connection).value
        return self.token

"""Tokens that end: shared by all workers through a connection's row, renewed by one of them."""

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

import requests
from django.conf import settings
from django.db.models import Q

from connector.errors import AskAPerson, Explanation, TryAgain
from connector.http import make_session
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.monday.auth import App, Token, refresh
from connector.visma.auth import AccessToken, request_token
from tenants.fields import DecryptionError
from tenants.keys import WrongKeys, require_right_keys
from tenants.models import MondayConnection, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)

USER_AGENT = "ml-connector/0.1"
# Renew before the end: a call under way must not outlive its token.
RENEW_EARLY = timedelta(seconds=120)
# One worker renews, the others wait for it. Longer than a token request may take (30 s), so that
# a slow one is not asked for twice.
RENEWAL_LEASE = timedelta(seconds=40)
LOOK_AGAIN = 0.2
# A token refused so soon after it was issued will not get better by another one.
JUST_ISSUED = timedelta(seconds=60)


@lru_cache(maxsize=1)
def session(pid: int) -> requests.Session:
    """One session per process: workers are forked, and a socket must not be shared."""
    return make_session(USER_AGENT)


def monday_app() -> App | None:
    """This deployment's app at monday.com; None where it has none."""
    if not (settings.MONDAY_CLIENT_ID and settings.MONDAY_CLIENT_SECRET):
        return None
    return App(
        client_id=settings.MONDAY_CLIENT_ID,
        client_secret=settings.MONDAY_CLIENT_SECRET,
        authorize_url=settings.MONDAY_AUTHORIZE_URL,
        token_url=settings.MONDAY_TOKEN_URL,
    )


class SharedToken(Generic[C]):
    """At most one worker renews; the others wait for the row to change."""

    model: type[C]
    rows: Prepared[C]
    system: str
    value: str
    ends: str
    lease: str

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id

    def current(self) -> str:
        """A token that is good for some minutes. Raises ConnectorError where none is issued."""
        row = self._row()
        if _is_fresh(getattr(row, self.ends)) and (token := self.stored(row)):
            return token
        return self._renewed(row)

    def renew(self, rejected: str) -> str:
        """A token other than ``rejected``, which the other system refused."""
        row = self._row()
        token = self.stored(row)
        return token if token and token != rejected else self._renewed(row)

    def stored(self, row: C) -> str:
        """The shared token; none where it cannot be opened: then another is issued."""
        try:
            return str(getattr(row, self.value))
        except DecryptionError:
            return ""

    def _issued(self, row: C) -> dict[str, Any]:
        """Have another token issued: what is to be stored of it, unsealed."""
        raise AssertionError("a kind of token says how it is issued")

    def _row(self) -> C:
        row = self.rows.one(pk=self.connection_id)
        if row is None:
            raise self.model.DoesNotExist
        return row

    def _rows(self, **found: Any) -> Any:
        return self.model._default_manager.filter(pk=self.connection_id, **found)

    def _renewed(self, seen: C) -> str:
        give_up_at = time.monotonic() + 2 * RENEWAL_LEASE.total_seconds()
        while time.monotonic() < give_up_at:
            if claim := self._claim(seen):
                return self._request(claim)
            time.sleep(LOOK_AGAIN)
            row = self._row()
            if getattr(row, self.ends) != getattr(seen, self.ends):
                seen = row
                if token := self.stored(row):
                    return token
        raise TryAgain(
            Explanation(
                code="token_renewal_busy",
                happened=f"{self.system} has not issued a new access token in time.",
                remedy="Nothing to do: it is asked for again.",
                fixer="nobody",
            )
        )

    def _claim(self, seen: C) -> datetime | None:
        """Until when this worker alone may renew; None while another does, or did."""
        now = database_now()
        claim = now + RENEWAL_LEASE
        free = Q(**{self.lease: None}) | Q(**{f"{self.lease}__lt": now})
        rows = self._rows(**{self.ends: getattr(seen, self.ends)}).filter(free)
        return claim if rows.update(**{self.lease: claim}) else None

    def _request(self, claim: datetime) -> str:
        """Kept only under the claim: one that a change of the credentials ended keeps nothing.

        Stored before it is used: of a token that only this worker knew, a crash would leave none.
        """
        row = self._row()
        claimed = self._rows(**{self.lease: claim})
        try:
            facts = self._issued(row)
        except BaseException:
            claimed.update(**{self.lease: None})
            raise
        sealed = {n: row.sealed(n, v) if isinstance(v, str) else v for n, v in facts.items()}
        claimed.update(**{self.lease: None}, **sealed)
        return str(facts[self.value])


class StoredTokens(SharedToken[VismaConnection]):
    """The bearer token of a Visma connection, for which its credentials are enough."""

    model = VismaConnection
    rows = Prepared(lambda: VismaConnection.objects.filter(pk=Given("pk")))
    system = "Visma"
    value = "access_token"
    ends = "access_token_expires_at"
    lease = "access_token_renewing_until"

    def _issued(self, row: VismaConnection) -> dict[str, Any]:
        token = issue(row)
        ends = database_now() + timedelta(seconds=token.expires_in)
        return {self.value: token.value, self.ends: ends}


class MondayTokens(SharedToken[MondayConnection]):
    """The token of a monday connection: most never end, those of newer apps are renewed."""

    model = MondayConnection
    rows = Prepared(lambda: MondayConnection.objects.filter(pk=Given("pk")))
    system = "monday.com"
    value = "token"
    ends = "token_expires_at"
    lease = "token_renewing_until"

    def current(self) -> str:
        row = self._row()
        if row.token_expires_at is None:
            return opened(row, "token")
        return super().current()

    def renewable(self, rejected: str) -> bool:
        """Whether asking again may help after monday refused a token: the next call renews it."""
        row = self._row()
        if row.token_expires_at is None:
            return False
        if self.stored(row) != rejected:
            return True
        issued = row.token_issued_at
        if issued is not None and issued > database_now() - JUST_ISSUED:
            return False
        self._rows(token_expires_at=row.token_expires_at).update(token_expires_at=database_now())
        return True

    def _issued(self, row: MondayConnection) -> dict[str, Any]:
        app = monday_app()
        if app is None:
            raise AskAPerson(NO_APP, "connection")
        former = opened(row, "refresh_token")
        return token_facts(refresh(session(os.getpid()), app, former), former)


NO_APP = Explanation(
    code="app_missing",
    happened="This connection uses a monday.com app that the deployment does not have any more.",
    remedy="Ask the host for MONDAY_CLIENT_ID and MONDAY_CLIENT_SECRET, or replace the "
    "connection's credentials by a personal token.",
)


def token_facts(token: Token, former: str = "") -> dict[str, Any]:
    """The columns of a monday connection that a new token fills. ``former``: its refresh token."""
    now = database_now()
    ends = None if token.expires_in is None else now + timedelta(seconds=token.expires_in)
    return {
        "token": token.value,
        "refresh_token": token.refresh or (former if ends else ""),
        "token_expires_at": ends,
        "token_issued_at": now,
    }


def issue(row: VismaConnection) -> AccessToken:
    return request_token(
        session(os.getpid()),
        url=settings.VISMA_TOKEN_URL,
        client_id=row.client_id,
        client_secret=opened(row, "client_secret"),
        tenant_id=row.visma_tenant_id,
    )


def opened(row: VismaConnection | MondayConnection, name: str) -> str:
    """Raises AskAPerson(connection) where no key opens the secret, as for any that is no good.

    A process that holds no key of today blames nobody: it was not restarted after a rotation.
    """
    try:
        return str(getattr(row, name))
    except DecryptionError as error:
        detail = str(error)
    try:
        require_right_keys()
    except WrongKeys:
        raise TryAgain(KEYS_OF_YESTERDAY) from None
    raise AskAPerson(replace(SECRET_UNREADABLE, detail=detail), "connection")


SECRET_UNREADABLE = Explanation(
    code="secret_unreadable",
    happened="The stored credentials of this connection cannot be opened any more.",
    remedy="Enter them again on the connection's page.",
)
KEYS_OF_YESTERDAY = Explanation(
    code="wrong_keys",
    happened="This process does not hold the key that the credentials are sealed with.",
    remedy="Restart web and workers on every host with the FIELD_ENCRYPTION_KEYS of today; the "
    "steps are in “manage.py rotate_keys --help”.",
)


def _is_fresh(expires_at: datetime | None) -> bool:
    return expires_at is not None and expires_at > database_now() + RENEW_EARLY

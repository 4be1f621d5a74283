"""A deployment with an app at monday, and an owner who signs in there as a browser would."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tenants.models import MondayConnection, Tenant

BACK = "/sign-in/monday/"


@dataclass
class Browser:
    """One person's way through ml-connector and monday, by plain requests."""

    client: Client
    tenant: Tenant

    def leave(self, connection: MondayConnection | None = None, setup: bool = False) -> str:
        """Press the button; the address at monday that the person is sent to."""
        name = "sign_ins:monday_again" if connection else "sign_ins:monday"
        ids = [connection.pk] if connection else []
        body = {"from": "setup" if setup else "connections"}
        page = self.client.post(reverse(name, args=[self.tenant.slug, *ids]), body)
        found = re.search(r'<a class="button primary" href="([^"]+)"', page.content.decode())
        assert found, page.status_code
        return found[1].replace("&amp;", "&")

    def allow(self, url: str, button: str = "allow") -> dict[str, str]:
        """Press a button on monday's page; what monday sends the person back with."""
        answer = requests.post(url, data={"button": button}, allow_redirects=False, timeout=10)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def come_back(self, said: dict[str, str]) -> Any:
        return self.client.get(BACK, said)

    def connect(self, connection: MondayConnection | None = None, setup: bool = False) -> Any:
        return self.come_back(self.allow(self.leave(connection, setup)))


@pytest.fixture
def app(sandbox: SandboxServer, settings: Any) -> None:
    """The deployment has the sandbox's app."""
    settings.MONDAY_CLIENT_ID = world.MONDAY_CLIENT_ID
    settings.MONDAY_CLIENT_SECRET = world.MONDAY_CLIENT_SECRET


@pytest.fixture
def owner(app: None, alice: User, tenant: Tenant) -> Browser:
    client = Client()
    client.force_login(alice)
    return Browser(client, tenant)

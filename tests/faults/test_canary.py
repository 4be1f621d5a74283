"""A secret used in a full run is found nowhere but sealed in its own row."""

from collections.abc import Iterator
from functools import cache
from io import StringIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_q.tasks import async_task

from connector.models import AuditEntry
from connector.sandbox.monday.call import Credential
from connector.sandbox.server import SandboxServer
from connector.sandbox.world import INGRID, VISMA_CLIENT_ID
from mappings.models import BoardMapping
from tenants.models import MondayConnection, VismaConnection
from tests.faults.processes import Ended, manage

VISMA_CANARY = "canary-visma-7f3a91c4e8"
MONDAY_CANARY = "canary-monday-2b9d05f6aa"


@pytest.fixture
def run(
    transactional_db: None, sandbox: SandboxServer, mapping: BoardMapping
) -> Iterator[list[Ended]]:
    """A full run with canaries for secrets, also through failures that might quote them."""
    sandbox.visma.tokens.clients[VISMA_CLIENT_ID] = VISMA_CANARY
    sandbox.monday.access.grant(MONDAY_CANARY, Credential(INGRID))
    visma, monday = VismaConnection.objects.get(), MondayConnection.objects.get()
    visma.client_secret, monday.token = VISMA_CANARY, MONDAY_CANARY
    visma.save()
    monday.save()
    async_task("connector.tasks.work_lane", 1)
    sandbox.faults.add({"match": {"nth": 4}, "do": [{"action": "html_502"}]})
    ended = [manage(sandbox, "sync", mapping.tenant.slug, env={"LOG_LEVEL": "DEBUG"})]
    sandbox.monday.revoke(MONDAY_CANARY)
    sandbox.visma.add_invoice()
    ended.append(manage(sandbox, "sync", mapping.tenant.slug, env={"LOG_LEVEL": "DEBUG"}))
    ended.append(manage(sandbox, "tenant_export", mapping.tenant.slug))
    yield ended
    sandbox.monday.access.allow(MONDAY_CANARY)


@cache
def canaries() -> list[str]:
    """The secrets of the run, the access token that Visma issued among them."""
    issued = VismaConnection.objects.get().access_token
    assert issued
    return [VISMA_CANARY, MONDAY_CANARY, issued]


def found_in(text: str) -> bool:
    return any(canary in text for canary in canaries())


def every_cell() -> Iterator[tuple[str, str]]:
    """Each cell of each table as the database itself holds it."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - own names
            for row in cursor.fetchall():
                yield model._meta.db_table, " ".join(map(str, row))


def test_a_secret_is_found_nowhere_but_sealed_in_its_row(run: list[Ended], client: Client) -> None:
    """One run, since it is long: the canaries were used, and no place shows one of them."""
    client.force_login(User.objects.create_superuser("host"))
    fixtures = StringIO()
    call_command("dumpdata", stdout=fixtures)
    pages = {
        f"page {page}": client.get(page, follow=True).content.decode() for page in admin_pages()
    }
    commands = {f"command {number}": ended.out + ended.err for number, ended in enumerate(run)}
    places = [*commands.items(), *every_cell(), *pages.items(), ("dump", fixtures.getvalue())]

    assert AuditEntry.objects.filter(action="create", outcome="done").count() == 200
    assert len(pages) > 5
    assert [place for place, text in places if found_in(text)] == []


def admin_pages() -> Iterator[str]:
    """The list of each model the admin knows, and the page of its newest row."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        newest = model._default_manager.order_by("-pk").first()
        if newest is not None:
            yield reverse(f"{name}_change", args=[newest.pk])

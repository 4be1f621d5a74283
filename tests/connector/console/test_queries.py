"""Pages ask the database as often for fifty records as for one."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import LinkState
from tests.benchmarks.visits import NO_PAGES, visits
from tests.connector.console.addresses import ADDRESSES, every_route
from tests.connector.console.conftest import Workspace, lose_a_column
from tests.connector.console.outer_addresses import HOST, ROWS
from tests.connector.console.outer_addresses import PAGES as PAGES_OF_A_ROW

pytestmark = pytest.mark.django_db
PAGES = [name for name, address in sorted(ADDRESSES.items()) if address.method == "get"]


ADMIN = "/admin/connector"
LISTS = [
    *("auditentry/", "auditentry/?q=200001", "auditentry/?q=%C3%98deg%C3%A5rd"),
    *("auditentry/?outcome__exact=failed", "recordlink/", "recordlink/?q=200001", "syncrun/"),
]


def test_every_page_is_measured_with_very_many_records(workspace: Workspace) -> None:
    lose_a_column(workspace)
    measured = {visit.name for visit in visits(workspace)}
    acts = {name for name, address in ADDRESSES.items() if address.method == "post"}
    hidden = {f"admin:{model}_{page}" for model in (*ROWS, *HOST) for page in PAGES_OF_A_ROW}

    assert {name for name, _ in every_route()} - measured - acts - NO_PAGES <= hidden


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(url)
        if answer.streaming:
            answer.getvalue()
    return len(asked)


def more(workspace: Workspace) -> None:
    for number in range(100, 150):
        states: list[Any] = [LinkState.DELIVERED, LinkState.FAILED, LinkState.WAITING]
        workspace.add(number, states[number % 3])
        workspace.call()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_for_fifty_records(
    name: str, workspace: Workspace, owner: Client
) -> None:
    workspace.call()
    workspace.add(3, LinkState.WAITING)
    ids = ADDRESSES[name].ids(workspace)
    url = reverse(name, kwargs={"tenant": workspace.tenant.slug, **ids})
    owner.get(url)
    before = queries(owner, url)
    more(workspace)

    assert queries(owner, url) == before


@pytest.mark.parametrize("page", LISTS)
def test_a_list_in_admin_asks_as_often_for_fifty_records(
    page: str, workspace: Workspace, owner: Client
) -> None:
    url = f"{ADMIN}/{page}"
    owner.get(url)
    before = queries(owner, url)
    more(workspace)

    assert queries(owner, url) == before

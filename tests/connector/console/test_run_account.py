"""The page of a run: what became of all it has read, and the calls that were made meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from connector.models import ApiCall, SyncRun
from connector.sync.forgetting import CALLS_KEPT
from tests.connector.console.conftest import Workspace

pytestmark = pytest.mark.django_db


def page_of(run: SyncRun, client: Client) -> str:
    return client.get(f"/t/nordlys/runs/{run.pk}/").content.decode()


def test_calls_to_the_board_are_counted_while_they_are_known(
    workspace: Workspace, auditor: Client
) -> None:
    SyncRun.objects.filter(pk=workspace.run.pk).update(finished_at=None)
    for _ in range(3):
        workspace.call()

    assert "Calls to the board meanwhile</dt><dd>3</dd>" in page_of(workspace.run, auditor)


def test_calls_that_are_forgotten_are_not_told_as_none(
    workspace: Workspace, auditor: Client
) -> None:
    long_ago = timezone.now() - CALLS_KEPT - timedelta(hours=1)
    SyncRun.objects.filter(pk=workspace.run.pk).update(started_at=long_ago, finished_at=long_ago)
    ApiCall.objects.all().delete()

    assert "not known any more" in page_of(workspace.run, auditor)

"""A real browser, pointed at a live server; skipped with a reason where there is none."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes
from tests.journeys.boards import Stage


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the journeys: while the driver runs, Django keeps other connections than usual."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed; `apt-get install chromium` brings it.")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as driver:
        # The driver keeps an event loop in this thread, which Django takes for async code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
        connections.close_all()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Fresh visitors, each with cookies of its own; addresses are relative to the live server.

    Whatever they do, no page may have an error in its console and no request may go elsewhere.
    """
    complaints: list[str] = []
    contexts = []

    def come(**options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.on("console", lambda message: complaints.extend(_errors(message)))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: complaints.extend(_abroad(request, live_server.url)))
        return context.new_page()

    yield come
    for context in contexts:
        context.close()

    assert complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit()


def _errors(message: ConsoleMessage) -> Iterator[str]:
    # A page that answers 403 or 404 on purpose is no error of the page.
    if message.type == "error" and "the server responded with a status of 40" not in message.text:
        yield message.text


def _abroad(request: Request, home: str) -> Iterator[str]:
    if not request.url.startswith((home, "data:")):
        yield f"left the origin: {request.url}"


@pytest.fixture
def stage(sandbox: SandboxServer, mapping: BoardMapping) -> Stage:
    board = sandbox.monday.account.boards[int(mapping.board_id)]
    made = Stage(sandbox, mapping, Eyes(sandbox, board))
    made.bring(1, 2, 3)
    return made

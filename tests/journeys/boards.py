"""A board with records that people change, and what a person does about it in the browser."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import Page, expect

from connector.models import Trigger
from connector.sandbox.server import SandboxServer
from connector.sync import drift, intake, items, slices
from connector.sync.lanes import due_lanes
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, pass_time, payload
from tests.journeys.doors import sign_in


@dataclass
class Stage:
    """A board with three invoices, people who change it, and workers on demand."""

    sandbox: SandboxServer
    mapping: BoardMapping
    eyes: Eyes

    def act(self, act: str, **given: str) -> None:
        """What a person does on the sandbox's board page."""
        self.sandbox.monday.act(board=self.mapping.board_id, act=act, **given)

    def bring(self, *numbers: int, **changes: Any) -> None:
        """Visma has these invoices, or has changed them; then the workers do what they can."""
        rows = [
            Row(f"Invoice:2{n:05}", "2026-07-14T08:11:02.31", "", payload(n, **changes))
            for n in numbers
        ]
        book = RunBook([self.mapping], Trigger.SCHEDULE)
        with transaction.atomic():
            intake.take_in(self.mapping.visma, self.mapping.entity, rows, book)
        book.close()
        self.work()

    def work(self) -> None:
        """What is refused is tried again on a board that was read anew, so there are two rounds."""
        for _ in range(2):
            while lanes := due_lanes():
                for lane in lanes:
                    slices.work(lane)
            pass_time(minutes=2)

    def look(self) -> None:
        """The look at the board that the tick asks for, and what follows from it."""
        pass_time(hours=2)
        self.mapping.refresh_from_db()
        drift.look(self.mapping)
        self.work()

    def compare(self) -> None:
        """The comparison of the board's items that the tick asks for once a day."""
        self.mapping.refresh_from_db()
        items.compare(self.mapping)

    def cells(self, title: str) -> list[Any]:
        return self.eyes.cells(title)


def open_attention(page: Page, user: User) -> None:
    sign_in(page, user)
    page.get_by_role("link", name=re.compile("Needs attention")).first.click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def delivered(page: Page, stage: Stage) -> None:
    """The run's page says by itself that everything has arrived, and nothing needs a person."""
    stage.work()
    expect(page.get_by_text("Complete", exact=True)).to_be_visible(timeout=20_000)
    page.goto(f"/t/{stage.mapping.tenant.slug}/attention/")
    expect(page.get_by_text("Nothing needs you")).to_be_visible()


def open_attention_again(page: Page, stage: Stage) -> None:
    page.goto(f"/t/{stage.mapping.tenant.slug}/attention/")

"""Every page for eyes and screen readers: narrow and wide, light and dark, nothing serious.

With SCREENSHOTS set to a folder, what is seen is kept there (``make screenshots``).
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Page

from connector.console.blockades import drift_id
from connector.console.causes import causes_of
from connector.console.receiving import receipt_causes_of
from connector.models import (
    AuditEntry,
    GoodsReceipt,
    LinkState,
    Outcome,
    ReceiptState,
    RecordLink,
    SyncRun,
)
from connector.sandbox.server import SandboxServer
from connector.sync import drift
from mappings.models import BoardMapping
from tenants.models import Role
from tests.connector.console.addresses import ADDRESSES
from tests.journeys.doors import sign_in
from tests.journeys.test_console import label_gone  # noqa: F401  a fixture
from tests.people import person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
AXE = Axe().axe_script
# Its preload of style sheets would put inline styles into the page, which the policy forbids; of
# the rules that are met nothing is told.
RULES = {"preload": False, "resultTypes": ["violations"]}
# Colours half way from one scheme to the other have no contrast.
AT_REST = """document.getAnimations().filter(each => each instanceof CSSTransition)
    .forEach(each => each.finish())"""
SHOTS = os.environ.get("SCREENSHOTS", "")
# Two looks meet every rule once: colours differ by mode, layout by width. Pictures show all four.
LOOKS = [(360, "light"), (1440, "dark"), *([(1440, "light"), (360, "dark")] if SHOTS else [])]
OUTSIDE = {
    "sign-in": "/account/login/",
    "sign-up": "/account/signup/",
    "reset": "/account/password/reset/",
    "reset-sent": "/account/password/reset/done/",
    "confirm-sent": "/account/confirm-email/",
    "not-found": "/nowhere/",
}
OWN = {
    "two-factor": "/account/2fa/",
    "workspace-new": "/account/workspaces/new/",
    "password": "/account/password/change/",
    "email": "/account/email/",
    "confirm-it-is-you": "/account/reauthenticate/",
    "sign-out": "/account/logout/",
    "audit": "/admin/connector/auditentry/",
    "audit-links": "/admin/connector/recordlink/",
}
# Files, redirects and parts of a page: nothing to look at. The setup has its own test_setup.py.
NO_PAGES = {"console:records_export", "console:audit", "console:webhooks_heard"}


def inside(mapping: BoardMapping) -> dict[str, str]:
    """Name of a page → its address below the workspace."""
    failed = RecordLink.objects.filter(state=LinkState.FAILED).select_related("record").first()
    done = RecordLink.objects.filter(state=LinkState.DELIVERED).select_related("record").first()
    run = SyncRun.objects.filter(mapping=mapping).earliest("pk")
    assert failed is not None
    assert done is not None
    mapping.refresh_from_db()
    colleague = person("kari", mapping.tenant, Role.OPERATOR).memberships.get()
    cause = causes_of(mapping.tenant)[0].id
    receipts = a_refused_receipt(mapping, done)
    return {
        "home": "",
        "attention": "attention/",
        "mend": f"attention/board/{drift_id(mapping, mapping.drift[0])}/",
        "mend-label": f"attention/{cause}/label/",
        "replay": f"attention/{cause}/replay/",
        "replay-receipts": f"attention/receiving/{receipts}/replay/",
        "records": "records/",
        "records-none": "records/?q=nobody",
        "record": f"records/supplier_invoice/{done.record.key}/",
        "record-failed": f"records/supplier_invoice/{failed.record.key}/",
        "runs": "runs/",
        "run": f"runs/{run.pk}/",
        "run-created": f"runs/{run.pk}/created/",
        "mappings": "mappings/",
        "mapping": f"mappings/{mapping.pk}/",
        "connections": "connections/",
        "connection": f"connections/visma/{mapping.visma.pk}/",
        "credentials": f"connections/monday/{mapping.monday.pk}/credentials/",
        "budget": "budget/",
        "people": "people/",
        "people-remove": f"people/{colleague.pk}/remove/",
    }


def a_refused_receipt(mapping: BoardMapping, link: RecordLink) -> str:
    """The id of its cause."""
    now = timezone.now()
    mapping.receive = {"column": "got", "label": "Received", "problem_label": "Problem"}
    mapping.save(update_fields=["receive"])
    GoodsReceipt.objects.create(
        mapping=mapping,
        link=link,
        item_id=str(link.item_id),
        state=ReceiptState.REFUSED,
        code="order_closed",
        happened="Order 500254 is Hold in Visma, so goods cannot be received on it.",
        remedy="Take the order off hold in Visma, then set the label again.",
        asked_at=now,
        finished_at=now,
        told=True,
        label_left=True,
    )
    return receipt_causes_of(mapping.tenant)[0].id


def pages(prefix: tuple[str, ...]) -> set[str]:
    """The routes of a workspace that are asked for with GET, from the table of addresses."""
    return {
        name
        for name, address in ADDRESSES.items()
        if address.method == "get" and name.startswith(prefix)
    }


def routes_of(slug: str, addresses: Iterable[str]) -> set[str]:
    return {resolve(f"/t/{slug}/{url.partition('?')[0]}").view_name for url in addresses}


@pytest.fixture
def column_gone(sandbox: SandboxServer, mapping: BoardMapping, label_gone: None) -> None:  # noqa: F811
    """Somebody has also made the column “Due date” one of text."""
    sandbox.monday.act(board=mapping.board_id, act="column_retype", column="Due date", type="text")
    drift.look(mapping)


def test_no_page_has_a_serious_fault_or_is_wider_than_its_screen(
    page: Page, mapping: BoardMapping, alice: User, column_gone: None
) -> None:
    faults = [fault for name, url in OUTSIDE.items() for fault in look(page, name, url)]
    sign_in(page, alice)
    slug, entry = mapping.tenant.slug, AuditEntry.objects.filter(outcome=Outcome.FAILED)[0].pk
    here = inside(mapping)
    for name, url in here.items():
        faults += look(page, name, f"/t/{slug}/{url}")
    own = OWN | {"audit-entry": f"/admin/connector/auditentry/{entry}/change/"}
    faults += [fault for name, url in own.items() for fault in look(page, name, url)]

    assert faults == []
    assert routes_of(slug, here.values()) == pages(("console:", "people:")) - NO_PAGES


def look(page: Page, name: str, url: str) -> list[str]:
    """Open a page and say what is wrong with it in each look; keep its pictures if asked to."""
    page.goto(url)
    page.evaluate(AXE)
    return [fault for width, scheme in LOOKS for fault in _faults(page, name, width, scheme)]


def _faults(page: Page, name: str, width: int, scheme: Any) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AT_REST)
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
    found = page.evaluate("options => axe.run(document, options)", RULES)
    where = f"{name}, {width} wide, {scheme}"
    faults = [
        f"{where}: {rule['id']} at {rule['nodes'][0]['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        faults.append(f"{where}: wider than its screen")
    return faults

"""Steps 6 and 7: what would happen is shown first, then it happens; changes make versions."""

from typing import Any

import pytest
from django_q.models import OrmQ

from connector.models import Action, AuditEntry, LinkState, RecordLink, SyncRun, Trigger
from connector.sandbox.monday import board_acts, label_acts
from connector.sync.foreground import sync
from connector.wizard.steps import Rail
from mappings.content import Pairing
from mappings.models import BoardMapping, MappingDraft, MappingVersion
from mappings.services import draft_open, draft_pair
from tests.connector.test_tasks import queued, run_queued

from .conftest import Setup

pytestmark = pytest.mark.django_db(transaction=True)


def _html(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def _state(setup: Setup, name: str) -> str:
    return next(step.state for step in Rail(setup.tenant).steps if step.name == name)


@pytest.fixture
def checked(connected: Setup, paired: BoardMapping) -> BoardMapping:
    """Paired, and looked at in the check."""
    connected.post("check", paired.pk)
    return paired


# --- step 6 -----------------------------------------------------------------------------------
def test_the_check_counts_what_would_happen_and_writes_nothing(
    connected: Setup, paired: BoardMapping
) -> None:
    before = len(connected.mutations())

    html = _html(connected.post("check", paired.pk))

    assert "create an item" in html
    assert "monday calls" in html
    assert "Will read" in html
    assert len(connected.mutations()) == before
    assert not RecordLink.objects.exists()


def test_a_check_is_asked_for_by_the_page_itself(connected: Setup, paired: BoardMapping) -> None:
    html = _html(connected.get("check", paired.pk))

    assert 'hx-trigger="load"' in html
    assert "Go live" in _html(connected.swap("check", paired.pk))


def test_a_check_holds_until_the_draft_changes(connected: Setup, checked: BoardMapping) -> None:
    assert _state(connected, "live") == "needs-you"
    column = connected.column("AP invoices", "Supplier")

    connected.post("row", checked.pk, column.id, **{f"field:{column.id}": "supplier.number"})

    assert _state(connected, "check") == "needs-you"
    assert _state(connected, "live") == "blocked"
    page = connected.post("live", checked.pk)
    assert "Look at the check first" in _html(page)


def test_what_would_wait_is_grouped_with_what_to_do(connected: Setup, paired: BoardMapping) -> None:
    account, board = connected.sandbox.monday.account, connected.board("AP invoices")
    status = board.column_titled("Status")
    label_acts.label_switch(
        account, board, status, label_acts.label_id_of(status, "Open"), on=False
    )

    html = _html(connected.swap("check", paired.pk))

    assert "The label “Open” of column “Status” is deactivated" in html
    assert "The whole record waits" in html


def test_a_board_that_cannot_be_written_to_stops_here(
    connected: Setup, paired: BoardMapping
) -> None:
    board = connected.board("AP invoices")
    board_acts.board_permit(connected.sandbox.monday.account, board, "owners")

    html = _html(connected.swap("check", paired.pk))

    assert "Board permissions" in html
    assert _state(connected, "live") == "blocked"


def test_an_archived_board_stops_here(connected: Setup, paired: BoardMapping) -> None:
    board = connected.board("AP invoices")
    board_acts.board_set_state(connected.sandbox.monday.account, board, "archived")

    html = _html(connected.swap("check", paired.pk))

    assert "is archived in monday.com" in html
    assert "Restore the board" in html


def test_visma_out_of_reach_is_said_and_loses_nothing(
    connected: Setup, paired: BoardMapping, settings: Any
) -> None:
    settings.VISMA_API_URL = "http://127.0.0.1:1/visma"

    html = _html(connected.swap("check", paired.pk))

    assert "Visma was not reached" in html
    assert MappingDraft.objects.get(mapping=paired).content["pairs"]


# --- step 7 -----------------------------------------------------------------------------------
def test_going_live_brings_every_record_to_the_board(
    connected: Setup, checked: BoardMapping
) -> None:
    connected.post("live", checked.pk, poll_minutes="5")

    checked.refresh_from_db()
    assert checked.active
    assert checked.poll_minutes == 5
    while queued():
        run_queued()
    board = connected.board("AP invoices")
    assert len(list(board.active_items())) == RecordLink.objects.count() == 200
    run = SyncRun.objects.get(mapping=checked)
    assert (run.trigger, run.created) == (Trigger.BACKFILL, 200)


def test_the_page_goes_on_to_the_run_once_a_worker_has_opened_it(
    connected: Setup, checked: BoardMapping
) -> None:
    page = connected.post("live", checked.pk)
    assert "A worker is picking up the first reading" in _html(page)
    while queued():
        run_queued()
    run = SyncRun.objects.get(mapping=checked)

    by_htmx = connected.client.get(
        connected.url("started", checked.pk), headers={"HX-Request": "true"}
    )
    plain = connected.get("started", checked.pk)

    assert by_htmx.headers["HX-Redirect"].endswith(f"/runs/{run.pk}/")
    assert plain.url.endswith(f"/runs/{run.pk}/")


def test_a_second_press_starts_nothing_twice(connected: Setup, checked: BoardMapping) -> None:
    connected.post("live", checked.pk)
    tasks = OrmQ.objects.count()

    page = connected.post("live", checked.pk)

    assert "A worker is picking up" in _html(page)
    assert OrmQ.objects.count() == tasks
    assert AuditEntry.objects.filter(action=Action.CONFIGURE).count() == 1


def test_the_first_version_is_kept_and_signed(connected: Setup, checked: BoardMapping) -> None:
    connected.post("live", checked.pk)

    version = MappingVersion.objects.get(mapping=checked)
    entry = AuditEntry.objects.get(action=Action.CONFIGURE)
    assert (version.number, version.made_by) == (1, "alice@example.test")
    assert len(version.content["pairs"]) == checked.pairings.count() == 10
    assert (entry.actor, entry.message) == ("alice@example.test", "AP invoices went live.")


def test_samples_and_examples_go_with_the_draft(connected: Setup, checked: BoardMapping) -> None:
    connected.post("live", checked.pk)

    assert not MappingDraft.objects.exists()


@pytest.mark.parametrize(
    ("address", "ticked"), [("https://sync.example.test", True), ("http://localhost:8000", False)]
)
def test_webhooks_are_offered_and_ticked_where_monday_can_call(
    connected: Setup, checked: BoardMapping, settings: Any, address: str, ticked: bool
) -> None:
    settings.PUBLIC_URL = address

    html = _html(connected.get("live", checked.pk))

    assert f"By webhooks to {address}" in html
    assert ('aria-describedby="webhooks-help" checked' in html) == ticked


@pytest.mark.parametrize("body", [{"webhooks": "on"}, {}])
def test_going_live_keeps_whether_webhooks_are_wanted(
    connected: Setup, checked: BoardMapping, body: dict[str, str]
) -> None:
    connected.post("live", checked.pk, poll_minutes="5", **body)

    checked.refresh_from_db()
    assert checked.webhooks is bool(body)
    assert ("connector.tasks.tend_hooks" in [function for function, _ in queued()]) is bool(body)


# --- changes to what is live ------------------------------------------------------------------
def test_a_change_is_simulated_activated_and_delivered(
    connected: Setup, mapping: BoardMapping
) -> None:
    sync(mapping.tenant)
    column = connected.column("AP invoices", "Supplier")
    connected.post(
        "row",
        mapping.pk,
        column.id,
        **{f"field:{column.id}": "supplier.name", f"transform:{column.id}": "upper"},
    )

    check = _html(connected.swap("check", mapping.pk))
    ready = _html(connected.get("live", mapping.pk))
    page = _html(connected.post("live", mapping.pk))
    sync(mapping.tenant)

    assert "What changes against version 1" in check
    assert "press Activate" in ready
    assert "press Start" not in ready
    assert "in capital letters" in check
    assert "Version 2 is active" in page
    names = [item.cells[column.id] for item in connected.board("AP invoices").active_items()]
    assert names
    assert all(name == name.upper() for name in names)
    assert set(RecordLink.objects.values_list("delivered_mapping", flat=True)) == {2}


def test_an_unchanged_value_is_not_written_again(connected: Setup, mapping: BoardMapping) -> None:
    sync(mapping.tenant)
    draft_open(mapping, by="alice")
    connected.post("check", mapping.pk)
    before = len(connected.mutations())

    connected.post("live", mapping.pk)
    sync(mapping.tenant)

    assert len(connected.mutations()) == before
    assert RecordLink.objects.exclude(state=LinkState.DELIVERED).count() == 0


def test_what_changed_between_two_versions_is_shown(
    connected: Setup, mapping: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Description")
    draft = draft_open(mapping, by="alice")
    pairing = Pairing("note", column.id, column.title, column.type)
    draft_pair(draft, pairing=pairing, by="alice")
    connected.post("check", mapping.pk)
    connected.post("live", mapping.pk)

    html = _html(connected.get("versions", mapping.pk, old="1", new="2"))

    assert "Column “Description”" in html
    assert "Visma note" in html
    entry = AuditEntry.objects.get(action=Action.CONFIGURE)
    assert entry.changes[0]["before"] == "Description"
    assert entry.changes[0]["after"] == "Visma note"


def test_a_version_that_never_was_is_not_found(connected: Setup, mapping: BoardMapping) -> None:
    assert connected.get("versions", mapping.pk, old="7", new="1").status_code == 404


def test_a_draft_overtaken_by_another_change_says_so(
    connected: Setup, mapping: BoardMapping
) -> None:
    draft_open(mapping, by="alice")
    BoardMapping.objects.filter(pk=mapping.pk).update(version=5)

    assert "somebody changed the mapping meanwhile" in _html(connected.get("pair", mapping.pk))


def test_a_live_mapping_is_paused_and_never_removed(
    connected: Setup, mapping: BoardMapping
) -> None:
    page = connected.post("remove", mapping.pk)

    assert "Pause it instead" in _html(page)
    assert BoardMapping.objects.filter(pk=mapping.pk).exists()

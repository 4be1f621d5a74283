"""The audit trail in Django admin: who sees it, who replays from it, and that nobody writes it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse

from connector.models import Action, AuditEntry, LinkState, Outcome, RecordLink, SourceRecord
from connector.models.clock import database_now
from mappings.models import BoardMapping
from tests.tenants.admin_pages import browser

LIST = "admin:connector_auditentry_changelist"
READ_ONLY = ("auditentry", "recordlink", "syncrun")


def fail(mapping: BoardMapping, number: str) -> AuditEntry:
    """A record that is not on its board, and the entry that says why."""
    record = SourceRecord.objects.create(
        connection=mapping.visma,
        entity=mapping.entity,
        key=f"Invoice:{number}",
        number=number,
        payload="{}",
        changed_at=database_now(),
    )
    link = RecordLink.objects.create(mapping=mapping, record=record, state=LinkState.FAILED)
    return AuditEntry.objects.create(
        tenant=mapping.tenant,
        at=database_now(),
        actor="ml-connector",
        action=Action.CREATE,
        outcome=Outcome.FAILED,
        entity=mapping.entity,
        number=number,
        message=f"The board has no label for {number}.",
        changes=[{"title": "Status", "before": {"label": "Open"}, "after": {"label": "Closed"}}],
        link=link,
    )


@pytest.fixture
def failed(mapping: BoardMapping) -> AuditEntry:
    return fail(mapping, "000123")


def page(user: User, name: str, *args: int, model: str = "auditentry", query: str = "") -> str:
    answer = browser(user).get(reverse(f"admin:connector_{model}_{name}", args=args) + query)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def replay(user: User, *chosen: AuditEntry, **more: str) -> str:
    post = {"action": "replay_selected", "_selected_action": [e.pk for e in chosen], **more}
    return browser(user).post(reverse(LIST), post, follow=True).content.decode()


def waiting() -> set[str]:
    links = RecordLink.objects.filter(state=LinkState.WAITING)
    return set(links.values_list("record__number", flat=True))


def test_an_entry_tells_its_story_with_before_and_after(bob: User, failed: AuditEntry) -> None:
    shown = page(bob, "change", failed.pk)

    assert "The board has no label for 000123." in shown
    assert "<td>Open</td><td>Closed</td>" in shown
    assert "The whole story of this record on this board" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=000123", True),
        ("?q=000999", False),
        ("?outcome__exact=failed", True),
        ("?outcome__exact=done", False),
        ("?entity=supplier_invoice", True),
        ("?entity=supplier", False),
        ("?actor=people", False),
    ],
)
def test_entries_are_found_by_search_and_filters(
    bob: User, failed: AuditEntry, query: str, found: bool
) -> None:
    assert ("The board has no label for 000123." in page(bob, "changelist", query=query)) is found


def test_an_operator_replays_one_entry(bob: User, failed: AuditEntry) -> None:
    address = reverse("admin:connector_auditentry_replay", args=[failed.pk])
    browser(bob).post(address)

    entry = AuditEntry.objects.get(action=Action.REPLAY)
    assert (waiting(), entry.actor, entry.replay_of) == ({"000123"}, bob.username, failed)


def test_a_replay_of_many_is_counted_before_it_is_done(
    bob: User, mapping: BoardMapping, failed: AuditEntry
) -> None:
    chosen = [failed, fail(mapping, "000124")]
    asked = replay(bob, *chosen)
    before = waiting()
    replay(bob, *chosen, confirmed="yes")

    assert "Replay 2" in asked
    assert (before, waiting()) == (set(), {"000123", "000124"})


def test_all_that_a_filter_finds_is_replayed_without_listing_it(
    bob: User, mapping: BoardMapping
) -> None:
    entries = [fail(mapping, f"{number:06}") for number in range(60)]
    asked = replay(bob, entries[0], select_across="1")
    replay(bob, entries[0], select_across="1", confirmed="yes")

    assert "Replay 60" in asked
    assert asked.count("_selected_action") == 1
    assert len(waiting()) == 60


def test_an_auditor_reads_and_cannot_replay(dora: User, failed: AuditEntry) -> None:
    shown = page(dora, "change", failed.pk)
    browser(dora).post(reverse("admin:connector_auditentry_replay", args=[failed.pk]))
    listed = replay(dora, failed, confirmed="yes")

    assert "The board has no label for 000123." in shown
    assert "Replay</button>" not in shown
    assert "Replay selected" not in listed
    assert waiting() == set()


def test_an_auditor_here_who_works_elsewhere_cannot_replay_here(
    charlie: User, mapping: BoardMapping, failed: AuditEntry
) -> None:
    mapping.tenant.memberships.create(user=charlie, role="auditor")
    replay(charlie, failed, confirmed="yes")

    assert waiting() == set()


def test_another_tenants_entry_is_nowhere(charlie: User, failed: AuditEntry) -> None:
    listed = page(charlie, "changelist", query="?q=000123")
    pages = [page(charlie, name, failed.pk) for name in ("change", "history")]
    one = browser(charlie).post(reverse("admin:connector_auditentry_replay", args=[failed.pk]))
    replay(charlie, failed, confirmed="yes")

    assert "The board has no label" not in listed
    assert pages == ["404", "404"]
    assert one.status_code == 404
    assert waiting() == set()


def test_no_lookup_of_the_address_reaches_past_the_tenant(
    charlie: User, failed: AuditEntry
) -> None:
    for query in ("?tenant__id__exact=1", "?link__mapping__visma__client_secret__isnull=0"):
        assert "The board has no label" not in page(charlie, "changelist", query=query)


@pytest.mark.parametrize("model", READ_ONLY)
def test_nobody_writes_what_the_engine_writes(
    admin_client: Client, admin_user: User, failed: AuditEntry, model: str
) -> None:
    row = {"auditentry": failed.pk, "recordlink": failed.link_id}.get(model)
    assert page(admin_user, "add", model=model) == "403"
    if row is not None:
        assert page(admin_user, "delete", row, model=model) == "403"
        assert 'name="_save"' not in page(admin_user, "change", row, model=model)
        address = reverse(f"admin:connector_{model}_change", args=[row])
        assert admin_client.post(address, {"message": "as it suits me"}).status_code == 403


@pytest.mark.parametrize("model", ["schedule", "success", "failure", "ormq"])
def test_the_pages_of_the_task_package_are_closed(admin_client: Client, model: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:django_q_{model}_changelist")

    assert admin_client.get(f"/admin/django_q/{model}/").status_code == 404


@pytest.mark.parametrize("written", ["nothing", "1/more", "²", "9" * 30])
def test_an_address_that_names_no_entry_is_not_found(
    written: str, bob: User, failed: AuditEntry
) -> None:
    answer = browser(bob).get(f"/admin/connector/auditentry/{written}/change/")

    assert answer.status_code == 404

"""What an import stores, keeps, changes and tells."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from connector.models import AuditEntry, BoardLane, LinkState, RecordLink, SourceRecord
from connector.models.clock import database_now
from connector.tenant_file.problems import TenantFileError
from connector.tenant_file.store import store
from mappings.models import BoardMapping
from tenants.models import Membership, MondayConnection, Tenant, VismaConnection
from tests.connector.tenant_file.conftest import PASSWORD, Content, Importer, having, without

M = ("mappings", 0)


def link_of(mapping: BoardMapping) -> RecordLink:
    """A record that is on the board already."""
    record = SourceRecord.objects.create(
        connection=mapping.visma,
        entity=mapping.entity,
        key="Invoice:1",
        payload="{}",
        changed_at=database_now(),
    )
    return RecordLink.objects.create(
        mapping=mapping, record=record, state=LinkState.DELIVERED, item_id="77"
    )


def test_a_new_tenant_is_stored_whole(importer: Importer, content: Content) -> None:
    verbs = importer.verbs(content)

    mapping = BoardMapping.objects.get()
    assert set(verbs.values()) == {"create"}
    assert (mapping.tenant.slug, mapping.visma.name, mapping.monday.name) == (
        "nordlys",
        "main",
        "main",
    )
    assert mapping.board_name == "AP invoices"
    assert [(p.field, p.column_title, p.transform) for p in mapping.pairings.all()] == [
        ("referenceNumber", "Invoice no", ""),
        ("supplier.name", "Supplier", "upper"),
        ("dueDate", "Due date", ""),
        ("amount", "Amount", "signed"),
        ("status", "Status", ""),
    ]


def test_what_a_mapping_does_not_name_has_a_default(importer: Importer, content: Content) -> None:
    mapping = content["mappings"][0]
    del mapping["name"], mapping["key_column"], mapping["pairs"]
    importer.verbs(content)

    stored = BoardMapping.objects.get()
    assert stored.name == "Supplier invoices"
    assert stored.item_name == "{referenceNumber} {supplier.name}"
    assert (stored.poll_minutes, stored.on_leave, stored.active) == (15, "leave", True)
    assert (stored.filter, stored.group_id, stored.create_labels) == ({}, "", False)
    assert "Visma key" in {c["title"] for c in stored.board_columns if c["id"] == stored.key_column}


def test_an_active_mapping_gets_its_lane(importer: Importer, content: Content) -> None:
    importer.verbs(content)

    assert BoardLane.objects.get().board_id == BoardMapping.objects.get().board_id


def test_importing_again_changes_nothing(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    rows = list(BoardMapping.objects.values()), list(BoardMapping.objects.get().pairings.values())
    entries = AuditEntry.objects.count()

    verbs = importer.verbs(content)

    assert set(verbs.values()) == {"keep"}
    assert AuditEntry.objects.count() == entries
    assert rows == (
        list(BoardMapping.objects.values()),
        list(BoardMapping.objects.get().pairings.values()),
    )


def test_what_a_file_does_not_name_stays(importer: Importer, content: Content) -> None:
    content["mappings"][0] |= {
        "poll_minutes": 3,
        "filter": {"status": ["Open"]},
        "item_name": "{supplier.name}",
        "key_column": "Supplier reference",
    }
    importer.verbs(content)
    before = BoardMapping.objects.values().get()
    importer.verbs({"tenant": {"slug": "nordlys"}, "mappings": [{"name": "Invoices"}]})

    stored = BoardMapping.objects.get()
    assert BoardMapping.objects.values().get() == before
    assert stored.pairings.count() == 5
    assert (Tenant.objects.get().name, Membership.objects.count()) == ("Nordlys Grossist AS", 2)


def test_a_paused_mapping_stays_paused_until_the_file_says_otherwise(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    BoardMapping.objects.update(active=False)
    importer.verbs(content)
    still = BoardMapping.objects.get().active
    content["mappings"][0]["active"] = True
    importer.verbs(content)

    assert (still, BoardMapping.objects.get().active) == (False, True)


def test_a_file_can_pause_a_mapping(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    verbs = importer.verbs(content | {"mappings": [{"name": "Invoices", "active": False}]})

    assert verbs["mapping Invoices"] == "change"
    assert not BoardMapping.objects.get().active


def test_a_changed_pair_makes_a_new_version_and_plans_every_record_anew(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    link = link_of(BoardMapping.objects.get())
    content["mappings"][0]["pairs"][1]["transform"] = "lower"
    importer.verbs(content)

    link.refresh_from_db()
    stored = BoardMapping.objects.get()
    assert (stored.version, link.state) == (2, LinkState.WAITING)
    assert stored.pairings.get(field="supplier.name").transform == "lower"


def test_a_changed_interval_plans_nothing_anew(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    link = link_of(BoardMapping.objects.get())
    importer.verbs(having(content, 5, *M, "poll_minutes"))

    link.refresh_from_db()
    stored = BoardMapping.objects.get()
    assert (stored.poll_minutes, stored.version, link.state) == (5, 1, LinkState.DELIVERED)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("board_id", "Purchase orders", "its board cannot change"), ("entity", "supplier", "entity")],
)
def test_a_mapping_with_items_cannot_move(
    importer: Importer,
    content: Content,
    board_id: Callable[[str], str],
    key: str,
    value: str,
    said: str,
) -> None:
    importer.verbs(content)
    link_of(BoardMapping.objects.get())
    moved = having(content, board_id(value) if key == "board_id" else value, *M, key)

    assert said in importer.problems(without(moved, *M, "pairs"))[f"mappings[0].{key}"]


def test_a_mapping_without_items_can_move(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    importer.verbs(content)
    moved = having(content, board_id("Payment calendar"), *M, "board_id")
    moved["mappings"][0] |= {"key_column": "", "pairs": [{"field": "amount", "column": "Amount"}]}
    importer.verbs(moved)

    stored = BoardMapping.objects.get()
    assert (stored.board_name, stored.key_column) == ("Payment calendar", "")


def test_a_live_mapping_that_moves_shows_what_was_read_of_its_new_entity(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    mapping = BoardMapping.objects.get()
    record = SourceRecord.objects.create(
        connection=mapping.visma,
        entity="supplier",
        key="50010",
        payload="{}",
        changed_at=database_now(),
    )
    moved = having(content, "supplier", *M, "entity")
    moved["mappings"][0] |= {"pairs": [{"field": "name", "column": "Supplier"}]}
    importer.verbs(moved)

    assert list(RecordLink.objects.values_list("mapping", "record")) == [(mapping.pk, record.pk)]


def test_another_name_for_the_same_board_is_refused(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    problems = importer.problems(having(content, "AP", *M, "name"))

    assert "“Invoices” already shows the same entity" in problems["mappings[0].board_id"]


def test_the_key_column_is_created_when_asked_and_only_once(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    board = importer.sandbox.monday.account.boards[int(board_id("Payment calendar"))]
    mapping = content["mappings"][0]
    mapping |= {"board_id": str(board.id), "key_column": "create", "pairs": []}
    verbs = importer.verbs(content)
    again = importer.verbs(content)

    created = [column for column in board.columns.values() if column.title == "Visma key"]
    stored = BoardMapping.objects.get()
    assert [column.type for column in created] == ["text"]
    assert stored.key_column == created[0].id
    assert (verbs["mapping Invoices"], again["mapping Invoices"]) == ("create", "keep")


def test_one_key_column_serves_every_mapping_of_the_board(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    board = board_id("Payment calendar")
    asked = {"board_id": board, "key_column": "create"}
    content["mappings"] = [asked | {"entity": entity} for entity in ("supplier", "purchase_order")]
    importer.sandbox.log.clear()
    importer.verbs(content)

    keys = set(BoardMapping.objects.values_list("key_column", flat=True))
    operations = [entry.operation for entry in importer.sandbox.log.entries()]
    assert len(keys) == 1
    assert operations.count("create_column") == operations.count("boards") == 1


def test_a_change_at_the_same_moment_stores_nothing(importer: Importer, content: Content) -> None:
    importer.verbs(content | {"mappings": []})
    content["tenant"]["name"] = "Nordlys Gruppen"
    plan = importer.plan(content)
    importer.verbs(having(content, "Nordlys Grossist AS", "tenant", "name"))
    with pytest.raises(TenantFileError, match="at the same moment"):
        store(plan, actor="test")

    assert Tenant.objects.get().name == "Nordlys Grossist AS"


def test_a_token_that_may_not_create_the_key_column_is_explained(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    content["mappings"][0] |= {
        "board_id": board_id("Payment calendar"),
        "key_column": "create",
        "pairs": [],
    }
    refusal = {"errors": [{"message": "x", "extensions": {"code": "UserUnauthorizedException"}}]}
    importer.sandbox.faults.add(
        {
            "match": {"system": "monday", "operation": "create_column"},
            "do": [{"action": "status", "code": 403, "body": refusal}],
        }
    )
    with pytest.raises(TenantFileError) as refused:
        importer.verbs(content)

    assert [problem.path for problem in refused.value.problems] == ["mappings[0].key_column"]
    assert not Tenant.objects.exists()


def test_a_mapping_without_a_key_column_is_pointed_out(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    content["mappings"][0] = {"entity": "supplier", "board_id": board_id("Payment calendar")}

    assert "may come twice" in importer.notes(content)["mappings[0].key_column"]


def test_labels_the_board_lacks_are_pointed_out(importer: Importer, content: Content) -> None:
    content["mappings"][0]["pairs"][4] = {"field": "status", "column": "Received?"}
    notes = importer.notes(content)
    content["mappings"][0]["create_labels"] = True

    assert "“Received?” has no label for “Hold”, “Balanced”" in notes["mappings[0].pairs[4].column"]
    assert importer.notes(content) == {}


def test_columns_are_found_by_id_too(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    ids = {p.field: p.column_id for p in BoardMapping.objects.get().pairings.all()}
    for pair in content["mappings"][0]["pairs"]:
        pair["column"] = ids[pair["field"]]

    assert importer.verbs(content)["mapping Invoices"] == "keep"


def test_the_receive_rule_is_checked_and_kept(importer: Importer, content: Content) -> None:
    rule = {"column": "Received?", "label": "Received", "problem_label": "Problem"}
    content["mappings"][0]["receive"] = rule
    importer.verbs(content)
    wrong = importer.problems(having(content, "Receved", *M, "receive", "label"))

    stored = BoardMapping.objects.get().receive
    assert (stored["label"], stored["receipt"], stored["release"]) == ("Received", "order", True)
    assert "did you mean “Received”?" in wrong["mappings[0].receive.label"]


def test_new_members_sign_in_and_others_keep_their_password(
    importer: Importer, content: Content
) -> None:
    User.objects.create_user("bob@example.test", "bob@example.test", "his own password")
    importer.verbs(content)

    alice, bob = User.objects.order_by("username")
    assert alice.check_password(PASSWORD)
    assert bob.check_password("his own password")
    assert {(u.is_staff, u.is_superuser) for u in (alice, bob)} == {(True, False)}


def test_the_audit_tells_every_change_and_no_secret(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    content["visma"][0]["webhook_key"] = "canary-webhook-key"
    content["mappings"][0]["poll_minutes"] = 2
    importer.verbs(content)

    told = list(AuditEntry.objects.order_by("pk"))[-2:]
    assert [(entry.actor, entry.message) for entry in told] == [
        ("test", "Tenant file: change Visma “main”"),
        ("test", "Tenant file: change mapping “Invoices”"),
    ]
    assert told[0].changes[0]["after"] == "(secret)"
    assert told[1].changes == [
        {"field": "poll_minutes", "column": "", "title": "poll_minutes", "before": 15, "after": 2}
    ]
    assert "canary" not in str([entry.changes for entry in AuditEntry.objects.all()])


def test_another_tenant_is_not_touched(importer: Importer, content: Content) -> None:
    importer.verbs(content)
    other = having(content, "sydvest", "tenant", "slug")
    verbs = importer.verbs(other)

    assert verbs["mapping Invoices"] == verbs["Visma main"] == "create"
    assert Tenant.objects.count() == VismaConnection.objects.count() == 2
    assert MondayConnection.objects.values("tenant").distinct().count() == 2

"""Imports that ask nothing of Visma and monday."""

from connector.tenant_file.export import export_tenant
from mappings.models import BoardMapping
from tenants.models import Tenant, VismaConnection
from tests.connector.tenant_file.conftest import Content, Importer


def test_offline_everything_is_stored_and_mappings_wait(
    importer: Importer, content: Content
) -> None:
    requests = len(importer.sandbox.log.entries())
    importer.verbs(content, offline=True)

    stored = BoardMapping.objects.get()
    assert (stored.active, stored.board_columns) == (False, [])
    assert VismaConnection.objects.get().health == "unknown"
    assert len(importer.sandbox.log.entries()) == requests


def test_the_note_of_an_offline_import_says_what_is_missing(
    importer: Importer, content: Content
) -> None:
    notes = importer.notes(content, offline=True)

    assert "until it is imported without --offline" in notes["mappings[0].active"]


def test_importing_online_later_completes_and_starts_the_mapping(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content, offline=True)
    importer.verbs(content)

    stored = BoardMapping.objects.get()
    assert stored.active
    assert {p.column_type for p in stored.pairings.all()} == {
        "text",
        "date",
        "numbers",
        "status",
    }
    assert stored.key_column.startswith("text_")


def test_pairs_by_id_learn_their_columns_with_the_first_import_online(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    exported = export_tenant(Tenant.objects.get()) | {"visma": content["visma"]}
    exported["tenant"]["slug"], exported["monday"] = "copy", content["monday"]
    importer.verbs(exported, offline=True)
    importer.verbs(exported)

    copied = BoardMapping.objects.get(tenant__slug="copy")
    titles = [pairing.column_title for pairing in copied.pairings.all()]
    assert titles == ["Invoice no", "Supplier", "Due date", "Amount", "Status"]
    assert copied.board_name == "AP invoices"


def test_offline_what_needs_no_board_is_still_checked(importer: Importer, content: Content) -> None:
    content["mappings"][0]["pairs"][0]["field"] = "nothing"
    content["mappings"][0]["pairs"][1]["transform"] = "shout"

    assert list(importer.problems(content, offline=True)) == [
        "mappings[0].pairs[0].field",
        "mappings[0].pairs[1].transform",
    ]


def test_offline_a_board_is_checked_against_what_was_read_before(
    importer: Importer, content: Content
) -> None:
    importer.verbs(content)
    kept = importer.verbs(content, offline=True)
    content["mappings"][0]["pairs"][2]["column"] = "Dua date"

    assert kept["mapping Invoices"] == "keep"
    assert BoardMapping.objects.get().active
    assert "did you mean “Due date”?" in str(importer.problems(content, offline=True))

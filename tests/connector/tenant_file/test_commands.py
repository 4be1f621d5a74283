"""tenant_import and tenant_export as an operator meets them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from connector.models import AuditEntry
from connector.sandbox import world
from mappings.models import BoardMapping
from tenants.models import Tenant, VismaConnection
from tests.connector.tenant_file.conftest import Content, Importer
from tests.tenants.conftest import new_key


@pytest.fixture
def file(tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRET", world.VISMA_CLIENT_SECRET)
    path = tmp_path / "nordlys.json"
    path.write_text(json.dumps(content))
    return path


def run(command: str, *arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except CommandError as refused:
        err.write(f"{refused} [{refused.returncode}]")
    return out.getvalue(), err.getvalue()


def test_an_import_says_what_became_of_each_thing(importer: Importer, file: Path) -> None:
    out, err = run("tenant_import", str(file))

    assert err == ""
    assert out.splitlines() == [
        "tenant “nordlys” created",
        "member “alice@example.test” created",
        "member “bob@example.test” created",
        "Visma “main” created",
        "monday “main” created",
        "mapping “Invoices” created",
    ]


def test_a_check_only_says_what_would_be_done(importer: Importer, file: Path) -> None:
    out, _err = run("tenant_import", str(file), "--check")

    assert "mapping “Invoices” would be created" in out
    assert not Tenant.objects.exists()


def test_a_refusal_prints_every_problem_and_ends_with_1(
    importer: Importer, file: Path, content: Content
) -> None:
    content["mappings"][0]["pairs"][2]["column"] = "Dua date"
    content["tenant"]["timezone"] = "Oslo"
    file.write_text(json.dumps(content))
    _out, err = run("tenant_import", str(file))

    assert err.splitlines() == [
        "tenant.timezone: “Oslo” is not a time zone. Write one such as Europe/Oslo.",
        "mappings[0].pairs[2].column: the board “AP invoices” has no column “Dua date”; "
        "did you mean “Due date”?",
        f"{file} is refused: 2 problems. Nothing was changed. [1]",
    ]


def test_a_file_that_is_not_there_is_bad_usage(db: None, tmp_path: Path) -> None:
    _out, err = run("tenant_import", str(tmp_path / "none.json"))

    assert "none.json cannot be read: No such file or directory. [2]" in err


def test_an_export_of_no_tenant_is_bad_usage(importer: Importer, file: Path) -> None:
    run("tenant_import", str(file))
    _out, err = run("tenant_export", "nord")

    assert err == "There is no tenant “nord”. Tenants: nordlys. [2]"


def test_an_export_holds_no_secret(importer: Importer, file: Path) -> None:
    run("tenant_import", str(file))
    out, _err = run("tenant_export", "nordlys")

    for secret in (world.VISMA_CLIENT_SECRET, world.MONDAY_TOKEN, "four plain words", "gAAAA"):
        assert secret not in out
    assert json.loads(out)["visma"][0]["client_id"] == world.VISMA_CLIENT_ID


def test_an_export_opens_no_secret(
    importer: Importer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet, MultiFernet
    from encrypted_model_fields import fields as encrypted

    run("tenant_import", str(file))
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(new_key())]))
    out, _err = run("tenant_export", "nordlys")

    assert json.loads(out)["tenant"]["slug"] == "nordlys"


def test_an_export_imported_over_its_tenant_changes_nothing_and_keeps_the_secrets(
    importer: Importer, file: Path, content: Content, tmp_path: Path
) -> None:
    content["mappings"][0] |= {
        "group_id": "topics",
        "filter": {"status": ["Open"], "date_from": "2026-01-01"},
        "receive": {"column": "Received?", "label": "Received", "release": False},
        "on_leave": "archive",
        "on_gone": "create",
    }
    file.write_text(json.dumps(content))
    run("tenant_import", str(file))
    entries = AuditEntry.objects.count()
    exported = tmp_path / "exported.json"
    run("tenant_export", "nordlys", "--output", str(exported))
    out, err = run("tenant_import", str(exported))

    assert err == ""
    assert {line.split()[-1] for line in out.splitlines() if "note" not in line} == {"unchanged"}
    assert AuditEntry.objects.count() == entries
    assert VismaConnection.objects.get().client_secret == world.VISMA_CLIENT_SECRET


def test_an_export_imported_elsewhere_asks_for_each_secret(
    importer: Importer, file: Path, tmp_path: Path
) -> None:
    run("tenant_import", str(file))
    found = json.loads(run("tenant_export", "nordlys")[0])
    found["tenant"]["slug"] = "copy"
    found["members"].append({"email": "new@example.test", "role": "auditor"})

    assert sorted(importer.problems(found)) == [
        "members[2].password",
        "monday[0].token",
        "visma[0].client_secret",
    ]


def test_an_exported_mapping_is_the_whole_mapping(
    importer: Importer, file: Path, tmp_path: Path
) -> None:
    run("tenant_import", str(file))
    found = json.loads(run("tenant_export", "nordlys")[0])
    before = list(BoardMapping.objects.get().pairings.values("field", "column_id", "transform"))
    BoardMapping.objects.get().pairings.all().delete()
    BoardMapping.objects.update(poll_minutes=99, item_name="x", key_column="")
    importer.verbs(found)

    stored = BoardMapping.objects.get()
    assert list(stored.pairings.values("field", "column_id", "transform")) == before
    assert (stored.poll_minutes, stored.item_name) == (15, "{referenceNumber} {supplier.name}")


def test_a_wrong_key_stops_the_import(
    importer: Importer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet, MultiFernet
    from encrypted_model_fields import fields as encrypted

    run("tenant_import", str(file))
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(new_key())]))
    _out, err = run("tenant_import", str(file))

    assert err.startswith("FIELD_ENCRYPTION_KEYS does not hold the key")


def test_a_tenant_that_is_there_can_be_left_alone(importer: Importer, file: Path) -> None:
    run("tenant_import", str(file))
    BoardMapping.objects.update(name="changed since", board_id="gone since")
    out, err = run("tenant_import", str(file), "--new-only")

    assert (out, err) == ("The tenant is there already and was left as it is.\n", "")

"""The ring of keys: proven at start, rotated while others write, forgotten only on request."""

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from tenants import rotation
from tenants.keys import WrongKeys, require_right_keys
from tenants.models import Health, KeyCanary, MondayConnection, VismaConnection
from tests.tenants.conftest import CANARY, UseKeys, new_key, overwrite, stored

ROOT = Path(__file__).resolve().parents[2]


def raw_secret(row: VismaConnection) -> str:
    return stored("tenants_vismaconnection", "client_secret", row.pk)


@pytest.mark.django_db
def test_the_first_start_writes_the_proof_sealed() -> None:
    require_right_keys()

    assert KeyCanary.objects.count() == 1
    assert "open its secrets" not in stored("tenants_keycanary", "sealed", 1)


@pytest.mark.django_db
def test_the_right_keys_pass_at_every_further_start() -> None:
    require_right_keys()
    require_right_keys()

    assert KeyCanary.objects.count() == 1


@pytest.mark.django_db
def test_wrong_keys_stop_the_start_with_a_clear_message(use_keys: UseKeys) -> None:
    require_right_keys()
    use_keys(new_key())

    with pytest.raises(WrongKeys, match="FIELD_ENCRYPTION_KEYS does not hold the key") as caught:
        require_right_keys()

    assert "gAAAA" not in str(caught.value)


def test_wrong_keys_write_no_proof_beside_secrets_they_cannot_open(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    use_keys(new_key())

    with pytest.raises(WrongKeys):
        require_right_keys()

    assert not KeyCanary.objects.exists()


@pytest.mark.django_db
def test_a_forged_proof_is_refused() -> None:
    KeyCanary.objects.create(pk=1, sealed="something else")

    with pytest.raises(WrongKeys):
        require_right_keys()


@pytest.mark.django_db
def test_a_database_without_tables_has_nothing_to_prove() -> None:
    overwrite("DROP TABLE tenants_keycanary")

    require_right_keys()

    assert KeyCanary._meta.db_table not in connection.introspection.table_names()


def test_rotation_moves_every_secret_to_the_first_key(
    visma: VismaConnection, monday: MondayConnection, use_keys: UseKeys
) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    monday.save()
    use_keys(new, old)

    count = rotation.rotate()

    use_keys(new)
    assert (count.moved, count.current, count.unreadable) == (2, 0, [])
    assert VismaConnection.objects.get().client_secret == CANARY
    assert MondayConnection.objects.get().token == CANARY


def test_a_second_rotation_has_nothing_to_do(visma: VismaConnection) -> None:
    rotation.rotate()
    before = raw_secret(visma)

    count = rotation.rotate()

    assert (count.moved, count.current) == (0, 1)
    assert raw_secret(visma) == before


def test_rotation_leaves_alone_what_a_worker_wrote_meanwhile(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    before = raw_secret(visma)
    use_keys(new, old)
    VismaConnection.objects.filter(pk=visma.pk).update(client_secret="written meanwhile")
    place = rotation.Place(VismaConnection, "client_secret")
    count = rotation.Count()

    # As if the row had been read just before the worker wrote it.
    rotation._rotate_one(
        place, visma.pk, before, ring=[Fernet(new), Fernet(old)], count=count, dry=False
    )

    visma.refresh_from_db()
    assert visma.client_secret == "written meanwhile"
    assert count.current == 1


def test_rotation_stopped_half_way_leaves_everything_readable(
    visma: VismaConnection, monday: MondayConnection, use_keys: UseKeys
) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    monday.save()
    use_keys(new, old)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(seen=stop)

    opened = {VismaConnection.objects.get().client_secret, MondayConnection.objects.get().token}
    assert opened == {CANARY}
    assert rotation.rotate(dry=True).outdated == 1


def test_rotation_passes_more_rows_than_one_page(
    monday: MondayConnection, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PAGE", 2)
    old, new = new_key(), new_key()
    use_keys(old)
    MondayConnection.objects.bulk_create(
        MondayConnection(tenant=monday.tenant, name=f"account {n}", token=f"secret {n}")
        for n in range(5)
    )
    monday.save()
    use_keys(new, old)

    assert rotation.rotate().moved == 6


def test_the_check_says_when_an_older_key_is_still_needed(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    before = raw_secret(visma)
    use_keys(new, old)

    with pytest.raises(CommandError, match="1 of 1 secrets still need an older key"):
        call_command("rotate_keys", "--check")

    assert raw_secret(visma) == before


def test_the_check_succeeds_after_the_rotation(visma: VismaConnection, use_keys: UseKeys) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    use_keys(new, old)
    said = StringIO()
    call_command("rotate_keys", stdout=StringIO())

    call_command("rotate_keys", "--check", stdout=said)

    assert "Older keys may be removed" in said.getvalue()


def test_a_secret_that_no_key_opens_is_named_and_kept(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    before = raw_secret(visma)
    use_keys(new_key())
    said = StringIO()

    with pytest.raises(CommandError, match="1 of 1 secrets cannot be opened"):
        call_command("rotate_keys", stderr=said)

    assert said.getvalue() == (
        f"No key opens tenants.VismaConnection.client_secret of row {visma.pk}.\n"
    )
    assert raw_secret(visma) == before


def test_a_lost_secret_is_not_emptied_before_somebody_is_sure(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    before = raw_secret(visma)
    use_keys(new_key())

    with pytest.raises(CommandError, match="--yes"):
        call_command("rotate_keys", "--forget-unreadable", stdout=StringIO())

    assert raw_secret(visma) == before


def test_a_lost_key_can_be_forgotten_and_the_process_starts_again(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    require_right_keys()
    use_keys(new_key())

    call_command("rotate_keys", "--forget-unreadable", "--yes", stdout=StringIO())

    require_right_keys()
    visma.refresh_from_db()
    assert visma.client_secret == ""
    assert visma.health == Health.NEEDS_PERSON
    assert visma.health_remedy == "Enter the credentials of this connection again."


def test_plain_text_in_a_column_counts_as_unreadable(visma: VismaConnection) -> None:
    overwrite("UPDATE tenants_vismaconnection SET client_secret = 'plain'")

    count = rotation.rotate()

    assert [str(lost) for lost in count.unreadable] == [
        f"tenants.VismaConnection.client_secret of row {visma.pk}"
    ]
    assert "plain" not in repr(count)


class TestProcesses:
    """Real processes on a database of their own, started with right and with wrong keys."""

    WEB = "import connector.wsgi"
    MESSAGE = "FIELD_ENCRYPTION_KEYS does not hold the key this database was sealed with"

    @pytest.fixture
    def database(self, tmp_path: Path) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{tmp_path}/keys.sqlite3"}

    @pytest.fixture
    def migrated(
        self, django_db_setup: None, tmp_path: Path, database: dict[str, str]
    ) -> dict[str, str]:
        """The same, with its tables: a copy of what the session's tests begin with."""
        shutil.copy(connection.settings_dict["TEST"]["NAME"], tmp_path / "keys.sqlite3")
        return database

    def python(self, database: dict[str, str], key: str, *command: str) -> tuple[int, str]:
        env = os.environ | database | {"FIELD_ENCRYPTION_KEYS": key}
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def test_the_web_starts_on_a_database_without_tables(self, database: dict[str, str]) -> None:
        code, said = self.python(database, new_key(), "-c", self.WEB)

        assert code == 0, said

    def test_check_and_migrate_work_on_an_empty_database(self, database: dict[str, str]) -> None:
        key = new_key()

        assert self.python(database, key, "manage.py", "check")[0] == 0
        assert self.python(database, key, "manage.py", "migrate", "-v0")[0] == 0

    def test_web_and_workers_stop_under_a_wrong_key(self, migrated: dict[str, str]) -> None:
        right, wrong = new_key(), new_key()
        started = self.python(migrated, right, "-c", self.WEB)
        web = self.python(migrated, wrong, "-c", self.WEB)
        workers = self.python(migrated, wrong, "manage.py", "qcluster", "--run-once")

        assert started[0] == 0, started[1]
        assert (web[0], workers[0]) == (1, 1)
        assert self.MESSAGE in web[1]
        assert workers[1].startswith(f"CommandError: {self.MESSAGE}")

"""The test database: migrated once in a session, and copied for each of its processes.

Nearly a hundred migrations take four seconds, a copy takes next to nothing.
"""

import fcntl
import os
from pathlib import Path

from django.db import connection


def open_own_copy(folder: Path) -> None:
    """From now on every connection goes to a copy that no other process of the session uses.

    ``folder`` is shared by these processes and by no other session. SQLite's files stand in it, and
    the server of ``tests.postgres`` ends with its session: neither has to be tidied up.
    """
    with (folder / "database.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _use_migrated(folder)
        copy = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        connection.creation.clone_test_db(suffix=copy, verbosity=0, autoclobber=True)
    # In place: the connections of other threads are made from the same settings.
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(copy))


def _use_migrated(folder: Path) -> None:
    """Migrate it, if nobody has; SQLite's is a file, so that other processes can open it."""
    migrated = folder / "migrated"
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
    if migrated.exists():
        connection.settings_dict["NAME"] = migrated.read_text()
        return
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # with it SQLite brings all it has into the one file
    migrated.write_text(name)

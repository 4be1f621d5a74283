"""The ground every test stands on: fresh keys, one of two databases, the fixtures of the house."""

import gc
import os
import secrets
from collections.abc import Generator, Iterable
from typing import Any
from urllib.parse import urlsplit

import django
import pytest
from cryptography.fernet import Fernet
from django.conf import settings as dj_settings
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

from tests import plan
from tests.databases import open_own_copy

# Before the settings are read. Worker processes of the same session inherit these values;
# a developer's .env never decides what the tests use.
os.environ["DJANGO_SETTINGS_MODULE"] = "connector.settings"
os.environ.setdefault("DATABASE_URL", "sqlite:///var/never-opened-by-tests.sqlite3")
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["DEBUG"] = "false"
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ["FIELD_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
    os.environ["PUBLIC_URL"] = "http://localhost:8000"
    os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
django.setup()

# A real password hash takes 0.3 s on purpose, and file names with hashes need collectstatic. What
# a demo has collected concerns no test; each test's client would look through all of it first.
dj_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
dj_settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
dj_settings.STATIC_ROOT = None

# How long an example takes on a loaded machine says nothing about the product.
examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("house")

pytest_plugins = ["tests.world", "tests.people"]


def pytest_report_header() -> str:
    return f"database: {_database()}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"database: {_database()}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Alike in every process of a session."""
    kept = plan.chosen(items, _database())
    left = set(items) - set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = plan.in_order(kept)


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay to the end: no search for garbage looks at them."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> plan.Scheduling:
    return plan.Scheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note a broken promise: no second run, in which chance may be kinder, takes it back."""
    report = yield
    is_run_again = item.config.pluginmanager.hasplugin("cacheprovider")
    if report.failed and call.excinfo and plan.is_final(item, call.excinfo.type) and is_run_again:
        with (item.config.cache.mkdir("suite") / "final").open("a") as noted:
            noted.write(f"{item.nodeid}\n")
    return report


def _database() -> str:
    scheme = urlsplit(os.environ["DATABASE_URL"]).scheme
    return {"postgres": "PostgreSQL", "sqlite": "SQLite"}[scheme]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A migrated database of this process alone."""
    folder = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock():
        open_own_copy(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
    _let_flushes_pass()


def _let_flushes_pass() -> None:
    """Let the flush after a transactional test, and nothing else, past the audit's guard.

    The cache's table belongs to no model, so the flush forgets it: the rate limits that one test
    used up would hold in the next.
    """
    from django.core.cache import cache
    from django.db import connection

    from connector.models import append_only

    operations: Any = type(connection.ops)  # of every connection, whichever thread opens it
    flush = operations.execute_sql_flush

    def flush_past_the_guard(self: Any, sql_list: Iterable[str]) -> None:
        append_only.run(self.connection, "remove")
        try:
            flush(self, sql_list)
        finally:
            append_only.run(self.connection, "install")
        cache.clear()

    operations.execute_sql_flush = flush_past_the_guard

"""The demo keeps to itself: its own keys, its own database, one demo per folder."""

import os
import socket
import stat
from pathlib import Path

import pytest

from connector.demo.folder import Addresses, AlreadyRunning, DemoFolder, free_port

ADDRESSES = Addresses(web_port=8000, sandbox_port=8900)


def test_a_developers_database_and_keys_are_not_the_demos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://production.example/books")

    env = DemoFolder(tmp_path).environment(ADDRESSES)

    assert env["DATABASE_URL"] == f"sqlite:///{tmp_path}/db.sqlite3"
    assert env["FIELD_ENCRYPTION_KEYS"] != os.environ["FIELD_ENCRYPTION_KEYS"]


def test_the_second_start_finds_the_keys_and_the_password_of_the_first(tmp_path: Path) -> None:
    first = DemoFolder(tmp_path).environment(ADDRESSES)
    second = DemoFolder(tmp_path).environment(ADDRESSES)

    assert first == second


def test_nobody_else_can_read_the_demos_keys(tmp_path: Path) -> None:
    DemoFolder(tmp_path).environment(ADDRESSES)

    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with DemoFolder(tmp_path).lock(), pytest.raises(AlreadyRunning, match="already running"):
        DemoFolder(tmp_path).lock()


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        assert free_port(wanted) not in (wanted, 0)

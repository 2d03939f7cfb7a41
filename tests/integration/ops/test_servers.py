"""The private servers: as the tests themselves run on them, and started, killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection

from ops.clean import clean
from ops.folders import Folders, choose_var, database_home
from ops.postgres import find_binaries
from ops.processes import identify, wait_gone
from ops.servers import Servers, environment_for, revive_servers, start_servers, stop_servers
from ops.words import Stop


@pytest.mark.django_db
def test_the_test_database_has_postgis() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        assert cursor.fetchone() == (1,)


def test_the_broker_answers() -> None:
    cache.set("ops-test", "here", 5)
    assert cache.get("ops-test") == "here"


@pytest.fixture(scope="module")
def folders() -> Iterator[Folders]:
    """A folder that the database's account can reach (pytest's own are closed to others)."""
    home = Path(tempfile.mkdtemp(prefix="viahe-ops-"))
    home.chmod(0o755)
    yield choose_var(str(home))
    shutil.rmtree(home)


@pytest.fixture
def servers(folders: Folders) -> Iterator[Servers]:
    started = start_servers(folders, environment={})
    yield started
    stop_servers(started)


def _count(servers: Servers) -> int:
    with psycopg.connect(servers.database_url, autocommit=True) as line:
        line.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        line.execute("INSERT INTO kept VALUES (1)")
        row = line.execute("SELECT count(*) FROM kept").fetchone()
        return int(row[0]) if row else 0


def test_what_was_stored_is_there_after_a_second_start(folders: Folders, servers: Servers) -> None:
    before = _count(servers)
    stop_servers(servers)
    again = start_servers(folders, environment={})
    try:
        assert _count(again) == before + 1
        assert again.database_url == servers.database_url
        assert again.redis_url == servers.redis_url
    finally:
        stop_servers(again)


def test_killed_servers_come_back_at_their_old_address(folders: Folders, servers: Servers) -> None:
    before = _count(servers)
    for process in (servers.database, servers.broker):
        assert process
        os.kill(process.pid, signal.SIGKILL)
        assert wait_gone(process, 10.0)
    assert not servers.are_alive
    revived = revive_servers(folders, servers)
    try:
        assert revived.are_alive
        assert _count(revived) == before + 1
    finally:
        stop_servers(revived)


def test_a_pid_file_that_names_a_stranger_does_not_stop_a_start(folders: Folders, servers: Servers) -> None:
    """After a power cut the noted pid may belong to another program: here, to this test."""
    stop_servers(servers)
    left = database_home(folders) / "data" / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{left.parent}\n1\n5432\n\n127.0.0.1\n\nready\n")
    again = start_servers(folders, environment={})
    try:
        assert _count(again) > 0
        assert identify(os.getpid())
    finally:
        stop_servers(again)


def test_servers_of_the_environment_are_used_and_never_stopped(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}
    found = start_servers(Folders(tmp_path), environment=given)
    assert (found.database, found.broker, found.pids) == (None, None, {})
    stop_servers(found)
    env = environment_for(Folders(tmp_path), found, base={"SECRET_KEY": "the operator's own"})
    assert env["DATABASE_URL"] == given["DATABASE_URL"]
    assert env["SECRET_KEY"] == "the operator's own"


def test_a_missing_version_names_the_command_to_run() -> None:
    with pytest.raises(Stop, match="apt-get install"):
        find_binaries("9")


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user's cluster runs as that user and reaches its own folder")
def test_below_a_closed_home_the_cluster_lies_elsewhere_and_clean_removes_it(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    folders = choose_var(str(tmp_path / "closed"))
    stop_servers(start_servers(folders, environment={}, throwaway=True))
    elsewhere = database_home(folders)
    assert folders.elsewhere_file.exists()
    assert not elsewhere.is_relative_to(tmp_path)
    clean(folders)
    assert not elsewhere.exists()
    assert list(folders.var.iterdir()) == []

"""Brings the database of a running copy up to date: tables, weights, city packs, demo people. Skips what is unchanged.

What was done is noted in the database itself (table ``ops_done``), as a hash of the files it came from; so another
database, or one made afresh, is never taken for a prepared one.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops.folders import ROOT, Folders, check_room
from ops.keys import write_private
from ops.record import Users, parse_users
from ops.words import Stop, one_line, step

if TYPE_CHECKING:
    from psycopg import Connection

CITIES = ROOT / "cities"
TABLE = "CREATE TABLE IF NOT EXISTS ops_done (name text PRIMARY KEY, hash text NOT NULL)"

EVIDENCE = "evidence"
EVIDENCE_SOURCES = ("demo/**/*", "cities/*/demo.toml")


@dataclass(frozen=True, slots=True)
class Task:
    """One step of preparation: a management command, and the files whose change makes it necessary again.

    ``makes`` is a file below the copy's folder that the step leaves behind, if any: without it the step is due too.
    """

    name: str
    title: str
    arguments: tuple[str, ...]
    sources: tuple[str, ...]
    makes: str = ""


def list_tasks() -> tuple[Task, ...]:
    """All steps in order; one per city pack that exists."""
    packs = sorted(pack.parent for pack in CITIES.glob("*/pack.toml"))
    cities = tuple(
        Task(
            name=f"city:{pack.name}",
            title=f"city pack {pack.name} is loaded",
            arguments=("load_city", str(pack.relative_to(ROOT)), "--no-tiles"),
            sources=(f"cities/{pack.name}/**/*",),
        )
        for pack in packs
    )
    return (
        Task("tables", "tables are made", ("migrate", "--noinput"), ("*/migrations/*.py", "requirements/base.txt")),
        Task("weights", "weights are registered", ("register_weights",), ("detection/weights/**/*",)),
        *cities,
        Task("tiles", "map tiles are built", ("build_tiles",), ("cities/**/*", "tiles/*.py"), "tiles/built_as_of"),
    )


def prepare(folders: Folders, database_url: str, environment: Mapping[str, str]) -> None:
    """Do every task whose sources changed since it was last done in this database."""
    done = _read_done(database_url)
    for task in list_tasks():
        now = hash_files(task.sources)
        is_there = not task.makes or (folders.var / task.makes).exists()
        if is_there and done.get(task.name) == now:
            continue
        check_room(folders.var, least_mb=300)
        with step(task.title):
            run_command(task.arguments, environment, log=folders.logs / "prepare.log")
        _note_done(database_url, task.name, now)


def make_users(folders: Folders, database_url: str, environment: Mapping[str, str]) -> Users:
    """The demo people with their passwords: as made before in this copy and database, or made now."""
    done = _read_done(database_url).get("users")
    try:
        text = folders.users_file.read_text()
        if done == _hash_users(text):
            return parse_users(text)
    except (OSError, ValueError):
        pass
    with step("demo people are made"):
        text = run_command(("create_demo_users",), environment, log=folders.logs / "prepare.log")
    try:
        users = parse_users(text)
    except ValueError as error:
        raise Stop(f"manage.py create_demo_users printed something else than logins: {error}") from error
    write_private(folders.users_file, text)
    _note_done(database_url, "users", _hash_users(text))
    return users


def is_evidence_filed(database_url: str) -> bool:
    """True when the present sample evidence was filed in this database."""
    return _read_done(database_url).get(EVIDENCE) == hash_files(EVIDENCE_SOURCES)


def note_evidence_filed(database_url: str) -> None:
    """The present sample evidence need not be filed again."""
    _note_done(database_url, EVIDENCE, hash_files(EVIDENCE_SOURCES))


def run_command(arguments: Iterable[str], environment: Mapping[str, str], *, log: Path) -> str:
    """Run one management command to its end and give what it printed; its complaints go to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    wanted = list(arguments)
    with log.open("ab") as complaints:
        complaints.write(f"--- manage.py {' '.join(wanted)}\n".encode())
        complaints.flush()
        seen = complaints.tell()
        ran = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *wanted],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        words = _last_words(log, seen) if ran.returncode else ""
        complaints.write(ran.stdout)
    if ran.returncode != 0:
        raise Stop(f"manage.py {' '.join(wanted)} failed: {words}   See {log}")
    return ran.stdout.decode()


def hash_files(patterns: Iterable[str]) -> str:
    """One hash of the names and bytes of all files that the patterns (relative to the clone) name."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path.relative_to(ROOT)).encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _hash_users(text: str) -> str:
    """The logins together with the city packs: a new pack has new units, where the demo people have roles too."""
    return hashlib.sha256((text + hash_files(("cities/**/*",))).encode()).hexdigest()


def _last_words(log: Path, seen: int) -> str:
    lines = [line for line in log.read_bytes()[seen:].decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "it said nothing."


def _read_done(database_url: str) -> dict[str, str]:
    with _connected(database_url) as connection:
        connection.execute(TABLE)
        return {str(name): str(value) for name, value in connection.execute("SELECT name, hash FROM ops_done")}


def _note_done(database_url: str, name: str, value: str) -> None:
    with _connected(database_url) as connection:
        connection.execute(
            "INSERT INTO ops_done VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash", [name, value]
        )


@contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    """A connection for one moment; a database that is down or refuses ends the command in one line."""
    import psycopg

    try:
        with psycopg.connect(database_url, autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise Stop(f"The database does not answer (see DATABASE_URL): {one_line(error)}") from error
    except psycopg.Error as error:
        raise Stop(f"The database refuses (see DATABASE_URL): {one_line(error)}") from error

"""The private PostgreSQL + PostGIS cluster: made once, started on a free port, stopped by its own pid.

It runs as the ordinary user, or as ``postgres`` when root asks. Only this machine reaches it, by password.
A power cut, a kill or a second start leaves nothing to repair by hand.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ops.folders import Folders, check_room, database_account, database_home, socket_folder
from ops.keys import Keys
from ops.ports import LOOPBACK, PATIENCE_S, keep_or_choose
from ops.processes import POLL_S, ProcessId, identify, spawn, stop_process
from ops.words import Stop, one_line, step

DEBIAN_HOME = Path("/usr/lib/postgresql")
DEBIAN_SHARE = Path("/usr/share/postgresql")
INSTALL = "apt-get install postgresql-15 postgresql-15-postgis-3"
ROLE = "viahe"
DATABASE = "viahe"
EXTENSIONS = ("postgis", "unaccent", "pg_trgm")
START_TIMEOUT_S = 60.0
FATAL_LINE = re.compile(rb"(?:FATAL|PANIC|could not).*")

COMMON = {
    "listen_addresses": LOOPBACK,
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "warning",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


@dataclass(frozen=True, slots=True)
class Database:
    """A running private cluster."""

    url: str
    process: ProcessId


def find_binaries(version: str | None = None) -> Path:
    """Folder of PostgreSQL's programs: the newest that has PostGIS, or exactly ``version`` (an existing cluster's)."""
    homes = sorted(DEBIAN_HOME.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]), reverse=True)
    for program in homes:
        found = program.parts[-3]
        if version in (None, found) and (DEBIAN_SHARE / found / "extension" / "postgis.control").exists():
            return program.parent
    wanted = f"PostgreSQL {version}" if version else "PostgreSQL"
    raise Stop(f"{wanted} with PostGIS is not installed. As root run: {INSTALL}   (or set DATABASE_URL)")


def start_database(folders: Folders, keys: Keys, *, throwaway: bool = False, outlive: bool = False) -> Database:
    """Start the cluster of ``folders`` (made first when missing) and return its address.

    ``throwaway`` trades safety for speed (tests). ``outlive`` lets it run on when we end.
    """
    home = database_home(folders)
    check_room(home, least_mb=300)
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _make_cluster(home, data, keys, throwaway=throwaway)
    binaries = find_binaries((data / "PG_VERSION").read_text().strip())
    _clear_stale(data)
    sockets = socket_folder(folders, home)
    port = keep_or_choose(_last_port(folders), patience_s=PATIENCE_S)
    _clear_stale_socket(sockets, port)
    log = folders.logs / "database.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    seen = log.stat().st_size if log.exists() else 0
    settings = COMMON | (THROWAWAY if throwaway else {}) | {"port": str(port), "unix_socket_directories": str(sockets)}
    argv = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    child = spawn(
        argv,
        log=log,
        env=_plain_env(),
        cwd=home,
        death_signal=None if outlive else signal.SIGINT,
        user=database_account(),
    )
    process = identify(child.pid)
    with step("database starts"):
        _wait_ready(child, data, log, seen)
    if process is None:
        raise Stop(f"The database ended at once. See {log}")
    (folders.var / "database.json").write_text(json.dumps({"port": port}))
    url = f"postgresql://{ROLE}:{keys.database_password}@{LOOPBACK}:{port}/{DATABASE}"
    _make_database(url)
    return Database(url, process)


def stop_database(process: ProcessId) -> None:
    """Stop the cluster: running statements are cancelled, nothing committed is lost."""
    stop_process(process, number=signal.SIGINT, timeout_s=30.0)


def running_database(data: Path) -> ProcessId | None:
    """The server that really runs on this data folder, or None (also when its pid file is stale)."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        works_in = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return identify(pid) if works_in == data.resolve() else None


def _make_cluster(home: Path, data: Path, keys: Keys, *, throwaway: bool) -> None:
    """initdb into a folder beside, renamed when whole: a start that is cut short leaves no half cluster."""
    check_room(home, least_mb=1500)
    account = database_account()
    fresh = home / "data.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    secret = home / "password.tmp"
    secret.touch(mode=0o600)
    secret.write_text(keys.database_password)
    if account:
        shutil.chown(secret, account)
    argv = [str(find_binaries() / "initdb"), "-D", str(fresh), "-U", ROLE, f"--pwfile={secret}"]
    argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    argv += ["--no-sync"] if throwaway else []
    with step("database is made (once)"):
        made = subprocess.run(
            argv, env=_plain_env(), cwd=home, user=account, group=account, capture_output=True, text=True
        )
    secret.unlink()
    if made.returncode != 0:
        raise Stop(f"The database folder {fresh} could not be made: {made.stderr.strip()[-300:]}")
    fresh.rename(data)


def _clear_stale(data: Path) -> None:
    """Stop an orphan of an earlier run, and remove a pid file whose process is not PostgreSQL's any more."""
    orphan = running_database(data)
    if orphan:
        stop_database(orphan)
    else:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _clear_stale_socket(sockets: Path, port: int) -> None:
    """The port is free, so a socket of that number is a leftover."""
    for name in (f".s.PGSQL.{port}", f".s.PGSQL.{port}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _last_port(folders: Folders) -> int | None:
    try:
        return int(json.loads((folders.var / "database.json").read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _wait_ready(child: subprocess.Popen[bytes], data: Path, log: Path, seen: int) -> None:
    """Return when the server says it is ready in its pid file; stop with its own last words otherwise."""
    ends = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends:
        if child.poll() is not None:
            said = FATAL_LINE.findall(log.read_bytes()[seen:])
            why = said[-1].decode(errors="replace") if said else f"exit code {child.returncode}"
            raise Stop(f"The database did not start: {why}. See {log}")
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except OSError:
            lines = []
        if len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready":
            return
        time.sleep(POLL_S)
    raise Stop(f"The database was not ready after {START_TIMEOUT_S:.0f} s. See {log}")


def _make_database(url: str) -> None:
    """Make the database and its extensions when missing."""
    import psycopg

    server = url.rpartition("/")[0] + "/postgres"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=10) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            for name in EXTENSIONS:
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except psycopg.OperationalError as error:
        raise Stop(f"The database refuses us: {one_line(error)}. A fresh start helps: make clean") from error


def _plain_env() -> dict[str, str]:
    """An environment in which no PG* variable of the operator changes the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

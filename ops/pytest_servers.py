"""Servers for a test run or a measurement: a throwaway PostGIS cluster and broker, started once for all its processes,
stopped at the end.

``tests/conftest.py`` calls ``begin`` before Django reads its settings and ``end`` when pytest leaves. With
``DATABASE_URL`` and ``REDIS_URL`` set, those are used and nothing is started. Runs of pure tests alone start nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.folders import ROOT, Folders, choose_var
from ops.lock import CopyLock
from ops.servers import Servers, environment_for, start_servers, stop_servers

PURE_FOLDERS = (ROOT / "tests" / "unit",)


@dataclass(frozen=True, slots=True)
class TestServers:
    """What one test run started. ``throwaway`` is a folder to remove at the end, if any."""

    __test__ = False

    servers: Servers
    lock: CopyLock
    throwaway: Path | None


def needs_servers(arguments: Sequence[str], *, collect_only: bool) -> bool:
    """False for a run of pure tests alone, or one that only lists tests."""
    paths = [ROOT / argument.split("::")[0] for argument in arguments]
    pure = bool(paths) and all(any(path.is_relative_to(folder) for folder in PURE_FOLDERS) for path in paths)
    return not (collect_only or pure)


def begin() -> TestServers:
    """Start what is missing and put its address into this process's environment (test workers inherit it)."""
    folders, lock, throwaway = _claim_folder()
    servers = start_servers(folders, throwaway=True)
    given = {"ALLOWED_HOSTS": "localhost,127.0.0.1,testserver", "REPORTS_PER_HOUR": "0"}
    os.environ.update(environment_for(folders, servers, base=given | dict(os.environ)))
    return TestServers(servers, lock, throwaway)


def end(started: TestServers) -> None:
    """Stop what ``begin`` started, by its own pid."""
    stop_servers(started.servers)
    started.lock.give_back()
    if started.throwaway:
        shutil.rmtree(started.throwaway, ignore_errors=True)


def _claim_folder() -> tuple[Folders, CopyLock, Path | None]:
    """``VAR_DIR/test`` (kept, so the next run starts at once), or a temporary folder while another run holds it."""
    folders = choose_var(str(choose_var(os.environ.get("VAR_DIR")).var / "test"))
    lock = CopyLock(folders.lock)
    if lock.take():
        return folders, lock, None
    throwaway = Path(tempfile.mkdtemp(prefix="viahe-test-"))
    throwaway.chmod(0o755)
    folders = choose_var(str(throwaway))
    lock = CopyLock(folders.lock)
    lock.take()
    return folders, lock, throwaway

"""Where a running copy keeps its files: the VAR_DIR folder and what lies below it.

The database's folder may have to lie elsewhere: PostgreSQL refuses to run as root, so a root operator's cluster runs
as ``postgres``, which cannot reach a clone under a closed home such as /root.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.words import Stop

ROOT = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107
SOCKET_NAME_LENGTH = len("/.s.PGSQL.65535.lock")
DATABASE_ACCOUNT = "postgres"


@dataclass(frozen=True, slots=True)
class Folders:
    """One running copy's folders. ``var`` is absolute."""

    var: Path

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def valkey(self) -> Path:
        return self.var / "valkey"

    @property
    def lock(self) -> Path:
        return self.var / "running.lock"

    @property
    def demo_file(self) -> Path:
        return self.var / "demo.json"

    @property
    def processes_file(self) -> Path:
        return self.var / "processes.json"

    @property
    def users_file(self) -> Path:
        return self.var / "demo-users.json"

    @property
    def keys_file(self) -> Path:
        return self.var / "keys.json"

    @property
    def elsewhere_file(self) -> Path:
        """Names the database's folder when it does not lie in ``var``."""
        return self.var / "database-folder.json"

    @property
    def mark(self) -> str:
        """Short name of this copy, for folders outside ``var``."""
        return f"viahe-{hashlib.sha256(str(self.var).encode()).hexdigest()[:10]}-{os.getuid()}"


def choose_var(text: str | None) -> Folders:
    """The folder named by VAR_DIR (relative to the clone), or ``var``; created when missing."""
    var = (ROOT / (text or "var")).resolve()
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / ".write-test"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Stop(
            f"VAR_DIR={var} cannot be written ({error.strerror}). Choose another: make demo VAR_DIR=/tmp/viahe"
        ) from error
    return Folders(var)


def check_room(folder: Path, *, least_mb: int) -> None:
    """Stop with a hint when the disk below ``folder`` is nearly full."""
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < least_mb:
        raise Stop(
            f"The disk of {folder} is nearly full: {free_mb} MB free, {least_mb} MB needed. "
            "Free some space, or name a folder on another disk: make demo VAR_DIR=/path"
        )


def database_account() -> str | None:
    """The account that must run PostgreSQL: ``postgres`` when we are root, else our own (None)."""
    if os.getuid() != 0:
        return None
    try:
        pwd.getpwnam(DATABASE_ACCOUNT)
    except KeyError as error:
        raise Stop(
            "PostgreSQL does not run as root and there is no 'postgres' account. "
            "Run: apt-get install postgresql-15 postgresql-15-postgis-3"
        ) from error
    return DATABASE_ACCOUNT


def can_reach(folder: Path, account: str | None) -> bool:
    """True when ``account`` may pass through every folder down to ``folder``."""
    if account is None:
        return os.access(folder, os.X_OK)
    who = pwd.getpwnam(account)
    tried = subprocess.run(["test", "-x", str(folder)], user=who.pw_uid, group=who.pw_gid, extra_groups=[], cwd="/")
    return tried.returncode == 0


def database_home(folders: Folders) -> Path:
    """Folder that holds the private cluster and its socket; made when missing, reachable by the account that runs it."""
    account = database_account()
    home = folders.var / "database"
    elsewhere = folders.elsewhere_file
    if elsewhere.exists():
        home = Path(json.loads(elsewhere.read_text())["folder"])
    elif not can_reach(folders.var, account):
        home = Path("/var/tmp") / folders.mark
        elsewhere.write_text(json.dumps({"folder": str(home), "why": f"{account} cannot reach {folders.var}"}))
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid not in (os.getuid(), _uid_of(account)):
        raise Stop(f"{home} belongs to someone else. Remove it, or choose another folder: make demo VAR_DIR=/path")
    if account:
        shutil.chown(home, account)
    return home


def socket_folder(folders: Folders, home: Path) -> Path:
    """Folder of the database's socket: in its home, or a short one in /tmp when that path is too long for a socket."""
    folder = home / "socket"
    if len(str(folder)) + SOCKET_NAME_LENGTH > SOCKET_PATH_LIMIT:
        folder = Path("/tmp") / folders.mark
    folder.mkdir(mode=0o700, exist_ok=True)
    account = database_account()
    if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), _uid_of(account)):
        raise Stop(f"{folder} belongs to someone else. Remove it and start again.")
    if account:
        shutil.chown(folder, account)
    return folder


def _uid_of(account: str | None) -> int:
    return pwd.getpwnam(account).pw_uid if account else os.getuid()

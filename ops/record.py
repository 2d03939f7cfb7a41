"""What a running copy writes down: ``demo.json`` for people and tests, ``processes.json`` to find leftovers after a crash.

``demo.json`` is a promise to others (keys: url, logins, api_token, database_url, redis_url, pids); only its owner reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from ops.folders import Folders
from ops.keys import write_private
from ops.processes import ProcessId, stop_process
from ops.words import say


@dataclass(frozen=True, slots=True)
class Login:
    """A demo person. The password is made for this copy and works nowhere else."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Users:
    """The demo people by role, and the token with which each calls the API."""

    logins: Mapping[str, Login]
    api_token: Mapping[str, str] = field(repr=False)


def parse_users(text: str) -> Users:
    """Users out of what ``manage.py create_demo_users`` prints: ``{"logins": {role: {...}}, "api_token": {role: ...}}``.

    Raises ValueError when the text is something else.
    """
    try:
        found = json.loads(text)
        logins = {role: Login(who["username"], who["password"]) for role, who in found["logins"].items()}
        return Users(logins, dict(found["api_token"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"demo users: {error!r} is missing") from error


def write_demo(
    folders: Folders, *, url: str, users: Users, database_url: str, redis_url: str, pids: Mapping[str, int]
) -> None:
    """Write ``demo.json``, whole or not at all."""
    content = {
        "url": url,
        "logins": {role: asdict(login) for role, login in users.logins.items()},
        "api_token": dict(users.api_token),
        "database_url": database_url,
        "redis_url": redis_url,
        "pids": dict(pids),
    }
    write_private(folders.demo_file, json.dumps(content, indent=2) + "\n")


def write_processes(folders: Folders, processes: Mapping[str, ProcessId]) -> None:
    """Note every process we started, with what tells it from a later one of the same pid."""
    write_private(folders.processes_file, json.dumps({name: asdict(who) for name, who in processes.items()}))


def sweep_leftovers(folders: Folders) -> int:
    """Stop what an earlier run, killed without a chance to clean up, left alive; how many there were."""
    try:
        noted = json.loads(folders.processes_file.read_text())
        leftovers = {name: ProcessId(**who) for name, who in noted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return 0
    alive = {name: who for name, who in leftovers.items() if who.is_alive()}
    for name, who in alive.items():
        say(f"  stopping {name} (pid {who.pid}), left over from an earlier run")
        stop_process(who, timeout_s=10.0)
    folders.processes_file.unlink(missing_ok=True)
    return len(alive)

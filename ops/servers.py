"""The two servers everything needs, as one thing: a PostGIS database and a Redis-compatible broker.

``DATABASE_URL`` or ``REDIS_URL`` in the environment means: use that one and start none of ours.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ops.folders import Folders
from ops.keys import Keys, load_keys
from ops.postgres import start_database, stop_database
from ops.processes import ProcessId
from ops.valkey import start_broker, stop_broker
from ops.words import Stop, one_line


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses of both servers, and the processes of those that are ours."""

    database_url: str
    redis_url: str
    keys: Keys
    database: ProcessId | None
    broker: ProcessId | None

    @property
    def are_alive(self) -> bool:
        """False when one of ours has died."""
        return all(process.is_alive() for process in (self.database, self.broker) if process)

    @property
    def pids(self) -> dict[str, int]:
        ours = {"database": self.database, "broker": self.broker}
        return {name: process.pid for name, process in ours.items() if process}


def start_servers(
    folders: Folders,
    *,
    environment: Mapping[str, str] = os.environ,
    throwaway: bool = False,
    outlive: bool = False,
) -> Servers:
    """Start what is not given by the environment, in ``folders``. Both answer when this returns."""
    keys = load_keys(folders.keys_file)
    database_url = environment.get("DATABASE_URL", "")
    redis_url = environment.get("REDIS_URL", "")
    database = broker = None
    if not redis_url:
        started = start_broker(folders, keys, throwaway=throwaway, outlive=outlive)
        redis_url, broker = started.url, started.process
    if not database_url:
        made = start_database(folders, keys, throwaway=throwaway, outlive=outlive)
        database_url, database = made.url, made.process
    return Servers(database_url, redis_url, keys, database, broker)


def check_given(servers: Servers) -> None:
    """Stop in one line when a broker named by the environment does not answer. (The database is asked soon after.)"""
    if servers.broker:
        return
    import redis

    try:
        redis.Redis.from_url(servers.redis_url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise Stop(f"The broker of REDIS_URL does not answer: {one_line(error)}") from error


def revive_servers(folders: Folders, servers: Servers) -> Servers:
    """Start again whichever of ours has died, at its old address. Stop when that is impossible."""
    given = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
    if servers.database and not servers.database.is_alive():
        del given["DATABASE_URL"]
    if servers.broker and not servers.broker.is_alive():
        del given["REDIS_URL"]
    fresh = start_servers(folders, environment=given)
    if (fresh.database_url, fresh.redis_url) != (servers.database_url, servers.redis_url):
        stop_servers(fresh)
        raise Stop("A server came back at another port, since its own is taken. Start again: make demo")
    return replace(servers, database=fresh.database or servers.database, broker=fresh.broker or servers.broker)


def stop_servers(servers: Servers) -> None:
    """Stop the ones we started; a server given by the environment is left alone."""
    if servers.broker:
        stop_broker(servers.broker)
    if servers.database:
        stop_database(servers.database)


def environment_for(folders: Folders, servers: Servers, *, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of every process of this copy: what the operator set, completed by what we made."""
    ours = {
        "SECRET_KEY": servers.keys.secret_key,
        "VAULT_KEY": servers.keys.vault_key,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    fixed = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url, "VAR_DIR": str(folders.var)}
    return ours | dict(base) | fixed

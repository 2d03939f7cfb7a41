"""Whether the whole can work: database, broker, a worker per queue, weights as on record. Each part by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import psycopg
import redis
import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from redis.exceptions import RedisError

from api.plain import Json
from detection.queries import list_states, list_weights_in_use
from detection.weights_record import sha256_of
from detection.weights_shelf import find_record
from errors import ConfigurationError
from pipeline.queries import count_workers

log = structlog.get_logger("api")
_BROKER_TIMEOUT_S = 1.0
_DATABASE_TIMEOUT_S = 2
_DETECTORS_TELL_FOR = timedelta(hours=24)  # an older word is of a process that is long gone


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part: whether it works, and a line for the operator."""

    ok: bool
    says: str = ""
    detail: Json = field(default_factory=dict)


def check_health() -> dict[str, PartHealth]:
    """All parts; no one's failure hides another's."""
    database, broker = _guard(check_database), _guard(check_broker)
    workers = (
        _guard(check_workers)
        if broker.ok
        else PartHealth(False, "The broker does not answer, so nobody could be asked.")
    )
    return {
        "database": database,
        "broker": broker,
        "workers": workers,
        "weights": _guard(check_weights),
        "detector": _guard(check_detectors),
    }


def check_database() -> PartHealth:
    """One trivial question over a connection of its own: the pool's would wait long for a database that is gone."""
    database = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {ours: str(database[theirs]) for ours, theirs in names.items() if database[theirs]}
    with psycopg.connect(make_conninfo("", connect_timeout=_DATABASE_TIMEOUT_S, **given)) as connection:
        connection.execute("SELECT 1")
    return PartHealth(True)


def check_broker() -> PartHealth:
    """A ping with a short patience."""
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=_BROKER_TIMEOUT_S, socket_connect_timeout=_BROKER_TIMEOUT_S
    )
    try:
        client.ping()
    finally:
        client.close()
    return PartHealth(True)


def check_workers() -> PartHealth:
    """A live worker for every queue."""
    counts = count_workers(_BROKER_TIMEOUT_S)
    idle = sorted(queue for queue, workers in counts.items() if workers == 0)
    says = f"No worker serves: {', '.join(idle)}." if idle else ""
    return PartHealth(not idle, says, {"queues": counts})


def check_weights() -> PartHealth:
    """Every file of the weights at work, there and unaltered."""
    found: dict[str, str] = {}
    for name in _names_at_work():
        record = find_record(name)
        for file in record.files:
            path = record.folder / file.name
            found[f"{name}/{file.name}"] = _compare(path, file.sha256)
    bad = sorted(name for name, state in found.items() if state != "ok")
    return PartHealth(not bad, f"Not as on record: {', '.join(bad)}." if bad else "", {"files": found})


def check_detectors() -> PartHealth:
    """What each detector told of itself last: what it runs, or what went wrong and what to do."""
    states = list_states(timezone.now() - _DETECTORS_TELL_FOR)
    failing = [state for state in states if not state.ok]
    says = " ".join(f"{state.says} {state.cure}".strip() for state in failing)
    remarks = [state.says for state in states if state.ok and state.says]
    detail = {
        state.process: {"ok": state.ok, "weights": list(state.weights), "runtime": state.runtime, "says": state.says,
                        "cure": state.cure, "at": state.seen_at.isoformat()}
        for state in states
    }  # fmt: skip
    return PartHealth(not failing, says or " ".join(dict.fromkeys(remarks)), {"processes": detail})


def _names_at_work() -> tuple[str, ...]:
    """Those that people put to work; while the database is silent, those of the settings."""
    try:
        return list_weights_in_use(settings.ENV.detection.weights)
    except DatabaseError:
        return tuple(settings.ENV.detection.weights)


def _compare(path: Path, expected: str) -> str:
    if not path.is_file():
        return "missing"
    stat = path.stat()
    return "ok" if _hash(path, stat.st_mtime_ns, stat.st_size) == expected else "altered"


@lru_cache(maxsize=64)
def _hash(path: Path, _changed_ns: int, _size: int) -> str:
    """Hashed once as long as the file's time and size stay."""
    return sha256_of(path)


def _guard(check: Callable[[], PartHealth]) -> PartHealth:
    """A part that fails says so; anything may fail here, and every kind of failure is an answer."""
    try:
        return check()
    except ConfigurationError as error:
        return PartHealth(False, str(error))
    except (psycopg.Error, RedisError, OSError) as error:
        log.warning("part_is_down", part=check.__name__, error=type(error).__name__)
        return PartHealth(False, "Does not answer.")
    except Exception as error:  # the rim: a health page that breaks helps nobody
        log.warning("part_is_down", part=check.__name__, error=type(error).__name__)
        return PartHealth(False, "Does not answer.")

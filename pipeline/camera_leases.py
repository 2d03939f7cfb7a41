"""Which runner watches which camera: leases in the database, with a growing token as the fence.

Any number of runners on any machines ask for cameras; each camera is given to one. A runner that dies lets its leases run out
(``TTL_S``), another takes them. All times are the database's, so that no machine's clock matters. A write of a
camera's runner goes through ``fenced``: one that lost its lease, however late it wakes up, changes nothing.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from errors import Conflict

TTL_S = 10.0
HEART_S = 2.0
BEAT_S = 3.0

_TAKE = """
    WITH free AS (
        SELECT camera.id
          FROM intake_camera camera LEFT JOIN pipeline_cameralease lease ON lease.camera_id = camera.id
         WHERE camera.is_active AND camera.stream <> '' AND (%(names)s::text[] IS NULL OR camera.name = ANY(%(names)s))
           AND (lease.camera_id IS NULL OR lease.holder = '' OR lease.expires_at < clock_timestamp())
         ORDER BY lease.expires_at NULLS FIRST, camera.id
         LIMIT %(most)s
           FOR UPDATE OF camera SKIP LOCKED
    )
    INSERT INTO pipeline_cameralease AS lease (camera_id, holder, token, taken_at, expires_at)
    SELECT id, %(holder)s, 1, clock_timestamp(), clock_timestamp() + %(ttl)s * interval '1 second' FROM free
        ON CONFLICT (camera_id) DO UPDATE
       SET holder = EXCLUDED.holder, token = lease.token + 1, taken_at = EXCLUDED.taken_at, expires_at = EXCLUDED.expires_at
     WHERE lease.holder = '' OR lease.expires_at < clock_timestamp()
    RETURNING camera_id, token
"""
_RENEW = """
    UPDATE pipeline_cameralease SET expires_at = clock_timestamp() + %(ttl)s * interval '1 second'
     WHERE holder = %(holder)s AND (camera_id, token) IN (SELECT * FROM unnest(%(cameras)s::bigint[], %(tokens)s::bigint[]))
    RETURNING camera_id
"""
_GIVE_BACK = """
    UPDATE pipeline_cameralease SET holder = '', expires_at = clock_timestamp()
     WHERE holder = %(holder)s AND (camera_id, token) IN (SELECT * FROM unnest(%(cameras)s::bigint[], %(tokens)s::bigint[]))
"""
_BEAT = """
    INSERT INTO pipeline_camerarunnerbeat (name, beat_at) VALUES (%(holder)s, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET beat_at = EXCLUDED.beat_at
"""
_SHARE = """
    SELECT (SELECT count(*) FROM intake_camera WHERE is_active AND stream <> ''),
           (SELECT count(*) FROM pipeline_camerarunnerbeat WHERE beat_at > clock_timestamp() - %(ttl)s * interval '1 second')
"""
_FORGET = (
    "DELETE FROM pipeline_camerarunnerbeat WHERE beat_at < clock_timestamp() - interval '1 day' OR name = %(gone)s"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to run one camera: its lease's token."""

    camera_id: int
    token: int


def name_runner() -> str:
    """A name that no other runner has: host, process, and a random mark against reused process numbers."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(3)}"


def beat(holder: str) -> int:
    """Say that this runner is alive; how many cameras each of the living may hold so that all are watched."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, {"holder": holder})
        cursor.execute(_SHARE, {"ttl": TTL_S})
        cameras, runners = cursor.fetchone()
    return -(-int(cameras) // max(1, int(runners)))


def leave(holder: str) -> None:
    """This runner ends."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"gone": holder})


def take_cameras(holder: str, most: int, names: Sequence[str] | None = None) -> list[Grant]:
    """At most ``most`` cameras that nobody runs, now ours; ``names`` limits the choice."""
    if most < 1:
        return []
    wanted = list(names) if names is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"holder": holder, "most": most, "ttl": TTL_S, "names": wanted})
        return [Grant(camera_id, token) for camera_id, token in cursor.fetchall()]


def renew(holder: str, grants: Sequence[Grant]) -> set[int]:
    """Keep the leases for another ``TTL_S``; the cameras that are still ours."""
    if not grants:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, _of(holder, grants) | {"ttl": TTL_S})
        return {camera_id for (camera_id,) in cursor.fetchall()}


def give_back(holder: str, grants: Sequence[Grant]) -> None:
    """End the leases at once, so that nobody has to wait for them to run out."""
    if grants:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, _of(holder, grants))


@contextmanager
def fenced(grant: Grant) -> Iterator[None]:
    """A transaction that commits only while the lease is held; ``Conflict`` (and nothing written) when another took it.

    The lease is checked last and its row locked until the commit: who takes it over waits for this, or this is undone.
    """
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM pipeline_cameralease WHERE camera_id = %s FOR UPDATE", [grant.camera_id])
            row = cursor.fetchone()
        if row is None or row[0] != grant.token:
            raise Conflict(
                "Another runner has taken this camera.",
                field="camera",
                value=grant.camera_id,
                cure="Nothing is to be done: the other one goes on.",
            )


def _of(holder: str, grants: Sequence[Grant]) -> dict[str, Any]:
    return {
        "holder": holder,
        "cameras": [grant.camera_id for grant in grants],
        "tokens": [grant.token for grant in grants],
    }

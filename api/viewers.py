"""Who else has a flag open just now, so that two people do not decide it at once. Forgotten after a minute."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

LOOKS_FOR_S = 60


def list_viewers(flag_ids: Sequence[UUID], but: str) -> dict[UUID, str]:
    """Who else looks at which of these flags just now."""
    keys = {_key(flag_id): flag_id for flag_id in flag_ids}
    try:
        found = cache.get_many(keys)
    except RedisError:
        return {}
    return {keys[key]: str(name) for key, name in found.items() if name != but}


def note_viewer(flag_id: UUID, username: str) -> str:
    """Note that somebody looks at a flag; the name of whoever else did within the last minute, empty for nobody.

    Only a courtesy: without the cache nobody is named, and the version of the flag still guards the decision.
    """
    key = _key(flag_id)
    try:
        other = cache.get(key, "")
        cache.set(key, username, LOOKS_FOR_S)
    except RedisError:
        return ""
    return str(other) if other != username else ""


def _key(flag_id: UUID) -> str:
    return f"review-viewer:{flag_id}"

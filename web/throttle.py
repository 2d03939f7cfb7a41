"""How many reports one connection may send by the pages in an hour; the same limit as the interface for machines."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

HOUR_S = 3600


def read_limit() -> int:
    """Reports per hour; 0 asks for no limit."""
    return int(settings.ENV.security.reports_per_hour)


def is_over_limit(request: HttpRequest) -> bool:
    """Count one more sending of this connection; True when it is one too many. Without the cache nobody is held up."""
    limit = read_limit()
    if not limit:
        return False
    key = f"web-reports:{request.META.get('REMOTE_ADDR', '')}:{int(time.time() // HOUR_S)}"
    try:
        cache.add(key, 0, HOUR_S)
        return int(cache.incr(key)) > limit
    except (RedisError, ValueError):
        return False

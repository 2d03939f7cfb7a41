"""How many reports one address may send in an hour. A silent cache never stops a citizen."""

from __future__ import annotations

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

log = structlog.get_logger("api")


class ReportThrottle(AnonRateThrottle):
    """Counts anonymous sending only; the rate is a setting, none where it is 0."""

    scope = "reports"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this one may pass."""
        try:
            return bool(super().allow_request(request, view))
        except (RedisError, OSError) as error:
            log.warning("throttle_without_cache", error=type(error).__name__)
            return True

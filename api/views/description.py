"""The machine-readable description of this interface."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView

from api.endpoint import ANYONE, CallerMay


@extend_schema(exclude=True)
class Description(SpectacularJSONAPIView):
    """``/openapi.json``."""

    may_call = ANYONE
    permission_classes = [CallerMay]
    authentication_classes = []

"""The machine-readable description of this interface."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView

from api.endpoint import ANYONE, CallerMay


@extend_schema(exclude=True)
class Description(SpectacularJSONAPIView):  # type: ignore[misc]  # the library is untyped
    """``/openapi.json``."""

    may_call = ANYONE
    permission_classes: ClassVar = [CallerMay]
    authentication_classes: ClassVar = []

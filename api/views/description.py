"""The machine-readable description of this interface."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request

from api.endpoint import ANYONE, CallerMay, Endpoint
from errors import NotFound


@extend_schema(exclude=True)
class Description(SpectacularJSONAPIView):
    """``/openapi.json``."""

    may_call = ANYONE
    permission_classes = [CallerMay]
    authentication_classes = []


@extend_schema(exclude=True)
class Nowhere(Endpoint):
    """Any other path: an answer in the same form as every failure, not a page."""

    may_call = ANYONE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """There is nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFound(
            "There is no such address.",
            field="path",
            value=request.path,
            cure="See the description at /api/v1/openapi.json.",
        )

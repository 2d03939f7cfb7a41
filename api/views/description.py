"""The machine-readable description of this interface."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint
from api.plain import Json
from errors import NotFound

_made: list[Json] = []


def _make_document(request: Request) -> Json:
    if not _made:
        generator: Any = SchemaGenerator
        document: Json = generator(api_version="1").get_schema(request=request, public=True)
        _made.append(document)
    return _made[0]


@extend_schema(exclude=True)
class Description(Endpoint):
    """``/openapi.json``."""

    may_call = ANYONE
    authentication_classes = []

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The document; it takes a second to make and never changes while the process lives."""
        return Response(_make_document(request))


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

"""Saved views of planners: a question under a name, shared by a link that holds nothing but a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.area_bodies import AreaBodyParser
from api.endpoint import Endpoint, describe, person_of
from api.parsing import read_text
from api.plain import to_plain
from cases.roles import Role
from errors import InputError
from tiles.saved_views import OpenedView, ViewLine, change_view, list_views, open_view, remove_view, save_view

TAG = "places"
STAFF = frozenset(Role)
_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "question": {"type": "object", "description": "as `POST /api/v1/query` takes it"},
        },
        "required": ["name", "question"],
    }
}
_PRIVATE = {"Cache-Control": "private, no-store"}


class SavedViews(Endpoint):
    """``/saved-views``."""

    may_call = STAFF
    parser_classes = [AreaBodyParser]

    @describe("Your saved views", "By name.", who=STAFF, answer=tuple[ViewLine, ...], faults=(), tag=TAG)
    def get(self, request: Request) -> Response:
        """The list."""
        return Response(to_plain(tuple(list_views(person_of(request)))), headers=_PRIVATE)

    @describe(
        "Save a view", "Keeps a planner's question under a name of yours. Its link holds the code alone: whoever is signed in "
        "and has it may open the view, nobody else learns what it asks.",
        who=STAFF, answer=OpenedView, status=201, faults=(400, 404, 409), tag=TAG, body=_BODY,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """The view as it is kept."""
        name, question = _read(request)
        return Response(to_plain(save_view(person_of(request), name, question)), status=201, headers=_PRIVATE)


class OneSavedView(Endpoint):
    """``/saved-views/{code}``."""

    may_call = STAFF
    parser_classes = [AreaBodyParser]

    @describe(
        "Open a saved view", "Whose it is, and what it asks.", who=STAFF, answer=OpenedView, faults=(404,), tag=TAG
    )
    def get(self, request: Request, code: str) -> Response:
        """The view."""
        return Response(to_plain(open_view(code, person_of(request))), headers=_PRIVATE)

    @describe(
        "Change a saved view", "Another name or question behind the same link; by its owner.",
        who=STAFF, answer=OpenedView, faults=(400, 404, 409), tag=TAG, body=_BODY,
    )  # fmt: skip
    def put(self, request: Request, code: str) -> Response:
        """The view as it is kept now."""
        name, question = _read(request)
        return Response(to_plain(change_view(code, person_of(request), name, question)), headers=_PRIVATE)

    @describe(
        "Remove a saved view", "Its link leads nowhere afterwards; by its owner.",
        who=STAFF, answer_schema={"type": "object"}, faults=(404,), tag=TAG,
    )  # fmt: skip
    def delete(self, request: Request, code: str) -> Response:
        """Nothing is left."""
        remove_view(code, person_of(request))
        return Response({}, headers=_PRIVATE)


def _read(request: Request) -> tuple[str, Mapping[str, Any]]:
    question = request.data.get("question") if isinstance(request.data, Mapping) else None
    if not isinstance(question, Mapping):
        cure = 'Write {"name": "...", "question": {"layer": "parcels"}}.'
        raise InputError("A question is an object.", field="question", value=str(question)[:60], cure=cure)
    return read_text(request.data, "name"), question

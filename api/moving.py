"""The one form of every move: ``{"to", "reason", "version"}`` in, the new state and version out."""

from __future__ import annotations

from dataclasses import dataclass

from rest_framework.response import Response

from api.parsing import read_text, read_version
from api.plain import Json, to_plain
from cases.actions import Moved
from errors import InputError

MOVE_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "to": {"type": "string", "description": "the state to move to"},
            "reason": {"type": "string", "description": "why; some moves need one"},
            "version": {"type": "integer", "description": "the version you looked at"},
        },
        "required": ["to", "version"],
        "example": {"to": "closed", "reason": "", "version": 4},
    }
}


@dataclass(frozen=True, slots=True)
class WantedMove:
    """What a caller asks for."""

    to: str
    reason: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """Where the thing stands now, and the version to send with the next move."""

    kind: str
    id: str
    state: str
    version: int
    case_id: str = ""
    case_code: str = ""


def read_move(body: object) -> WantedMove:
    """The move of a JSON body; InputError names the field."""
    to = read_text(body, "to", longest=40)
    if not to:
        raise InputError("A move needs its target.", field="to", value="", cure="Name the state to move to.")
    return WantedMove(to, read_text(body, "reason", longest=1000), read_text(body, "note"), read_version(body))


def answer_move(moved: Moved, *, case_id: str = "", case_code: str = "") -> Response:
    """The answer to a move that was made."""
    return Response(to_plain(MoveAnswer(moved.kind, moved.id, moved.state, moved.version, case_id, case_code)))

"""What people say of a detector's boxes: `/observations/{id}/corrections`. Kept for the next weights; changes no flag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from uuid import UUID

from rest_framework import status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import read_number, read_text, read_whole
from api.plain import Json, to_plain
from cases.permissions import may_see_observation
from cases.roles import CORRECTORS
from detection.actions import record_corrections
from detection.corrections import Correction, CorrectionKind
from detection.detections import Box
from detection.queries import SaidCorrection, get_run, list_corrections
from errors import InputError, NotFound

TAG = "learning"
_ITEM: Json = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": list(CorrectionKind)},
        "index": {"type": "integer", "description": "place of the detection in the run; for right, wrong, changed"},
        "label": {"type": "string", "description": "for missed and changed"},
        "box_px": {
            "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4,
            "description": "x_min, y_min, x_max, y_max in the pixels of the run (its width_px and height_px)",
        },
        "frame_s": {"type": "number", "description": "moment of the frame, for missed and complete in a clip"},
        "note": {"type": "string"},
    },
    "required": ["kind"],
}  # fmt: skip
_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {"items": {"type": "array", "items": _ITEM, "minItems": 1, "maxItems": 200}},
        "required": ["items"],
        "example": {
            "items": [
                {"kind": "wrong", "index": 3},
                {"kind": "missed", "label": "motorcycle", "box_px": [12, 40, 88, 120]},
                {"kind": "complete"},
            ]
        },
    }
}


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """One word about one box, with who said it and when. ``index`` is empty for what was missed."""

    kind: str
    index: int | None
    label: str
    box_px: tuple[float, float, float, float] | None
    frame_s: float | None
    note: str
    by: str
    at: datetime
    batch: UUID


class Corrections(Endpoint):
    """``/observations/{id}/corrections``."""

    may_call = CORRECTORS
    parser_classes = [JSONParser]

    @describe(
        "What people said of the boxes", "All corrections of one picture, oldest first; the latest word about a box counts.",
        who=CORRECTORS, answer=tuple[CorrectionAnswer, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, observation_id: UUID) -> Response:
        """The list."""
        return _answer(_run_id(request, observation_id))

    @describe(
        "Correct the boxes", "`right`, `wrong`, `changed` (another label or box), `missed` (a thing without a box) and "
        "`complete` (everything in this frame is marked): all or nothing. They teach the next weights, and change no flag. "
        "Labels: those of the weights, and those of `/what-the-machine-sees/` that no weights can detect yet.",
        who=CORRECTORS, answer=tuple[CorrectionAnswer, ...], faults=(400, 404), body=_BODY, tag=TAG,
        status=201,
    )  # fmt: skip
    def post(self, request: Request, observation_id: UUID) -> Response:
        """Keep them."""
        run_id = _run_id(request, observation_id)
        record_corrections(observation_id, _read_items(request.data), by=person_of(request).get_username())
        return _answer(run_id, code=status.HTTP_201_CREATED)


def _run_id(request: Request, observation_id: UUID) -> UUID:
    if not may_see_observation(rights_of(request), observation_id):
        raise NotFound("There is no such observation.", field="observation", value=observation_id)
    return get_run(observation_id).id


def _answer(run_id: UUID, *, code: int = status.HTTP_200_OK) -> Response:
    return Response(to_plain(tuple(_worded(one) for one in list_corrections(run_id))), status=code)


def _worded(one: SaidCorrection) -> CorrectionAnswer:
    said = one.said
    return CorrectionAnswer(
        said.kind.value, said.index, said.label, said.box_px, said.frame_s, said.note, one.by, one.at, one.batch
    )


def _read_items(body: object) -> list[Correction]:
    items = body.get("items") if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        raise InputError("The body holds a list of items.", field="items", value=items, cure='Send {"items": [...]}.')
    return [_read_item(item) for item in items]


def _read_item(item: object) -> Correction:
    text = read_text(item, "kind", longest=20)
    if text not in set(CorrectionKind):
        cure = f"Use one of: {', '.join(CorrectionKind)}."
        raise InputError("This is nothing that can be said of a box.", field="kind", value=text, cure=cure)
    return Correction(
        CorrectionKind(text),
        read_whole(item, "index"),
        read_text(item, "label", longest=40),
        _read_box(item.get("box_px") if isinstance(item, Mapping) else None),
        read_number(item, "frame_s"),
        read_text(item, "note", longest=300),
    )


def _read_box(raw: object) -> Box | None:
    if raw is None:
        return None
    numbers = raw if isinstance(raw, list) else []
    if len(numbers) != 4 or not all(
        isinstance(edge, int | float) and not isinstance(edge, bool) and isfinite(edge) for edge in numbers
    ):
        raise InputError("A box is four numbers.", field="box_px", value=raw, cure="Send [x_min, y_min, x_max, y_max].")
    x_min, y_min, x_max, y_max = (float(edge) for edge in numbers)
    return x_min, y_min, x_max, y_max

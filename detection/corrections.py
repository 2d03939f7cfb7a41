"""What people say of a detector's boxes, and the labelled picture that follows from it. Pure.

A reviewer or an inspector says of a box that it is right, wrong, or another label or place; adds what was missed; or states that
everything in the picture is now marked. The latest word about a box counts. Machine's boxes that nobody spoke of stay as they
are where they are sure enough: a picture is learnt whole, and an unmarked thing would be learnt as street.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from detection.detections import Box, Detection
from errors import InputError

_SURE_SCORE = 0.5  # of a box nobody spoke of, to stand in a picture that is not stated to be complete
_SAME_FRAME_S = 1e-3
_MOST_NOTE = 300


class CorrectionKind(StrEnum):
    """What is said."""

    RIGHT = "right"  # the box is what it says
    WRONG = "wrong"  # nothing of its label is there
    CHANGED = "changed"  # another label, another box, or both
    MISSED = "missed"  # a thing without a box
    COMPLETE = "complete"  # everything of our labels in this frame is marked


@dataclass(frozen=True, slots=True)
class Correction:
    """One word of one person about one frame. ``index`` is the detection's place in its run, None for what was missed.

    ``box_px`` is in the pixels of the run's upright picture; ``frame_s`` None for a photo.
    """

    kind: CorrectionKind
    index: int | None = None
    label: str = ""
    box_px: Box | None = None
    frame_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LearntBox:
    """One box of a picture that is learnt from; ``is_said``: a person spoke of it."""

    label: str
    box_px: Box
    is_said: bool


@dataclass(frozen=True, slots=True)
class LearntFrame:
    """A frame with what is in it. ``denied`` counts the machine's boxes that a person took away."""

    frame_s: float | None
    boxes: tuple[LearntBox, ...]
    denied: int
    is_complete: bool


def check_correction(
    said: Correction,
    detections: Sequence[Detection],
    *,
    size_px: tuple[int, int],
    labels: frozenset[str],
    frame_times_s: Sequence[float] = (),
) -> Correction:
    """The correction with its frame filled in; InputError names the field that cannot be used."""
    if len(said.note) > _MOST_NOTE:
        raise InputError("The note is too long.", field="note", value=len(said.note), cure=f"At most {_MOST_NOTE}.")
    needs_index = said.kind in (CorrectionKind.RIGHT, CorrectionKind.WRONG, CorrectionKind.CHANGED)
    if needs_index:
        frame_s = _frame_of(said.index, detections)
    else:
        frame_s = _known_frame(said.frame_s, frame_times_s)
    if said.kind is CorrectionKind.MISSED and (said.box_px is None or not said.label):
        raise InputError("What was missed needs a label and a box.", field="box_px", value=said.box_px)
    if said.kind is CorrectionKind.CHANGED and said.box_px is None and not said.label:
        raise InputError("A change names another label or another box.", field="label", value="")
    if said.label and said.label not in labels:
        raise InputError(
            "This label is not one that can be learnt.",
            field="label",
            value=said.label,
            cure=f"One of: {', '.join(sorted(labels))}.",
        )
    if said.box_px is not None:
        _check_box(said.box_px, size_px)
    return Correction(
        said.kind, said.index if needs_index else None, said.label, said.box_px, frame_s, said.note.strip()
    )


def learn_frames(
    detections: Sequence[Detection], corrections: Sequence[Correction], verdicts: Mapping[int, bool | None]
) -> tuple[LearntFrame, ...]:
    """Every frame that a person spoke of, with its boxes. ``corrections`` stand in the order of time.

    ``verdicts`` are decisions on flags: detection index -> whether the thing was what the detector said; None where people
    disagree: such a frame teaches nothing, unless somebody corrected that box or stated the frame complete. A later
    correction of the same box counts more.
    """
    said = {one.index: one for one in corrections if one.index is not None}
    settled = {index for index, verdict in verdicts.items() if verdict is not None}
    spoken = {detections[index].frame_s for index in settled if index < len(detections)}
    spoken |= {one.frame_s for one in corrections}
    frames = sorted(spoken, key=lambda time: -1.0 if time is None else time)
    learnt = (_learn_one(frame_s, detections, corrections, said, verdicts) for frame_s in frames)
    open_moments = [
        detections[index].frame_s
        for index, verdict in verdicts.items()
        if verdict is None and index not in said and index < len(detections)
    ]
    return tuple(
        frame for frame in learnt
        if frame.is_complete or not any(_is_same_frame(moment, frame.frame_s) for moment in open_moments)
    )  # fmt: skip


def _learn_one(
    frame_s: float | None,
    detections: Sequence[Detection],
    corrections: Sequence[Correction],
    said: Mapping[int, Correction],
    verdicts: Mapping[int, bool | None],
) -> LearntFrame:
    here = [one for one in corrections if _is_same_frame(one.frame_s, frame_s)]
    is_complete = any(one.kind is CorrectionKind.COMPLETE for one in here)
    boxes: list[LearntBox] = []
    denied = 0
    for index, item in enumerate(detections):
        if not _is_same_frame(item.frame_s, frame_s):
            continue
        settled = _settle(item, said.get(index), verdicts.get(index), is_complete=is_complete)
        denied += settled is None and (index in said or verdicts.get(index) is False)
        boxes += [] if settled is None else [settled]
    for one in here:
        if one.kind is CorrectionKind.MISSED and one.box_px is not None:
            boxes.append(LearntBox(one.label, one.box_px, is_said=True))
    return LearntFrame(frame_s, tuple(boxes), denied, is_complete)


def _settle(item: Detection, said: Correction | None, verdict: bool | None, *, is_complete: bool) -> LearntBox | None:  # noqa: FBT001
    """What becomes of one of the machine's boxes; None: it is not there."""
    if said is not None:
        if said.kind is CorrectionKind.WRONG:
            return None
        return LearntBox(said.label or item.label, said.box_px or item.box_px, is_said=True)
    if verdict is not None:
        return LearntBox(item.label, item.box_px, is_said=True) if verdict else None
    if is_complete or item.score >= _SURE_SCORE:
        return LearntBox(item.label, item.box_px, is_said=False)
    return None


def _frame_of(index: int | None, detections: Sequence[Detection]) -> float | None:
    if index is None or not 0 <= index < len(detections):
        raise InputError(
            "There is no such detection in this picture.",
            field="index",
            value=index,
            cure=f"Use 0 to {len(detections) - 1}." if detections else "Nothing was detected: add what was missed.",
        )
    return detections[index].frame_s


def _known_frame(frame_s: float | None, frame_times_s: Sequence[float]) -> float | None:
    if not frame_times_s:
        return None
    found = next((time for time in frame_times_s if frame_s is not None and abs(time - frame_s) < 0.01), None)
    if found is None:
        raise InputError(
            "A clip's correction names the moment of its frame.",
            field="frame_s",
            value=frame_s,
            cure="Use one of the run's frame_times_s.",
        )
    return found


def _is_same_frame(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) < _SAME_FRAME_S


def _check_box(box: Box, size_px: tuple[int, int]) -> None:
    x_min, y_min, x_max, y_max = box
    inside = 0 <= x_min < x_max <= size_px[0] and 0 <= y_min < y_max <= size_px[1]
    if not all(isfinite(edge) for edge in box) or not inside:
        raise InputError(
            "A box is x_min, y_min, x_max, y_max inside the picture.",
            field="box_px",
            value=box,
            cure=f"The picture has {size_px[0]} x {size_px[1]} pixels.",
        )

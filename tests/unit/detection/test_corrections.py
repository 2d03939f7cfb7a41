"""The latest word about a box counts, sure boxes nobody spoke of stay, and nothing unsaid becomes a lesson."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from detection.corrections import Correction, CorrectionKind, check_correction, learn_frames
from detection.detections import Detection
from errors import InputError

K = CorrectionKind
CAR = Detection("car", 0.9, (10, 10, 60, 60))
UNSURE = Detection("person", 0.3, (80, 10, 90, 50))
LABELS = frozenset({"car", "person", "stall"})


def learnt(said: list[Correction], verdicts: Mapping[int, bool | None] | None = None) -> list[tuple[str, bool]]:
    frames = learn_frames([CAR, UNSURE], said, verdicts or {})
    return [(box.label, box.is_said) for frame in frames for box in frame.boxes]


def test_nobody_spoke_nothing_is_learnt() -> None:
    assert learn_frames([CAR, UNSURE], [], {}) == ()


@pytest.mark.parametrize(
    ("said", "verdicts", "boxes"),
    [
        pytest.param([Correction(K.RIGHT, 1)], {}, [("car", False), ("person", True)], id="right"),
        pytest.param([Correction(K.WRONG, 0)], {}, [], id="wrong; the unsure one is no lesson"),
        pytest.param([Correction(K.COMPLETE)], {}, [("car", False), ("person", False)], id="complete keeps the unsure"),
        pytest.param([Correction(K.CHANGED, 0, "stall")], {}, [("stall", True)], id="another label"),
        pytest.param(
            [Correction(K.WRONG, 0), Correction(K.RIGHT, 0)], {}, [("car", True)], id="the latest word counts"
        ),
        pytest.param([], {0: False}, [], id="dismissed as the wrong object"),
        pytest.param([], {0: True}, [("car", True)], id="accepted"),
        pytest.param([Correction(K.RIGHT, 0)], {0: False}, [("car", True)], id="a correction counts more"),
        pytest.param([], {0: None}, [], id="people disagree: no lesson"),
        pytest.param([Correction(K.RIGHT, 1)], {0: None}, [], id="disagreement beside a right box: no lesson either"),
        pytest.param([Correction(K.RIGHT, 0)], {0: None}, [("car", True)], id="a correction ends a disagreement"),
        pytest.param(
            [Correction(K.COMPLETE)], {0: None}, [("car", False), ("person", False)], id="so does a whole frame"
        ),
        pytest.param(
            [Correction(K.MISSED, None, "stall", (1, 1, 9, 9))], {}, [("car", False), ("stall", True)], id="missed"
        ),
    ],
)
def test_what_a_picture_teaches(
    said: list[Correction], verdicts: dict[int, bool | None], boxes: list[tuple[str, bool]]
) -> None:
    assert learnt(said, verdicts) == boxes


def test_denied_boxes_make_an_empty_lesson() -> None:
    (frame,) = learn_frames([CAR], [Correction(K.WRONG, 0)], {})
    assert (frame.boxes, frame.denied) == ((), 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param(Correction(K.WRONG, 5), "index", id="no such detection"),
        pytest.param(Correction(K.WRONG), "index", id="no detection"),
        pytest.param(Correction(K.MISSED, None, "car"), "box_px", id="no box"),
        pytest.param(Correction(K.MISSED, None, "car", (5, 5, 5, 9)), "box_px", id="no area"),
        pytest.param(Correction(K.MISSED, None, "car", (5, 5, 500, 9)), "box_px", id="outside"),
        pytest.param(Correction(K.MISSED, None, "dragon", (5, 5, 50, 9)), "label", id="unknown label"),
        pytest.param(Correction(K.CHANGED, 0), "label", id="nothing changed"),
        pytest.param(Correction(K.RIGHT, 0, note="x" * 301), "note", id="long note"),
    ],
)
def test_what_cannot_be_said_is_named(said: Correction, field: str) -> None:
    with pytest.raises(InputError) as caught:
        check_correction(said, [CAR, UNSURE], size_px=(100, 100), labels=LABELS)
    assert caught.value.field == field


def test_a_clips_correction_names_its_frame() -> None:
    checked = check_correction(
        Correction(K.COMPLETE, frame_s=1.001), [CAR], size_px=(100, 100), labels=LABELS, frame_times_s=(0.0, 1.0)
    )
    assert checked.frame_s == 1.0
    with pytest.raises(InputError, match="moment"):
        check_correction(Correction(K.COMPLETE), [CAR], size_px=(9, 9), labels=LABELS, frame_times_s=(0.0,))

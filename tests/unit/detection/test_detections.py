"""A claim checks itself, survives storage, and knows where it touches the ground."""

from __future__ import annotations

import json

import pytest

from detection import detections as claims
from detection.detections import Detection, Detections, overlap, share_inside
from detection.labels import UNDETECTED, LabelGroup, groups_of, labels_of, undetected_for
from errors import InputError


def a_car(**changes: object) -> Detection:
    return Detection(**{"label": "car", "score": 0.8, "box_px": (10.0, 20.0, 50.0, 60.0), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"label": ""}, id="no label"),
        pytest.param({"score": 1.2}, id="score above one"),
        pytest.param({"score": float("nan")}, id="score not a number"),
        pytest.param({"box_px": (50.0, 20.0, 10.0, 60.0)}, id="corners swapped"),
        pytest.param({"box_px": (10.0, 20.0, 10.0, 60.0)}, id="no width"),
        pytest.param({"box_px": (10.0, 20.0, float("inf"), 60.0)}, id="endless"),
        pytest.param({"frame_s": -1.0}, id="before the clip"),
    ],
)
def test_a_broken_claim_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        a_car(**changes)


def test_a_claim_outside_its_picture_is_refused() -> None:
    with pytest.raises(InputError, match="outside"):
        Detections(40, 100, (a_car(),))


def test_a_claim_of_another_frame_is_refused() -> None:
    with pytest.raises(InputError, match="another frame"):
        Detections(100, 100, (a_car(frame_s=2.0),), frame_s=1.0)


def test_a_thing_touches_the_ground_at_its_bottom_centre() -> None:
    assert a_car().bottom_centre_px == (30.0, 60.0)


def test_frames_survive_storage_with_empty_frames() -> None:
    frames = (
        Detections(100, 80, (a_car(frame_s=0.0, track=1), a_car(label="person", frame_s=0.0)), 0.0),
        Detections(100, 80, (), 1.0),
        Detections(100, 80, (a_car(frame_s=2.0, track=1),), 2.0),
    )
    stored = json.loads(json.dumps(claims.to_json(frames)))
    assert [one["index"] for one in stored] == [0, 1, 2]
    assert claims.from_json(stored, width_px=100, height_px=80, frame_times_s=[0.0, 1.0, 2.0]) == frames


def test_a_photo_survives_storage() -> None:
    frames = (Detections(100, 80, (a_car(),)),)
    assert claims.from_json(claims.to_json(frames), width_px=100, height_px=80) == frames


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param({"label": "car", "score": 0.5}, id="no box"),
        pytest.param({"label": "car", "score": 0.5, "box_px": [1, 2, 3]}, id="three edges"),
        pytest.param({"label": "car", "score": "high", "box_px": [1, 2, 3, 4]}, id="score in words"),
    ],
)
def test_a_damaged_stored_claim_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Detection.from_json(stored)


def test_scaling_moves_boxes_with_the_picture() -> None:
    scaled = Detections(100, 80, (a_car(),)).scaled_to(200, 160)
    assert scaled.items[0].box_px == (20.0, 40.0, 100.0, 120.0)


def test_groups_select_what_a_rule_asks_for() -> None:
    seen = Detections(100, 80, (a_car(), a_car(label="chair"), a_car(label="kite")))
    assert [item.label for item in seen.of_group(LabelGroup.VEHICLE, LabelGroup.FURNITURE)] == ["car", "chair"]
    assert groups_of("kite") == frozenset()
    assert "motorcycle" in labels_of(LabelGroup.TWO_WHEELER)


def test_what_cannot_be_detected_is_named_in_both_languages() -> None:
    assert all(thing.name and thing.name_vi and thing.codes for thing in UNDETECTED)
    assert "scaffolding or safety netting" in {thing.name for thing in undetected_for("XD-KP")}
    assert not {thing.name for thing in UNDETECTED} & {"car", "chair"}


def test_overlap_and_share() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (20, 0, 30, 10)) == 0
    assert share_inside((0, 0, 10, 10), (5, 0, 100, 100)) == pytest.approx(0.5)

"""A watched camera gives evidence of what stands still long enough, once, and of nothing that moves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from detection.detections import Detection, Detections
from intake.photo import encode_jpeg
from pipeline.camera_watch import KEPT_EVERY_S, RING_S, CameraWatch, Evidence, KeptFrame, WatchTerms

BEGAN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
JPEG = encode_jpeg(np.zeros((90, 160, 3), dtype=np.uint8))
DWELL_S = {"motorcycle": 300.0, "car": 300.0, "chair": 600.0}


class FlatGround:
    """10 pixels are a metre, up is north; every pixel is good to 0.1 m."""

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, np.ndarray]:
        return u_px / 10, (90 - v_px) / 10, np.eye(2) * 0.01


def terms(**changes: object) -> WatchTerms:
    return WatchTerms(**({"dwell_of": DWELL_S.get} | changes))  # type: ignore[arg-type]


def seen(label: str = "", x: float = 50.0, score: float = 0.8) -> Detections:
    items = (Detection(label, score, (x, 40, x + 30, 60)),) if label else ()
    return Detections(160, 90, items)


def watch_seconds(watch: CameraWatch, claims: list[Detections | None], first_s: int = 0) -> list[Evidence]:
    """One frame a second."""
    steps = [watch.see(BEGAN + timedelta(seconds=first_s + n), JPEG, one) for n, one in enumerate(claims)]
    return [step.evidence for step in steps if step.evidence is not None]


def test_a_parked_motorbike_is_told_once_with_what_came_before_and_after() -> None:
    watch = CameraWatch(FlatGround(), terms())
    found = watch_seconds(watch, [seen()] * 60 + [seen("motorcycle")] * 600)
    assert len(found) == 1
    moments = [frame.at - BEGAN.timestamp() for frame in found[0].frames]
    assert moments[0] == pytest.approx(60 - RING_S)
    assert moments[-1] == pytest.approx(60 + 300 + RING_S, abs=2)
    assert max(np.diff(moments)) <= KEPT_EVERY_S + 1
    assert found[0].labels == ("motorcycle",)
    assert len(found[0].pixels()) == len(moments)


def test_each_kind_stays_as_long_as_the_law_asks_of_it() -> None:
    watch = CameraWatch(FlatGround(), terms())
    assert not watch_seconds(watch, [seen("chair")] * 590)
    assert watch_seconds(watch, [seen("chair")] * 40, first_s=590)


@pytest.mark.parametrize(
    ("claims", "changes"),
    [
        pytest.param([seen("car", float(n % 120)) for n in range(700)], {}, id="car that drives on and on"),
        pytest.param([seen("car", 20 + (0.5 * n) % 100) for n in range(700)], {}, id="car that creeps 3 m a minute"),
        pytest.param([seen("motorcycle")] * 280 + [seen()] * 400, {}, id="leaves before the dwell is over"),
        pytest.param([seen("person")] * 900, {}, id="person standing"),
        pytest.param([seen("car", score=0.3)] * 900, {}, id="never surely a car"),
        pytest.param([seen("car")] * 900, {"is_near_sidewalk": lambda _p: False}, id="parked on the roadway"),
    ],
)
def test_nothing_is_kept_of(claims: list[Detections], changes: dict[str, object]) -> None:
    watch = CameraWatch(FlatGround(), terms(**changes))
    assert watch_seconds(watch, list(claims)) == []


def test_frames_are_stored_only_while_something_stands() -> None:
    watch = CameraWatch(FlatGround(), terms())
    claims = [seen()] * 100 + [seen("car")] * 100 + [seen()] * 100
    kept = [len(watch.see(BEGAN + timedelta(seconds=n), JPEG, one).keep) for n, one in enumerate(claims)]
    assert sum(kept[:119]) == 0
    assert sum(kept[119:200]) > 0
    assert not watch.kept


def test_a_fifth_hidden_is_forgiven_and_an_unchanged_view_is_the_same_view() -> None:
    watch = CameraWatch(FlatGround(), terms())
    hidden = [seen() if n % 5 == 4 else seen("motorcycle") for n in range(200)]
    assert len(watch_seconds(watch, [*hidden, *[None] * 2, seen("motorcycle"), *[None] * 150])) == 1


def test_the_memory_goes_on_in_another_process() -> None:
    first = CameraWatch(FlatGround(), terms())
    stored: dict[float, KeptFrame] = {}
    for n in range(200):
        for frame in first.see(BEGAN + timedelta(seconds=n), JPEG, seen("car")).keep:
            stored[frame.at] = frame
    memory = json.loads(json.dumps(first.to_json()))
    second = CameraWatch(FlatGround(), terms())
    second.restore(memory, list(stored.values()))
    found = watch_seconds(second, [seen("car")] * 200, first_s=215)  # 15 s without a runner
    assert len(found) == 1
    assert found[0].frames[0].at == pytest.approx(BEGAN.timestamp())
    assert not watch_seconds(second, [seen("car")] * 300, first_s=415)


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    first = CameraWatch(FlatGround(), terms())
    assert len(watch_seconds(first, [seen("car")] * 320)) == 1
    second = CameraWatch(FlatGround(), terms())
    second.restore(json.loads(json.dumps(first.to_json())), [])
    assert not watch_seconds(second, [seen("car")] * 600, first_s=330)


def test_a_clip_that_was_due_when_the_runner_died_is_made_by_the_next() -> None:
    first = CameraWatch(FlatGround(), terms())
    stored: list[KeptFrame] = []
    for n in range(306):  # told at 300, due at 310
        stored += first.see(BEGAN + timedelta(seconds=n), JPEG, seen("car")).keep
    second = CameraWatch(FlatGround(), terms())
    second.restore(json.loads(json.dumps(first.to_json())), stored)
    found = watch_seconds(second, [seen("car")] * 5, first_s=325)
    assert len(found) == 1 and len(found[0].frames) > 15


def test_another_view_proves_nothing() -> None:
    watch = CameraWatch(FlatGround(), terms())
    watch_seconds(watch, [seen("car")] * 200)
    watch.forget()
    assert not watch_seconds(watch, [seen("car")] * 200, first_s=200)
    assert watch_seconds(watch, [seen("car")] * 150, first_s=400)


def test_lost_sight_carries_nothing_over() -> None:
    watch = CameraWatch(FlatGround(), terms())
    watch_seconds(watch, [seen("car")] * 30)
    watch.lose_sight()
    assert not watch_seconds(watch, [None] * 600, first_s=30)


def test_a_clip_holds_frames_of_the_whole_stay_also_when_the_first_of_them_were_lost() -> None:
    first = CameraWatch(FlatGround(), terms())
    watch_seconds(first, [seen("car")] * 18)  # no candidate yet: nothing is in the store when the runner dies
    second = CameraWatch(FlatGround(), terms())
    second.restore(json.loads(json.dumps(first.to_json())), [])
    found = watch_seconds(second, [seen("car")] * 330, first_s=34)
    assert len(found) == 1
    assert found[0].frames[-1].at - found[0].frames[0].at >= 300


def test_frames_of_what_was_told_are_not_kept_until_it_is_due_again() -> None:
    watch = CameraWatch(FlatGround(), terms())
    assert len(watch_seconds(watch, [seen("car")] * 400)) == 1
    assert not watch.kept and not watch.arrivals
    again = watch_seconds(watch, [seen("car")] * 11_000, first_s=400)
    assert len(again) == 1
    assert 300 <= again[0].frames[-1].at - again[0].frames[0].at <= 360

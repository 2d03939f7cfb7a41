"""A watched camera gives evidence of what stands still long enough, once, and of nothing that moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from detection.detections import Detection, Detections
from pipeline.camera_watch import KEPT_EVERY_S, CameraWatch, Evidence

BEGAN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FRAME = np.zeros((90, 160, 3), dtype=np.uint8)


class FlatGround:
    """10 pixels are a metre, up is north; every pixel is good to 0.1 m."""

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, np.ndarray]:
        return u_px / 10, (90 - v_px) / 10, np.eye(2) * 0.01


def seen(label: str, x: float) -> Detections:
    return Detections(160, 90, (Detection(label, 0.8, (x, 40, x + 30, 60)),))


def watch_all(label: str, places: list[float], *, dwell_s: float = 300.0) -> list[Evidence]:
    watch = CameraWatch(FlatGround(), dwell_s)
    steps = [(BEGAN + timedelta(seconds=KEPT_EVERY_S * i), x) for i, x in enumerate(places)]
    found = [watch.add(at, FRAME, seen(label, x)) for at, x in steps]
    return [evidence for evidence in found if evidence is not None]


def test_a_parked_motorbike_is_told_once_after_its_dwell() -> None:
    evidence = watch_all("motorcycle", [50.0] * 20)
    assert len(evidence) == 1
    assert evidence[0].began_at == BEGAN
    assert [t_s for t_s, _ in evidence[0].frames][-1] == pytest.approx(300.0)
    assert evidence[0].labels == ("motorcycle",)


@pytest.mark.parametrize(
    ("label", "places"),
    [
        pytest.param("car", [float(5 * i) for i in range(20)], id="car that rolls on"),
        pytest.param("motorcycle", [50.0] * 8, id="leaves before the dwell is over"),
        pytest.param("person", [50.0] * 20, id="person standing"),
    ],
)
def test_nothing_is_kept_of(label: str, places: list[float]) -> None:
    assert watch_all(label, places) == []


def test_a_lost_view_proves_nothing() -> None:
    watch = CameraWatch(FlatGround(), 300.0)
    for i in range(20):
        if i == 6:
            watch.forget()
        told = watch.add(BEGAN + timedelta(seconds=KEPT_EVERY_S * i), FRAME, seen("car", 50.0))
        assert told is None or i >= 16


def test_frames_between_snapshots_are_not_wanted() -> None:
    watch = CameraWatch(FlatGround(), 300.0)
    assert watch.wants(BEGAN)
    watch.add(BEGAN, FRAME, seen("car", 50.0))
    assert not watch.wants(BEGAN + timedelta(seconds=5))
    assert watch.wants(BEGAN + timedelta(seconds=KEPT_EVERY_S))

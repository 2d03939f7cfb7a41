"""The thread that looks, on cameras that are handed to it: a round ends in time, and everyone has a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detection.detections import Detections
from detection.fake_detector import FakeDetector
from pipeline import camera_runner
from pipeline.camera_leases import Grant
from pipeline.camera_reader import Sampled
from pipeline.camera_runner import CameraRunner
from pipeline.camera_store import HealthNotes

FRAME = np.zeros((90, 160, 3), np.uint8)


@dataclass
class Watched:
    """A camera that always has a frame: a changed one, or one like the last."""

    number: int
    is_changed: bool = True
    looks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grant = Grant(self.number, 1)
        self.set_up = SimpleNamespace(calibration_id=None, image_size_px=None)
        self.reader = SimpleNamespace(take=self.take, notes=SimpleNamespace(looked_at=0))

    def take(self) -> Sampled:
        return Sampled(datetime.now(UTC), b"", FRAME if self.is_changed else None, (160, 90), (160, 90))

    def remember(self, _sampled: Sampled, seen: Detections | None) -> int:
        self.looks.append(1 if seen is not None else 0)
        return 0


class Clock:
    """Time that passes only while the detector looks, so that no machine's speed matters."""

    now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(camera_runner, "time", clock)
    return clock


def a_runner(cameras: Sequence[Watched]) -> CameraRunner:
    runner = CameraRunner()
    runner.cameras = {watched.number: watched for watched in cameras}  # type: ignore[misc]
    return runner


def a_detector(clock: Clock, look_s: float) -> FakeDetector:
    class Slow(FakeDetector):
        def detect(self, images: Sequence[Any], **more: Any) -> list[Detections]:
            clock.now_s += look_s * len(images)
            return super().detect(images, **more)

    return Slow()


def test_a_fast_detector_serves_all_in_one_round(clock: Clock, see: Any) -> None:
    see(a_detector(clock, 0.01))
    cameras = [Watched(n) for n in range(20)]
    runner = a_runner(cameras)
    runner._look_once()
    assert Counter(len(watched.looks) for watched in cameras) == {1: 20}
    assert not runner.work.is_set()


def test_a_slow_detector_ends_the_round_in_time_and_the_next_takes_those_who_waited(clock: Clock, see: Any) -> None:
    see(a_detector(clock, 2.0))
    cameras = [Watched(n) for n in range(8)]
    runner = a_runner(cameras)
    runner.rounds.note_batch(1, 2.0)
    longest_s = 0.0
    for _ in range(8):
        began_s = clock.now_s
        runner._look_once()
        longest_s = max(longest_s, clock.now_s - began_s)
        assert runner.work.is_set()
    assert longest_s <= camera_runner.ROUND_S + 2.0
    looks = [len(watched.looks) for watched in cameras]
    assert max(looks) - min(looks) <= 1
    assert sum(looks) == 32


def test_what_was_looked_at_is_remembered_before_the_next_batch(clock: Clock, see: Any) -> None:
    cameras = [Watched(n) for n in range(3)]
    known: list[int] = []

    class Slow(FakeDetector):
        def detect(self, images: Sequence[Any], **more: Any) -> list[Detections]:
            clock.now_s += 2.0 * len(images)
            known.append(sum(len(watched.looks) for watched in cameras))
            return super().detect(images, **more)

    see(Slow())
    runner = a_runner(cameras)
    runner.rounds.note_batch(1, 3.0)
    runner._look_once()
    assert known == [0, 1, 2]


def test_unchanged_frames_cost_no_look_and_are_remembered(clock: Clock, see: Any) -> None:
    see(a_detector(clock, 2.0))
    cameras = [Watched(n, is_changed=n == 5) for n in range(10)]
    runner = a_runner(cameras)
    runner._look_once()
    assert [sum(watched.looks) for watched in cameras] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert {len(watched.looks) for watched in cameras} == {1}


def test_a_camera_that_is_stopped_is_told_so_though_its_reader_is_at_a_frame_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    notes = HealthNotes(state="live")

    def save() -> None:
        notes.state = "live"  # what the reader's thread writes with the frame at hand

    def tell(_grant: Grant, _holder: str, told_notes: HealthNotes) -> bool:
        notes.state = "live"
        told.append(told_notes.state)
        return False

    reader = SimpleNamespace(notes=notes, stop=lambda: None, join=lambda _seconds: None)
    monkeypatch.setattr(camera_runner, "save_health", tell)
    monkeypatch.setattr(camera_runner, "give_back", lambda *_: None)
    monkeypatch.setattr(camera_runner, "leave", lambda *_: None)
    runner = CameraRunner()
    runner.cameras = {1: SimpleNamespace(grant=Grant(1, 1), reader=reader, save=save)}  # type: ignore[dict-item]
    runner._end()
    assert told == ["stopped"]
    assert not runner.cameras

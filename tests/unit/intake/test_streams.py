"""A camera's frames have moments; a dead camera is a gap with a growing pause, never an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from errors import ConfigurationError
from intake.streams import Hand, StreamFrame, StreamGap, StreamOptions, read_stream
from tests.data import clips

BEGAN = datetime(2026, 7, 11, tzinfo=UTC)


class Clock:
    """Time that passes only while one sleeps."""

    def __init__(self) -> None:
        self.at = BEGAN
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += timedelta(seconds=seconds)

    def hand(self, stop_after: int = 10_000) -> Hand:
        return Hand(self.now, self.sleep, lambda: len(self.pauses) >= stop_after)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "street.mp4"
    path.write_bytes(clips.a_clip([n / 10 for n in range(20)]))
    return path


def test_a_file_is_played_once_at_its_own_pace(clip: Path) -> None:
    clock = Clock()
    frames = list(read_stream(clip, StreamOptions(every_s=0.5, max_side_px=80), clock.hand()))
    assert all(isinstance(frame, StreamFrame) for frame in frames)
    moments = [(frame.at - BEGAN).total_seconds() for frame in frames]
    assert moments == pytest.approx([0, 0.5, 1.0, 1.5], abs=0.02)
    assert sum(clock.pauses) == pytest.approx(1.5, abs=0.02)
    assert frames[0].rgb.shape == (60, 80, 3)


def test_a_looped_file_tells_where_it_begins_again(clip: Path) -> None:
    seen = list(islice(read_stream(clip, StreamOptions(every_s=1, is_looped=True, is_paced=False), Clock().hand()), 7))
    assert [type(item).__name__ for item in seen] == ["StreamFrame", "StreamFrame", "StreamGap"] * 2 + ["StreamFrame"]
    assert seen[2] == StreamGap("begins_again")


def test_a_damaged_file_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(b"\x00" * 500)
    (gap,) = list(read_stream(path, StreamOptions(), Clock().hand()))
    assert isinstance(gap, StreamGap)


@pytest.mark.parametrize("address", ["rtsp://127.0.0.1:9/street", "http://127.0.0.1:9/street.mjpeg"])
def test_a_dead_camera_is_tried_again_after_growing_pauses(address: str) -> None:
    clock = Clock()
    seen = list(read_stream(address, StreamOptions(timeout_s=2), clock.hand(stop_after=4)))
    assert [item.pause_s for item in seen if isinstance(item, StreamGap)] == [1, 2, 5, 10]
    assert clock.pauses == [1, 2, 5, 10]


@pytest.mark.parametrize(
    "address", ["concat:/etc/passwd", "file:///etc/passwd", "ftp://u:secret@host/x", "/no/such/file.mp4"]
)
def test_other_addresses_are_a_fault_of_the_set_up(address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        list(read_stream(address))
    assert caught.value.field == "stream"
    assert "secret" not in caught.value.value

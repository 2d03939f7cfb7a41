"""Clips are opened, measured and sampled by the times at which their frames were really shown."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from errors import InputError, MediaTooLarge, UnreadableMedia
from intake.media import MediaLimits
from intake.video import probe, sample_frames
from tests.data import clips

LIMITS = MediaLimits()
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov"}


def test_a_clip_is_measured() -> None:
    info = probe(clips.a_clip(), LIMITS)
    assert (info.width_px, info.height_px, info.frames, info.rotation_deg) == (160, 120, 20, 0)
    assert info.duration_s == pytest.approx(2.0, abs=0.2)
    assert info.content_type == "video/mp4"


@pytest.mark.parametrize(("form", "codec"), [("mov", "libx264"), ("3gp", "libx264"), ("webm", "libvpx")])
def test_other_containers_open_too(form: str, codec: str) -> None:
    assert probe(clips.a_clip(form=form, codec=codec), LIMITS).frames == 20


def test_a_path_is_as_good_as_bytes(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(clips.a_clip())
    assert probe(path, LIMITS) == probe(path.read_bytes(), LIMITS)
    assert len(list(sample_frames(path, every_s=0.5))) == 4


BAD: dict[str, tuple[Callable[[], bytes], type[InputError]]] = {
    "empty": (lambda: b"", UnreadableMedia),
    "only a beginning": (lambda: clips.a_clip()[:60], UnreadableMedia),
    "boxes without pictures": (lambda: clips.a_shell(), UnreadableMedia),
    "garbage after the beginning": (lambda: clips.a_clip()[:32] + b"\x5a" * 4000, UnreadableMedia),
    "sound only": (clips.a_silent_sound, UnreadableMedia),
    "pictures overwritten": (lambda: _without_pictures(clips.a_clip()), UnreadableMedia),
    "too long": (lambda: clips.a_clip([0, 4000]), MediaTooLarge),
}


def _without_pictures(data: bytes) -> bytes:
    start = data.index(b"mdat") + 4
    return data[:start] + b"\x00" * (len(data) - start) if data.index(b"moov") < start else _blank(data, start)


def _blank(data: bytes, start: int) -> bytes:
    end = data.index(b"moov") - 4
    return data[:start] + b"\x00" * (end - start) + data[end:]


@pytest.mark.parametrize(("make", "error"), BAD.values(), ids=BAD)
def test_a_bad_clip_is_refused_with_field_value_and_cure(make: Callable[[], bytes], error: type[InputError]) -> None:
    with pytest.raises(error) as caught:
        probe(make(), LIMITS)
    assert caught.value.field == "media"
    assert caught.value.cure


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(MediaTooLarge):
        probe(clips.a_clip(), MediaLimits(video_pixels=1000))


@pytest.mark.parametrize("key_every", [1, 5, 1000], ids=["all key frames", "dense", "one key frame"])
def test_frames_come_at_least_the_step_apart_with_their_own_times(key_every: int) -> None:
    data = clips.a_clip([n / 10 for n in range(40)], key_every=key_every)
    taken = list(sample_frames(data, every_s=0.5, max_frames=60))
    times = [t_s for t_s, _ in taken]
    assert times == pytest.approx([n / 2 for n in range(8)], abs=0.02)
    for t_s, pixels in taken:
        expected = 40 + round(t_s * 10) * 3 % 180
        assert abs(float(np.median(pixels)) - expected) < 6


def test_key_frames_about_a_step_apart_are_taken_as_they_come() -> None:
    moments = [n * 1001 / 30_000 for n in range(150)]
    times = [t_s for t_s, _ in sample_frames(clips.a_clip(moments, key_every=29), every_s=1.0)]
    assert times == pytest.approx([n * 29 * 1001 / 30_000 for n in range(6)], abs=0.002)


def test_a_time_lapse_keeps_its_thirty_seconds() -> None:
    data = clips.a_clip([n * 30 for n in range(6)])
    assert [round(t_s) for t_s, _ in sample_frames(data, every_s=1)] == [0, 30, 60, 90, 120, 150]
    assert probe(data, LIMITS).frames == 6


def test_uneven_times_are_the_real_ones() -> None:
    moments = [0, 0.2, 0.3, 1.7, 1.8, 4.0]
    assert [t_s for t_s, _ in sample_frames(clips.a_clip(moments), every_s=0.0)] == pytest.approx(moments, abs=0.01)


def test_no_more_frames_than_asked_and_none_before_they_are_asked_for() -> None:
    frames = sample_frames(clips.a_clip([n / 10 for n in range(100)]), every_s=0, max_frames=7)
    assert len(list(itertools.islice(frames, 3))) == 3
    assert len(list(frames)) == 4


@pytest.mark.parametrize(("rotation_deg", "corner"), [(0, (0, 0)), (90, (1, 0)), (180, (1, 1)), (-90, (0, 1))])
def test_rotation_is_undone(rotation_deg: int, corner: tuple[int, int]) -> None:
    data = clips.a_clip(rotation_deg=rotation_deg)
    _, pixels = next(iter(sample_frames(data, every_s=1)))
    is_turned = rotation_deg in (90, -90)
    assert pixels.shape[:2] == ((160, 120) if is_turned else (120, 160))
    row, column = (5 if part == 0 else -5 for part in corner)
    assert pixels[row, column, 0] > 180 > 90 > pixels[row, column, 1]
    info = probe(data, LIMITS)
    assert (info.width_px, info.height_px) == ((120, 160) if is_turned else (160, 120))


@pytest.mark.parametrize("side", [320, 100, 40])
def test_frames_are_no_larger_than_asked(side: int) -> None:
    _, pixels = next(iter(sample_frames(clips.a_clip(width=320, height=240), max_side_px=side)))
    assert max(pixels.shape[:2]) == side
    assert abs(pixels.shape[1] / pixels.shape[0] - 4 / 3) < 0.06


def test_a_cut_clip_gives_what_came_before_the_cut() -> None:
    data = clips.a_clip([n / 10 for n in range(60)], options=FRAGMENTS, width=320, height=240)
    whole = len(list(sample_frames(data, every_s=0)))
    part = len(list(sample_frames(data[: int(len(data) * 0.6)], every_s=0)))
    assert 0 < part < whole
    assert probe(data[: int(len(data) * 0.6)], LIMITS).width_px == 320


def test_sampling_garbage_is_unreadable() -> None:
    with pytest.raises(UnreadableMedia):
        list(sample_frames(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 200))

"""Clips: what they are, and frames out of them with the moments at which they were really shown.

One of the two doors to PyAV (the other is ``intake.streams``). Bytes or a path come in; upright RGB frames go out, one
at a time, so that memory does not grow with the clip.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from errors import MediaTooLarge, UnreadableMedia
from intake.media import MediaLimits
from intake.photo import shrink
from intake.signature import FIELD, sniff

Pixels = NDArray[np.uint8]
CURE = "Record the clip again, or send a photo."
SIGNATURE_BYTES = 4_096
DECODER_ERRORS = (FFmpegError, ValueError, IndexError, MemoryError, OverflowError, RuntimeError)
DECODER_THREADS = 2
SLACK_S = 1e-3
KEY_FRAME_SLACK = 0.25  # of the step: phones send a key frame about every second, rarely exactly


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A clip that opens. Size is upright; ``rotation_deg`` counter-clockwise was undone.

    ``duration_s`` is from the container, or from the last packet where the container does not say.
    """

    content_type: str
    width_px: int
    height_px: int
    duration_s: float
    frames: int
    frame_rate: float
    rotation_deg: int
    codec: str


def probe(source: bytes | Path, limits: MediaLimits) -> VideoInfo:
    """What a clip is, after decoding its first frame. ``UnreadableMedia`` without frames, ``MediaTooLarge`` if long."""
    info = sniff(_head(source))
    with _open(source) as (container, stream):
        moments_s = [m for m, _ in _list_packets(container, stream)]
        duration_s = _duration_s(container, stream, moments_s)
        width_px, height_px = stream.codec_context.width, stream.codec_context.height
        if not moments_s or not width_px or not height_px:
            raise UnreadableMedia("The clip has no pictures in it.", field=FIELD, value="0 frames", cure=CURE)
        _check_size(width_px, height_px, duration_s, limits)
    with _open(source) as (container, stream):
        first = next(iter(_decode(container, stream)), None)
        if first is None:
            raise UnreadableMedia("The clip has no pictures in it.", field=FIELD, value="0 frames", cure=CURE)
        rotation_deg = _right_angle(first.rotation)
        codec, rate = stream.codec_context.name, float(stream.average_rate or 0)
    if rotation_deg in (90, 270):
        width_px, height_px = height_px, width_px
    return VideoInfo(info.content_type, width_px, height_px, duration_s, len(moments_s), rate, rotation_deg, codec)


def probe_sound(data: bytes) -> float:
    """How many seconds of sound a file without pictures holds. ``UnreadableMedia`` for everything else."""
    cure = "Record the note again."
    try:
        with av.open(io.BytesIO(data), "r", metadata_errors="replace") as opened:
            if not opened.streams.audio or opened.streams.video:
                raise UnreadableMedia(
                    "This is not a sound recording.", field=FIELD, value=opened.format.name, cure=cure
                )
            ends = [float(frame.time or 0) + frame.samples / frame.sample_rate for frame in opened.decode(audio=0)]
    except DECODER_ERRORS as error:
        reason = getattr(error, "strerror", "") or type(error).__name__
        raise UnreadableMedia("The recording cannot be opened.", field=FIELD, value=reason, cure=cure) from error
    if not ends:
        raise UnreadableMedia("There is no sound in the recording.", field=FIELD, value="0 s", cure=cure)
    return max(ends)


def sample_frames(
    source: bytes | Path, *, every_s: float = 1.0, max_frames: int = 60, max_side_px: int | None = None
) -> Iterator[tuple[float, Pixels]]:
    """(seconds from the clip's start, upright RGB) about ``every_s`` apart, by presentation times.

    A time-lapse gives each of its frames with its own moment. Where key frames are dense enough only they are
    decoded, which makes long 4K clips affordable. A clip damaged midway gives what came before the damage; one
    without any frame is ``UnreadableMedia``.
    """
    with _open(source) as (container, stream):
        packets = sorted(_list_packets(container, stream))
    with _open(source) as (container, stream):
        slack_s = SLACK_S
        if _key_frames_suffice(packets, every_s):
            stream.codec_context.skip_frame = "NONKEY"
            slack_s = KEY_FRAME_SLACK * every_s
        due_s, given, start_s = 0.0, 0, packets[0][0] if packets else 0.0
        for frame in _decode(container, stream):
            t_s = max(0.0, (frame.time or 0.0) - start_s)
            if t_s + slack_s < due_s:
                continue
            yield t_s, upright_frame(frame, max_side_px)
            given += 1
            due_s = t_s + every_s
            if given >= max_frames:
                return
    if not given:
        raise UnreadableMedia("The clip has no pictures in it.", field=FIELD, value="0 frames", cure=CURE)


def _key_frames_suffice(packets: list[tuple[float, bool]], every_s: float) -> bool:
    """Whether the gaps between key frames, and after the last, are hardly longer than the wanted step."""
    keys = [moment for moment, is_key in packets if is_key]
    if not keys or keys[0] > packets[0][0]:
        return False
    widest_s = max(b - a for a, b in pairwise([*keys, packets[-1][0]]))
    return len(keys) < len(packets) and widest_s <= every_s * (1 + KEY_FRAME_SLACK)


@contextmanager
def _open(source: bytes | Path) -> Iterator[tuple[Any, Any]]:
    """The container and its first video stream, closed again whatever happens."""
    opened = None
    try:
        opened = av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), metadata_errors="replace")
        if not opened.streams.video:
            raise UnreadableMedia("The clip has no pictures in it.", field=FIELD, value="no video track", cure=CURE)
        stream = opened.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODER_THREADS
        yield opened, stream
    except DECODER_ERRORS as error:
        reason = getattr(error, "strerror", "") or type(error).__name__
        raise UnreadableMedia("The clip cannot be opened.", field=FIELD, value=reason, cure=CURE) from error
    finally:
        if opened is not None:
            opened.close()


def _decode(container: Any, stream: Any) -> Iterator[Any]:
    """Frames in order; damaged packets are passed over, as players do."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _list_packets(container: Any, stream: Any) -> Iterator[tuple[float, bool]]:
    """(moment in seconds, is a key frame) of each packet, without decoding any; ends where the file is cut."""
    try:
        for packet in container.demux(stream):
            if packet.pts is not None and packet.size:
                yield float(packet.pts * packet.time_base), bool(packet.is_keyframe)
    except FFmpegError:
        return


def _duration_s(container: Any, stream: Any, moments_s: list[float]) -> float:
    stated = [float(container.duration / av.time_base)] if container.duration else []
    if stream.duration and stream.time_base:
        stated.append(float(stream.duration * stream.time_base))
    seen = max(moments_s) - min(moments_s) if moments_s else 0.0
    return max([seen, *stated[-1:]])


def _check_size(width_px: int, height_px: int, duration_s: float, limits: MediaLimits) -> None:
    if width_px * height_px > limits.video_pixels:
        raise MediaTooLarge(
            "The clip's pictures have too many pixels.",
            field=FIELD,
            value=f"{width_px} x {height_px} pixels",
            cure="Record in 4K or less.",
        )
    if duration_s > limits.video_seconds:
        raise MediaTooLarge(
            "The clip is too long.",
            field=FIELD,
            value=f"{duration_s:.0f} s",
            cure=f"Send a clip of at most {limits.video_seconds:.0f} seconds.",
        )


def upright_frame(frame: Any, max_side_px: int | None) -> Pixels:
    """A decoded frame as RGB pixels, turned upright, its longer side at most ``max_side_px``."""
    width, height = frame.width, frame.height
    if max_side_px is not None and max(width, height) > 2 * max_side_px:
        # The converter shrinks in one pass with the colour change, without a whole RGB copy of a 4K frame.
        factor = max(width, height) // max_side_px
        width, height = max(1, width // factor), max(1, height // factor)
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(shrink(pixels, max_side_px), _right_angle(frame.rotation) // 90))


def _right_angle(rotation_deg: float) -> int:
    """0, 90, 180 or 270 degrees counter-clockwise."""
    return round(rotation_deg / 90) * 90 % 360


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source[:SIGNATURE_BYTES]
    with source.open("rb") as file:
        return file.read(SIGNATURE_BYTES)

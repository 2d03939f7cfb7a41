"""A fixed camera's stream (rtsp, http, or a file of the city pack) as frames with their moments, for as long as it lasts.

The other door to PyAV. A stream that breaks is opened again after a growing pause; each break is told as a
``StreamGap``, since what was seen before it proves nothing about what stands there after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from errors import ConfigurationError
from intake.video import upright_frame

Pixels = NDArray[np.uint8]
SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
KEY_FRAMES_FROM_S = 10.0  # cameras send a key frame every 1 to 5 s: enough for a step this wide
BROKEN = (FFmpegError, OSError, ValueError, IndexError)


@dataclass(frozen=True, slots=True)
class StreamFrame:
    """One frame: its moment (aware, UTC) and its upright RGB pixels."""

    at: datetime
    rgb: Pixels


@dataclass(frozen=True, slots=True)
class StreamGap:
    """The view was lost: why, and how long until the next try (0 where a file begins again)."""

    reason: str
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How a stream is read. ``is_looped`` plays a file again and again; ``is_paced`` plays it at its real speed."""

    every_s: float = 1.0
    max_side_px: int | None = None
    timeout_s: float = 10.0
    is_looped: bool = False
    is_paced: bool = True


@dataclass(frozen=True, slots=True)
class Hand:
    """What the reader may do with time; tests hand in their own."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    is_stopped: Callable[[], bool] = lambda: False


def read_stream(
    address: str | Path, options: StreamOptions | None = None, hand: Hand | None = None
) -> Iterator[StreamFrame | StreamGap]:
    """Frames at least ``every_s`` apart until told to stop, or until a file that is not looped ends.

    ``ConfigurationError`` for an address that is neither a stream nor an existing file; a dead camera is a gap.
    """
    options, hand = options or StreamOptions(), hand or Hand()
    if is_live(address):
        yield from _read_live(str(address), options, hand)
    else:
        yield from _read_file(Path(address), options, hand)


def is_live(address: str | Path) -> bool:
    """Whether an address is a network stream; ``ConfigurationError`` for schemes we do not open."""
    scheme = urlsplit(str(address)).scheme.lower() if "://" in str(address) else ""
    if scheme in SCHEMES:
        return True
    if scheme or not Path(address).is_file():
        raise ConfigurationError(
            "This camera's stream cannot be opened.",
            field="stream",
            value=_without_password(str(address)),
            cure="Give an rtsp:// or http(s):// address, or a file of the city pack.",
        )
    return False


def _read_live(address: str, options: StreamOptions, hand: Hand) -> Iterator[StreamFrame | StreamGap]:
    """Moments are those of arrival: a camera's own timestamps begin anywhere."""
    failures = 0
    while not hand.is_stopped():
        reason = "ended"
        last: datetime | None = None
        try:
            for frame in _decode(address, options):
                at = hand.now()
                if last is None or (at - last).total_seconds() >= options.every_s:
                    last, failures = at, 0
                    yield StreamFrame(at, upright_frame(frame, options.max_side_px))
                if hand.is_stopped():
                    return
        except BROKEN as error:
            reason = type(error).__name__
        pause_s = PAUSES_S[min(failures, len(PAUSES_S) - 1)]
        failures += 1
        yield StreamGap(reason, pause_s)
        hand.sleep(pause_s)


def _read_file(path: Path, options: StreamOptions, hand: Hand) -> Iterator[StreamFrame | StreamGap]:
    """Moments are the beginning of playing plus the file's own times."""
    while not hand.is_stopped():
        began, last_s = hand.now(), None
        try:
            for frame in _decode(str(path), options):
                t_s = float(frame.time or 0.0)
                if last_s is not None and t_s - last_s < options.every_s:
                    continue
                last_s = t_s
                if options.is_paced:
                    hand.sleep(max(0.0, t_s - (hand.now() - began).total_seconds()))
                yield StreamFrame(began + timedelta(seconds=t_s), upright_frame(frame, options.max_side_px))
                if hand.is_stopped():
                    return
        except BROKEN as error:
            yield StreamGap(type(error).__name__, PAUSES_S[-1])
            hand.sleep(PAUSES_S[-1])
        if not options.is_looped:
            return
        if last_s is not None:
            yield StreamGap("begins_again")


def _decode(address: str, options: StreamOptions) -> Iterator[Any]:
    live = "://" in address
    container = av.open(
        address,
        options={"rtsp_transport": "tcp"} if address.startswith("rtsp") else {},
        timeout=options.timeout_s if live else None,
        metadata_errors="replace",
    )
    try:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        if options.every_s >= KEY_FRAMES_FROM_S and live:
            stream.codec_context.skip_frame = "NONKEY"
        for packet in container.demux(stream):
            yield from packet.decode()
    finally:
        container.close()


def _without_password(address: str) -> str:
    before, at, after = address.rpartition("@")
    return f"{before.split('://')[0]}://…@{after}" if at else address

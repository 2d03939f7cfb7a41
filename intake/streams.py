"""A fixed camera's stream (RTSP, HLS, MJPEG, or a file of the city pack) as frames with their moments, for as long as it lasts.

The other door to PyAV. A stream that breaks is opened again after a growing pause; each break is told as a ``StreamGap``
with one of the codes of ``intake.stream_faults``, and what is only remarkable as a ``StreamNote``.
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
from intake.stream_faults import StreamFault, name_fault
from intake.video import upright_frame

Pixels = NDArray[np.uint8]
SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
KEY_FRAMES_FROM_S = 10.0  # cameras send a key frame every 1 to 5 s: enough for a step this wide
UNREFERRED_FROM_S = 1.0  # frames that no other frame refers to need no decoding at a step this wide
CLOCKLESS_FORMATS = frozenset(
    {"mpjpeg", "mjpeg", "jpeg_pipe", "image2pipe"}
)  # whose times are made up from a frame rate
INTRA_CODECS = frozenset({"mjpeg", "mjpegb", "jpeg2000"})
STEADY_AFTER = 10  # frames in a row after which earlier failures are forgotten
MOST_DAMAGED = 50  # packets in a row
JUMP_S = 5.0
BUSY_WINDOW_S = 10.0
LEAST_IDLE = (
    0.08  # a reader that waits for less of its time falls behind its camera; reading alone takes 0.04 of it at 1080p
)
AMPLE_IDLE = 0.7  # one that waits for more while it decodes key frames only may try all again
EASE_WINDOWS = 6
FILE_LAG_S = 3.0
BROKEN = (FFmpegError, OSError, ValueError, IndexError, MemoryError)
# A playlist must not make us read files of this machine.
_NETWORK_ONLY = "http,https,tcp,tls,crypto,hls,httpproxy"
_OPTIONS = {
    "rtsp": {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtp,udp,tcp,tls,srtp"},
    "http": {"protocol_whitelist": _NETWORK_ONLY, "live_start_index": "-1"},
}


class StreamFrame:
    """One frame: its moment (aware, UTC), the size the camera sent (upright), and its pixels, converted when asked for."""

    __slots__ = ("_frame", "_most_px", "_rgb", "at", "size_px")

    def __init__(self, at: datetime, frame: Any, max_side_px: int | None) -> None:
        self.at = at
        turned = round(frame.rotation / 90) % 2 == 1
        self.size_px: tuple[int, int] = (frame.height, frame.width) if turned else (frame.width, frame.height)
        self._frame, self._most_px = frame, max_side_px
        self._rgb: Pixels | None = None

    @property
    def rgb(self) -> Pixels:
        """Upright RGB pixels, the longer side as the options allow."""
        if self._rgb is None:
            self._rgb = upright_frame(self._frame, self._most_px)
        return self._rgb

    def small(self, width: int, height: int) -> Pixels:
        """The whole frame as a small RGB picture: cheap, made without a full conversion. Turned as the sensor lies."""
        small = self._frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
        return np.ascontiguousarray(small.to_ndarray())


@dataclass(frozen=True, slots=True)
class StreamGap:
    """The view was lost: why (``StreamFault``), and how long until the next try (0 where it goes on at once)."""

    reason: str
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StreamNote:
    """Something worth telling the operator that costs no frame: a clock that jumped, decoding of key frames only."""

    reason: str
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How a stream is read. ``is_looped`` plays a file again and again; ``is_paced`` plays it at its real speed.

    ``threads`` are those of one stream's decoder.
    """

    every_s: float = 1.0
    max_side_px: int | None = None
    timeout_s: float = 10.0
    is_looped: bool = False
    is_paced: bool = True
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Hand:
    """What the reader may do with time; tests hand in their own. ``period_s``: the pause between frames for the wished one."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    is_stopped: Callable[[], bool] = lambda: False
    period_s: Callable[[float], float] = lambda every_s: every_s


Seen = StreamFrame | StreamGap | StreamNote


def read_stream(address: str | Path, options: StreamOptions | None = None, hand: Hand | None = None) -> Iterator[Seen]:
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
            value=hide_password(str(address)),
            cure="Give an rtsp:// or http(s):// address, or a file of the city pack.",
        )
    return False


def hide_password(address: str) -> str:
    """An address without the name and password in it."""
    before, at, after = address.rpartition("@")
    return f"{before.split('://')[0]}://…@{after}" if at else address


def _read_live(address: str, options: StreamOptions, hand: Hand) -> Iterator[Seen]:
    """Moments are those of arrival: a camera's own timestamps begin anywhere, and jump."""
    failures = 0
    while not hand.is_stopped():
        reason, given = StreamFault.ENDED, 0
        source = _Source(address, options, is_live=True)
        try:
            for item in _sample_live(source, options, hand):
                yield item
                given += isinstance(item, StreamFrame)
                failures = 0 if given >= STEADY_AFTER else failures
                if hand.is_stopped():
                    return
        except BROKEN as error:
            reason = name_fault(error, was_open=source.is_open)
        finally:
            source.close()
        if hand.is_stopped():
            return
        pause_s = PAUSES_S[min(failures, len(PAUSES_S) - 1)]
        failures += 1
        yield StreamGap(reason.value, pause_s)
        hand.sleep(pause_s)


def _sample_live(source: _Source, options: StreamOptions, hand: Hand) -> Iterator[Seen]:
    last: datetime | None = None
    size_px: tuple[int, int] | None = None
    clock = _CameraClock()

    def is_due() -> bool:
        return (
            hand.is_stopped()
            or last is None
            or not 0 <= (hand.now() - last).total_seconds() < hand.period_s(options.every_s)
        )

    for frame in source.decode(is_due):
        at = hand.now()
        if hand.is_stopped():
            return
        jumped_s = clock.notice(frame.time if source.has_clock else None, at)
        if jumped_s:
            yield StreamNote(StreamFault.CLOCK_JUMPED.value, jumped_s)
        if source.falls_behind():
            yield StreamNote(StreamFault.KEY_FRAMES_ONLY.value)
        if source.has_eased():
            yield StreamNote(StreamFault.ALL_FRAMES_AGAIN.value)
        if last is not None and 0 <= (at - last).total_seconds() < hand.period_s(options.every_s):
            continue
        last = at
        seen = StreamFrame(at, frame, options.max_side_px)
        if size_px is not None and seen.size_px != size_px:
            yield StreamGap(StreamFault.RESOLUTION_CHANGED.value)
        size_px = seen.size_px
        yield seen


def _read_file(path: Path, options: StreamOptions, hand: Hand) -> Iterator[Seen]:
    """Moments are the beginning of playing plus the file's own times."""
    while not hand.is_stopped():
        began, last_s = hand.now(), None
        source = _Source(str(path), options, is_live=False)
        try:
            for frame in source.decode():
                t_s = float(frame.time or 0.0)
                lag_s = (hand.now() - began).total_seconds() - t_s
                if options.is_paced and lag_s > FILE_LAG_S and source.keep_key_frames_only():
                    yield StreamNote(StreamFault.KEY_FRAMES_ONLY.value)
                if last_s is not None and t_s - last_s < hand.period_s(options.every_s):
                    continue
                last_s = t_s
                if options.is_paced:
                    hand.sleep(max(0.0, -lag_s))
                yield StreamFrame(began + timedelta(seconds=t_s), frame, options.max_side_px)
                if hand.is_stopped():
                    return
        except BROKEN as error:
            yield StreamGap(name_fault(error, was_open=source.is_open).value, PAUSES_S[-1])
            hand.sleep(PAUSES_S[-1])
        finally:
            source.close()
        if not options.is_looped:
            return
        if last_s is not None:
            yield StreamGap(StreamFault.BEGINS_AGAIN.value)


class _CameraClock:
    """Compares a stream's own times with those of arrival, frame by frame."""

    def __init__(self) -> None:
        self._before: tuple[float, datetime] | None = None

    def notice(self, time_s: float | None, at: datetime) -> float:
        """Seconds by which the camera's clock jumped since the last frame; 0 when it did not."""
        if time_s is None:
            return 0.0
        before, self._before = self._before, (float(time_s), at)
        if before is None:
            return 0.0
        jump_s = (float(time_s) - before[0]) - (at - before[1]).total_seconds()
        return jump_s if abs(jump_s) > JUMP_S else 0.0


class _Source:
    """One opening of one stream: packets read, damaged ones passed over, and how much of the time was spent waiting."""

    def __init__(self, address: str, options: StreamOptions, *, is_live: bool) -> None:
        self.is_open, self.has_clock = False, False
        self._address, self._options, self._is_live = address, options, is_live
        self._container: Any = None
        self._stream: Any = None
        self._waited_s = 0.0
        self._since: float | None = None
        self._is_hurried, self._easy, self._usual_skip, self._has_eased = False, 0, "DEFAULT", False

    def decode(self, is_due: Callable[[], bool] = lambda: True) -> Iterator[Any]:
        """Frames in order; whatever PyAV raises. Where each stands for itself (MJPEG) only those that are due are decoded."""
        stream = self._open()
        damaged = 0
        is_intra = stream.codec_context.name in INTRA_CODECS
        packets = self._container.demux(stream)
        while True:
            asked = time.perf_counter()
            packet = next(packets, None)
            self._waited_s += time.perf_counter() - asked
            if packet is None:
                return
            if is_intra and not is_due():
                continue
            try:
                frames = packet.decode()
                damaged = 0
            except FFmpegError:
                damaged += 1
                if damaged > MOST_DAMAGED:
                    raise
                continue
            yield from frames

    def falls_behind(self) -> bool:
        """True once: when more frames come than can be decoded, and only key frames are decoded from here on."""
        now = time.perf_counter()
        if self._since is None:
            self._since, self._waited_s = now, 0.0
            return False
        elapsed = now - self._since
        if elapsed < BUSY_WINDOW_S:
            return False
        idle = self._waited_s / elapsed
        self._since, self._waited_s = now, 0.0
        self._ease(idle)
        return idle < LEAST_IDLE and self.keep_key_frames_only()

    def _ease(self, idle: float) -> None:
        """Decode all frames again after a minute with ample time: what kept the machine busy is over."""
        if not self._is_hurried:
            return
        self._easy = self._easy + 1 if idle > AMPLE_IDLE else 0
        if self._easy >= EASE_WINDOWS:
            self._stream.codec_context.skip_frame, self._is_hurried = self._usual_skip, False
            self._has_eased = True

    def has_eased(self) -> bool:
        """True once: when all frames are decoded again."""
        eased, self._has_eased = self._has_eased, False
        return eased

    def keep_key_frames_only(self) -> bool:
        """Decode only key frames from here on; False when that is so already."""
        if self._stream is None or self._stream.codec_context.skip_frame == "NONKEY":
            return False
        self._usual_skip = self._stream.codec_context.skip_frame
        self._stream.codec_context.skip_frame = "NONKEY"
        self._is_hurried, self._easy = True, 0
        return True

    def close(self) -> None:
        """Give the connection back."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _open(self) -> Any:
        scheme = self._address.split("://", maxsplit=1)[0].lower().rstrip("s") if self._is_live else ""
        timeout_s = self._options.timeout_s
        self._container = av.open(
            self._address,
            options=_OPTIONS.get(scheme, {}),
            timeout=(timeout_s, timeout_s) if self._is_live else None,
            metadata_errors="replace",
        )
        stream = self._container.streams.video[0]
        stream.thread_type = "SLICE" if self._options.threads == 1 else "AUTO"
        stream.codec_context.thread_count = self._options.threads
        if self._options.every_s >= KEY_FRAMES_FROM_S and self._is_live:
            stream.codec_context.skip_frame = "NONKEY"
        elif self._options.every_s >= UNREFERRED_FROM_S:
            stream.codec_context.skip_frame = "NONREF"
        self.has_clock = self._container.format.name not in CLOCKLESS_FORMATS
        self._stream, self.is_open = stream, True
        return stream

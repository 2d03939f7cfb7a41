"""One thread per camera: reads its stream, notes what the health page tells, and hands changed frames on.

Decoding and JPEG run here, beside the one detector that serves all cameras of the process. A slot holds the newest frame
only: where the detector is slower than the cameras, older frames are dropped and counted, and a change is never lost for an
unchanged one.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import structlog
from numpy.typing import NDArray

from errors import ProjectError
from intake.motion import SMALL_SIZE, MotionGate, Sight, judge_sight
from intake.photo import encode_jpeg
from intake.stream_faults import StreamFault
from intake.streams import Hand, StreamFrame, StreamGap, StreamNote, StreamOptions, read_stream
from pipeline.camera_pace import slowed_period_s
from pipeline.camera_set_up import CameraSetUp
from pipeline.camera_store import HealthNotes

log = structlog.get_logger("cameras")
Pixels = NDArray[np.uint8]
SETTLED_S = 3.0  # after the last change: what has come to rest is looked at once more
LOOK_AGAIN_S = 300.0  # an unchanged view is looked at again this often, in case the first look missed something
OFF_PAUSE_S = 20.0
RETRY_S = 30.0
RATE_WINDOW_S = 30.0
RING_QUALITY = 82
_TOLD_ON = frozenset({StreamFault.BEGINS_AGAIN.value})


@dataclass(frozen=True, slots=True)
class Sampled:
    """One sampled frame. ``rgb`` None: nothing changed since the last one with pixels, or nothing can be made out.

    ``is_new_view``: what was known before proves nothing; ``is_sight_lost``: nothing could be seen for a while before it.
    """

    at: datetime
    jpeg: bytes
    rgb: Pixels | None
    sent_px: tuple[int, int]
    kept_px: tuple[int, int]
    is_new_view: bool = False
    is_sight_lost: bool = False


@dataclass(slots=True)
class CameraReader:
    """Reads one camera until it is stopped. ``ring`` is called whenever a frame waits in the slot;
    ``stretch`` tells how many times longer than asked it shall wait between frames.
    """

    set_up: CameraSetUp
    ring: Callable[[], None]
    stretch: Callable[[], float] = lambda: 1.0
    notes: HealthNotes = field(default_factory=HealthNotes)
    stopping: threading.Event = field(default_factory=threading.Event)
    _slot: Sampled | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _moments: deque[float] = field(default_factory=deque)
    _gate: MotionGate = field(default_factory=MotionGate)
    _jpeg: bytes = b""
    _kept_px: tuple[int, int] = (0, 0)
    _looked_s: float = 0.0
    _changed_s: float = 0.0
    _is_new_view: bool = False
    _is_sight_lost: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._gate = MotionGate(self.set_up.region)
        self.notes.clock_offset_s = self.set_up.clock_offset_s
        self._thread = threading.Thread(target=self._run, name=f"camera {self.set_up.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the packet at hand."""
        self.stopping.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end, not for ever: a network call may hang on to it."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def take(self) -> Sampled | None:
        """The frame that waits, if any."""
        with self._lock:
            waiting, self._slot = self._slot, None
            return waiting

    def _run(self) -> None:
        """Nothing that goes wrong here ends the other cameras."""
        while not self.stopping.is_set():
            try:
                if self.set_up.is_on(datetime.now(UTC)):
                    self._read()
                else:
                    self.notes.state, self._is_new_view = "off_schedule", True
                    self.stopping.wait(OFF_PAUSE_S)
            except ProjectError as error:
                self.notes.state = "set_up_fault"
                self.notes.note_fault("set_up_fault", datetime.now(UTC), str(error))
                self.stopping.wait(RETRY_S)
            except Exception as error:  # the rim of this thread: logged with the camera, tried again
                log.exception("camera_failed", camera=self.set_up.camera_id)
                self.notes.state = "failed"
                self.notes.note_fault("failed", datetime.now(UTC), type(error).__name__)
                self.stopping.wait(RETRY_S)

    def _read(self) -> None:
        options = StreamOptions(every_s=self.set_up.every_s, max_side_px=self.set_up.max_side_px, is_looped=True)
        hand = Hand(
            sleep=self._sleep,
            is_stopped=lambda: self.stopping.is_set() or not self._is_still_on(),
            period_s=lambda every_s: slowed_period_s(every_s, self.stretch()),
        )
        self.notes.state = "connecting"
        for seen in read_stream(self.set_up.stream, options, hand):
            if isinstance(seen, StreamFrame):
                self._sample(seen)
            elif isinstance(seen, StreamGap):
                self._note_gap(seen)
            else:
                self._note(seen)

    def _sleep(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    def _is_still_on(self) -> bool:
        return self.set_up.is_on(datetime.now(UTC))

    def _note_gap(self, gap: StreamGap) -> None:
        self._gate.forget()
        if gap.reason in (StreamFault.BEGINS_AGAIN.value, StreamFault.RESOLUTION_CHANGED.value):
            self._is_new_view = True
        else:
            self._is_sight_lost = True
            self.notes.state = gap.reason
            self._take_back_key_frames_only()
        if gap.reason not in _TOLD_ON:
            self.notes.gaps += 1
            self.notes.note_fault(gap.reason, datetime.now(UTC))
            log.info("camera_gap", camera=self.set_up.camera_id, reason=gap.reason, pause_s=gap.pause_s)

    def _take_back_key_frames_only(self) -> None:
        """All frames are decoded again: with time to spare, or since the stream is opened anew."""
        kept = (note for note in self.notes.notes if note != StreamFault.KEY_FRAMES_ONLY.value)
        self.notes.notes = tuple(kept)

    def _note(self, note: StreamNote) -> None:
        if note.reason == StreamFault.ALL_FRAMES_AGAIN.value:
            self._take_back_key_frames_only()
            return
        self.notes.note_fault(note.reason, datetime.now(UTC), f"{note.value:.1f} s" if note.value else "")
        if note.reason == StreamFault.KEY_FRAMES_ONLY.value:
            self.notes.notes = tuple(dict.fromkeys((*self.notes.notes, note.reason)))

    def _sample(self, frame: StreamFrame) -> None:
        small = frame.small(*SMALL_SIZE)
        self._note_frame(frame)
        sight = judge_sight(small)
        if sight is not Sight.CLEAR:
            self.notes.state, self._is_sight_lost = sight.value, True
            return
        self.notes.state = "live" if self.set_up.calibration is not None else "no_calibration"
        if self.set_up.calibration is None:
            self._put(self._with_picture(frame, None))
            return
        self._put(self._with_picture(frame, frame.rgb if self._is_to_be_looked_at(small) else None))

    def _is_to_be_looked_at(self, small: Pixels) -> bool:
        now_s = time.monotonic()
        if self._gate.has_changed(small):
            self._looked_s = self._changed_s = now_s
            return True
        settled = self._looked_s <= self._changed_s and now_s - self._changed_s >= SETTLED_S
        if settled or now_s - self._looked_s >= LOOK_AGAIN_S:
            self._looked_s = now_s
            return True
        return False

    def _with_picture(self, frame: StreamFrame, rgb: Pixels | None) -> Sampled:
        if rgb is not None or not self._jpeg or self._is_new_view or self.set_up.calibration is None:
            shown = frame.rgb
            self._jpeg = encode_jpeg(shown, RING_QUALITY) if self.set_up.calibration is not None else b""
            self._kept_px = (shown.shape[1], shown.shape[0])
        sampled = Sampled(
            frame.at, self._jpeg, rgb, frame.size_px, self._kept_px, self._is_new_view, self._is_sight_lost
        )
        self._is_new_view = self._is_sight_lost = False
        return sampled

    def _put(self, new: Sampled) -> None:
        with self._lock:
            old = self._slot
            if old is not None:
                self.notes.dropped += 1
                new = replace(
                    new,
                    rgb=new.rgb if new.rgb is not None else old.rgb,
                    is_new_view=new.is_new_view or old.is_new_view,
                    is_sight_lost=new.is_sight_lost or old.is_sight_lost,
                )
            self._slot = new
        self.ring()

    def _note_frame(self, frame: StreamFrame) -> None:
        now_s = time.monotonic()
        self._moments.append(now_s)
        while now_s - self._moments[0] > RATE_WINDOW_S:
            self._moments.popleft()
        span_s = now_s - self._moments[0]
        self.notes.frames_per_s = round((len(self._moments) - 1) / span_s, 2) if span_s > 0 else None
        self.notes.seen += 1
        self.notes.last_frame_at = frame.at
        self.notes.width_px, self.notes.height_px = frame.size_px

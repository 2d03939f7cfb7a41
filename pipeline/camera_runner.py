"""Runs cameras of this process: takes leases, reads their streams, looks at changed frames in batches, and files evidence.

Kinds of threads: this one takes cameras and tells each one's health, one keeps the leases, one a camera reads, one looks and
remembers. Cameras are taken when the detector is open, so that the taker looks from its first second.
Called by ``manage.py run_cameras``; start as many as there are machines, or processors.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections

from detection.default_detector import get_default_detector
from detection.detections import Detections
from detection.fewer_weights import narrow_to
from detection.layout import WHOLE, Layout
from detection.letterbox import Pixels
from errors import Conflict, ProjectError
from pipeline.camera_leases import BEAT_S, Grant, beat, give_back, leave, name_runner, take_cameras
from pipeline.camera_looks import watched_layout
from pipeline.camera_pace import Pace
from pipeline.camera_reader import CameraReader, Sampled
from pipeline.camera_set_up import CameraSetUp, read_set_up
from pipeline.camera_store import save_health
from pipeline.camera_watch import OBSTACLES
from pipeline.detector_upkeep import keep_up, lacks_card
from pipeline.lease_heart import LeaseHeart
from pipeline.look_rounds import ROUND_S, Rounds
from pipeline.watched_camera import WatchedCamera

log = structlog.get_logger("cameras")
MOST_CAMERAS = 32
AT_ONCE = 4  # cameras taken per beat: runners that start together share them
SET_UP_EVERY_S = 30.0
DETECTOR_PAUSE_S = 15.0
JOIN_S = 3.0
SLOW_ROUND_S = 3.0
OPEN_WAIT_S = 120.0  # for a detector that will not open: from then on the health pages tell it
_CAMERA_SHAPE = (1080, 1920, 3)


@dataclass(slots=True)
class CameraRunner:
    """Cameras of one process until ``stop`` is called. ``counts`` is what the command tells when it ends."""

    most: int = MOST_CAMERAS
    names: Sequence[str] | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    counts: dict[str, int] = field(
        default_factory=lambda: {"cameras": 0, "frames": 0, "looked_at": 0, "evidence": 0, "gaps": 0}
    )
    holder: str = field(default_factory=name_runner)
    cameras: dict[int, WatchedCamera] = field(default_factory=dict)
    work: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_open: threading.Event = field(default_factory=threading.Event)
    pace: Pace = field(default_factory=Pace)
    rounds: Rounds = field(default_factory=Rounds)
    set_up_s: float = 0.0
    detector_fault: str = ""
    lacks_card: bool = False

    def run(self) -> None:
        """Watch until told to stop, then give the cameras back."""
        keep_up()
        looking = threading.Thread(target=self._look_on, name="looking", daemon=True)
        looking.start()
        self.is_open.wait(OPEN_WAIT_S)
        heart = LeaseHeart(self.holder, self._grants, self._drop)
        heart.start()
        try:
            while not self.stopping.is_set():
                self._beat()
                self.stopping.wait(BEAT_S)
        finally:
            self.stopping.set()
            self.work.set()
            looking.join(10 * JOIN_S)
            heart.stop()
            self._end()

    def stop(self, *_signal: object) -> None:
        """End after the frame at hand."""
        self.stopping.set()
        self.work.set()
        self.is_open.set()

    def _grants(self) -> list[Grant]:
        with self.lock:
            return [watched.grant for watched in self.cameras.values()]

    def _beat(self) -> None:
        """Take what is free, tell how it goes. A silent database is waited for."""
        try:
            self._share(beat(self.holder))
            self._tell_health()
            if time.monotonic() - self.set_up_s >= SET_UP_EVERY_S:
                self.set_up_s = time.monotonic()
                self._refresh()
        except DatabaseError as error:
            log.warning("database_silent", error=type(error).__name__)
        finally:
            close_old_connections()
        notes = [watched.reader.notes for watched in list(self.cameras.values())]
        self.pace.note(time.monotonic(), sum(note.seen for note in notes), sum(note.dropped for note in notes))

    def _refresh(self) -> None:
        """Changed records take effect: other terms at once, another stream or calibration by beginning again."""
        for camera_id, watched in list(self.cameras.items()):
            set_up = _read(camera_id)
            if set_up is None or set_up.same_watch != watched.set_up.same_watch:
                self._drop({camera_id}, "changed")
                give_back(self.holder, [watched.grant])
            else:
                watched.take_terms(set_up)

    def _share(self, fair: int) -> None:
        """Take up to a fair share; hand one over when others have come who could do more."""
        fair = fair if self.names is None else self.most
        self._take(min(fair, self.most) - len(self.cameras))
        if len(self.cameras) > fair:
            watched = next(
                reversed(self.cameras.values())
            )  # its memory was saved seconds ago, by the thread that looks
            self._drop({watched.grant.camera_id}, "handed_over")
            give_back(self.holder, [watched.grant])

    def _take(self, room: int) -> None:
        """One after the other: each is kept alive from the moment it is ours."""
        for _ in range(min(AT_ONCE, room)):
            grant = next(iter(take_cameras(self.holder, 1, self.names)), None)
            if grant is None:
                return
            set_up = _read(grant.camera_id)
            if set_up is None:
                give_back(self.holder, [grant])
                continue
            reader = CameraReader(set_up, ring=self.work.set, stretch=lambda: self.pace.stretch)
            watched = WatchedCamera(grant, set_up, reader)
            with self.lock:
                self.cameras[grant.camera_id] = watched
            self.counts["cameras"] += 1
            log.info("camera_taken", camera=grant.camera_id, token=grant.token, runner=self.holder)
            reader.start()

    def _drop(self, camera_ids: set[int], why: str) -> None:
        for camera_id in camera_ids:
            with self.lock:
                watched = self.cameras.pop(camera_id, None)
            if watched is not None:
                watched.reader.stop()
                self._count(watched)
                log.info("camera_given_up", camera=camera_id, token=watched.grant.token, why=why)

    def _tell_health(self) -> None:
        for watched in list(self.cameras.values()):
            notes = watched.reader.notes
            known = {"key_frames_only"} & set(notes.notes)
            notes.notes = tuple(dict.fromkeys((*watched.set_up.notes, *watched.remarks, *known, *self._own_notes())))
            try:
                watched.is_still_wanted = save_health(watched.grant, self.holder, notes)
            except Conflict:
                self._drop({watched.grant.camera_id}, "lease_lost")

    def _own_notes(self) -> tuple[str, ...]:
        slowed = ("slowed_down",) if self.pace.is_slowed else ()
        coarse = ("looks_coarsely",) if self.pace.is_coarse else ()
        card = ("no_graphics_card",) if self.lacks_card else ()
        return tuple(note for note in (self.detector_fault, *card, *slowed, *coarse) if note)

    def _look_on(self) -> None:
        """The thread that looks: round after round over what waits."""
        self._open_detector()
        while not self.stopping.is_set():
            self.work.wait(1.0)
            self.work.clear()
            try:
                self._look_once()
            except Exception:  # the rim of this thread: logged, and the cameras go on
                log.exception("looking_failed")
                self.stopping.wait(1.0)
            finally:
                close_old_connections()

    def _open_detector(self) -> None:
        """Before any camera is ours: opening and compiling may take a minute, in which a camera would be blind."""
        try:
            get_default_detector().detect([np.full(_CAMERA_SHAPE, 114, np.uint8)])
        except Exception as error:  # the rim: it is tried again with the first frame, and told on the health page
            self.detector_fault = _name_detector_fault(error)
            log.warning("detector_not_open", error=type(error).__name__, what=str(error)[:200])
        finally:
            self.is_open.set()
            close_old_connections()

    def _look_once(self) -> None:
        """One round: bounded, those first that waited longest; what had no turn keeps its newest frame for the next."""
        with self.lock:
            cameras = dict(self.cameras)
        began_s, waiting, count = time.monotonic(), deque(self.rounds.order(cameras)), 0
        while waiting and not self.stopping.is_set():
            if time.monotonic() - began_s > ROUND_S:
                self.work.set()
                break
            count += self._look_at_batch(cameras, waiting)
        if (took_s := time.monotonic() - began_s) > SLOW_ROUND_S:
            log.info("slow_round", seconds=round(took_s, 1), frames=count, left=len(waiting), batch=self.rounds.batch)

    def _look_at_batch(self, cameras: Mapping[int, WatchedCamera], waiting: deque[int]) -> int:
        """Frames are taken until enough of them are changed, looked at, and remembered; how many they were."""
        taken: list[tuple[WatchedCamera, Sampled]] = []
        changed: list[tuple[WatchedCamera, Sampled]] = []
        while waiting and len(changed) < self.rounds.batch:
            watched = cameras[waiting.popleft()]
            sampled = watched.reader.take()
            if sampled is not None:
                self.rounds.note_turn(watched.grant.camera_id, time.monotonic())
                taken.append((watched, sampled))
                changed += [(watched, sampled)] if sampled.rgb is not None else []
        seen = self._detect(changed) if changed else {}
        for watched, sampled in taken:
            self._remember(watched, sampled, seen.get(watched.grant.camera_id))
        return len(taken)

    def _detect(self, batch: Sequence[tuple[WatchedCamera, Sampled]]) -> dict[int, Detections | None]:
        """Claims by camera. A detector that cannot be opened or fails is told and tried again; nothing is made up."""
        began_s = time.monotonic()
        try:
            found = _detect_by_layout(batch, is_coarse=self.pace.is_coarse)
        except Exception as error:  # the rim: whatever a network raises, the cameras go on and the page tells it
            self.detector_fault = _name_detector_fault(error)
            log.warning("detector_failed", error=type(error).__name__, what=str(error)[:200])
            for watched, _ in batch:
                watched.reader.notes.note_fault(self.detector_fault, datetime.now(UTC), str(error))
                watched.lose_sight()
            self.stopping.wait(DETECTOR_PAUSE_S)
            return {}
        self.detector_fault, self.lacks_card = "", lacks_card(get_default_detector().runtime)
        self.rounds.note_batch(len(batch), time.monotonic() - began_s)
        self.counts["looked_at"] += len(batch)
        for watched, _ in batch:
            watched.reader.notes.looked_at += 1
        return dict(found)

    def _remember(self, watched: WatchedCamera, sampled: Sampled, seen: Detections | None) -> None:
        self.counts["frames"] += 1
        try:
            self.counts["evidence"] += watched.remember(sampled, seen)
        except Conflict:
            self._drop({watched.grant.camera_id}, "lease_lost")
        except DatabaseError as error:
            log.warning("camera_not_saved", camera=watched.grant.camera_id, error=type(error).__name__)
        except ProjectError as error:
            watched.reader.notes.note_fault("evidence_failed", datetime.now(UTC), str(error))
            log.warning("evidence_failed", camera=watched.grant.camera_id, error=error.code)

    def _count(self, watched: WatchedCamera) -> None:
        self.counts["gaps"] += watched.reader.notes.gaps

    def _end(self) -> None:
        grants = [watched.grant for watched in self.cameras.values()]
        readers = [watched.reader for watched in self.cameras.values()]
        for watched in self.cameras.values():
            watched.reader.stop()
            try:
                watched.save()
                # A copy: the reader may be at a frame still, and would call itself live again.
                save_health(watched.grant, self.holder, replace(watched.reader.notes, state="stopped"))
            except (DatabaseError, ProjectError) as error:
                log.warning("camera_not_saved", camera=watched.grant.camera_id, error=type(error).__name__)
        self._drop(set(self.cameras), "stopped")
        try:
            give_back(self.holder, grants)
            leave(self.holder)
        except DatabaseError as error:
            log.warning("leases_run_out", error=type(error).__name__)
        for reader in readers:
            reader.join(JOIN_S)


def _read(camera_id: int) -> CameraSetUp | None:
    """How to watch a camera; None where its records cannot be used, which is logged with the cure."""
    try:
        return read_set_up(camera_id, datetime.now(UTC))
    except ProjectError as error:
        log.warning("camera_set_up_fault", camera=camera_id, error=error.code, cure=error.cure)
        return None


def _detect_by_layout(
    batch: Sequence[tuple[WatchedCamera, Sampled]], *, is_coarse: bool = False
) -> dict[int, Detections]:
    """Claims by camera; frames of one layout are looked at together, all of them once and whole where ``is_coarse``."""
    by_layout: dict[Layout, list[tuple[int, Pixels]]] = {}
    for watched, sampled in batch:
        if sampled.rgb is not None:
            layout = WHOLE if is_coarse else _layout_of(watched.set_up, sampled.rgb)
            by_layout.setdefault(layout, []).append((watched.grant.camera_id, sampled.rgb))
    found: dict[int, Detections] = {}
    for layout, frames in by_layout.items():
        claims = narrow_to(get_default_detector(), OBSTACLES).detect([rgb for _, rgb in frames], layout=layout)
        found |= dict(zip([camera_id for camera_id, _ in frames], claims, strict=True))
    return found


def _layout_of(set_up: CameraSetUp, rgb: Pixels) -> Layout:
    """As closely as the camera's calibration asks, where a sidewalk is near; the usual look without one."""
    if set_up.calibration_id is None:
        return WHOLE
    size_px = set_up.image_size_px or (rgb.shape[1], rgb.shape[0])
    return watched_layout(set_up.calibration_id, size_px, set_up.is_near_sidewalk)


def _name_detector_fault(error: Exception) -> str:
    if isinstance(error, MemoryError) or "memory" in str(error).lower():
        return "out_of_memory"
    return "weights_unusable" if isinstance(error, ProjectError) else "detector_failed"

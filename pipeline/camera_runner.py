"""Runs all active cameras of this process: reads their streams, looks at a snapshot now and then, and files evidence.

One thread a camera reads; one detector serves them all in turn. A camera that fails is told, paused and tried again; the
others go on. Called by ``manage.py run_cameras``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.db import close_old_connections

from detection.default_detector import get_default_detector
from errors import ProjectError
from geo.homography import Calibration
from intake.actions import receive_frame
from intake.clip_writer import write_clip
from intake.models import Camera
from intake.queries import CameraFacts, find_calibration, list_active_cameras
from intake.streams import Hand, StreamFrame, StreamGap, StreamOptions, read_stream
from pipeline import advance
from pipeline.camera_watch import KEPT_EVERY_S, CameraWatch, Evidence

log = structlog.get_logger("cameras")
LEAST_DWELL_S = (
    300.0  # the shortest stay that any rule in force asks of an obstacle; the rules decide, this only gathers
)
MOST_SIDE_PX = 1920
RETRY_S = 30.0
NO_CAMERA_S = 60.0


@dataclass(slots=True)
class CameraRunner:
    """All cameras until ``stop`` is called. ``counts`` is what the command tells when it ends."""

    stopping: threading.Event = field(default_factory=threading.Event)
    counts: dict[str, int] = field(default_factory=lambda: {"frames": 0, "evidence": 0, "gaps": 0})
    looking: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Watch every active camera with a stream; with none, wait for one to be loaded."""
        while not self.stopping.is_set():
            cameras = list_active_cameras()
            if cameras:
                self._watch_all(cameras)
            else:
                self.stopping.wait(NO_CAMERA_S)

    def stop(self, *_signal: object) -> None:
        """End after the frame at hand."""
        self.stopping.set()

    def _watch_all(self, cameras: list[CameraFacts]) -> None:
        threads = [
            threading.Thread(target=self._guard, args=(camera,), name=camera.name, daemon=True) for camera in cameras
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _guard(self, camera: CameraFacts) -> None:
        """One camera's thread: nothing that goes wrong here ends the others."""
        while not self.stopping.is_set():
            try:
                self._watch(camera)
            except ProjectError as error:
                log.warning("camera_paused", camera=camera.id, error=error.code, cure=error.cure)
            except Exception:  # the rim of this thread: logged with the camera, tried again
                log.exception("camera_failed", camera=camera.id)
            self.stopping.wait(RETRY_S)

    def _watch(self, camera: CameraFacts) -> None:
        found = find_calibration(camera.id, datetime.now(UTC))
        if found is None:
            log.info("camera_without_calibration", camera=camera.id)
            self.stopping.wait(NO_CAMERA_S)
            return
        watch = CameraWatch(Calibration.from_json(found.calibration), LEAST_DWELL_S)
        options = StreamOptions(
            every_s=min(camera.sample_period_s, KEPT_EVERY_S), max_side_px=MOST_SIDE_PX, is_looped=True
        )
        hand = Hand(sleep=self._sleep, is_stopped=self.stopping.is_set)
        for seen in read_stream(camera.stream, options, hand):
            if isinstance(seen, StreamGap):
                self._note_gap(camera, watch, seen)
            elif watch.wants(seen.at):
                self._look(camera, watch, seen)

    def _sleep(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    def _note_gap(self, camera: CameraFacts, watch: CameraWatch, gap: StreamGap) -> None:
        self.counts["gaps"] += 1
        watch.forget()
        if gap.pause_s:
            log.info("camera_gap", camera=camera.id, reason=gap.reason, pause_s=gap.pause_s)

    def _look(self, camera: CameraFacts, watch: CameraWatch, frame: StreamFrame) -> None:
        with self.looking:
            claims = get_default_detector().detect([frame.rgb])[0]
        self.counts["frames"] += 1
        evidence = watch.add(frame.at, frame.rgb, claims)
        if evidence is not None:
            observation_id = file_clip(camera, evidence)
            self.counts["evidence"] += 1
            log.info("camera_evidence", camera=camera.id, observation_id=str(observation_id), labels=evidence.labels)
        close_old_connections()


def file_clip(camera: CameraFacts, evidence: Evidence, *, start: Callable[[UUID], None] = advance.start) -> UUID:
    """Keep the clip as an observation of its camera and start the nine stages on it."""
    row = Camera.objects.get(pk=camera.id)
    observation_id = receive_frame(row, write_clip(evidence.frames), captured_at=evidence.began_at)
    start(observation_id)
    return observation_id

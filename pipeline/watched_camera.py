"""One camera under this process's lease: its reader, its watch, and what of both must be saved. Used by the thread that looks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from detection.default_detector import get_default_redactor
from detection.detections import Detections
from detection.redaction import Redactor, encode_jpeg
from intake.photo import decode_upright
from pipeline.camera_leases import Grant
from pipeline.camera_reader import CameraReader, Sampled
from pipeline.camera_set_up import CameraSetUp
from pipeline.camera_store import file_evidence, load_memory, save_memory, save_still
from pipeline.camera_watch import CameraWatch, Evidence, KeptFrame, WatchTerms

log = structlog.get_logger("cameras")
SAVE_EVERY_S = 3.0
SAVE_IDLE_S = 30.0
STILL_SIDE_PX = 1280


@dataclass(slots=True)
class WatchedCamera:
    """The state of one leased camera. ``remarks`` go to the health page beside those of the set-up."""

    grant: Grant
    set_up: CameraSetUp
    reader: CameraReader
    is_still_wanted: bool = False
    remarks: tuple[str, ...] = ()
    watch: CameraWatch | None = None
    _view: tuple[tuple[int, int], tuple[int, int]] | None = None
    _unsaved: list[KeptFrame] = field(default_factory=list)
    _unfiled: list[Evidence] = field(default_factory=list)
    _saved_s: float = 0.0

    def take_terms(self, set_up: CameraSetUp) -> None:
        """Another law, schedule or sidewalk register from here on."""
        self.set_up = set_up
        self.reader.set_up = set_up
        self.reader.notes.clock_offset_s = set_up.clock_offset_s
        if self.watch is not None:
            self.watch.terms = _terms(set_up)

    def remember(self, sampled: Sampled, seen: Detections | None) -> int:
        """One frame with its claims (None: unchanged); how many clips became evidence."""
        if self.is_still_wanted:
            self._show(sampled)
        if self.set_up.calibration is None or not self._face(sampled) or self.watch is None:
            return 0
        if sampled.is_sight_lost:
            self.watch.lose_sight()
        if sampled.rgb is not None and seen is None:
            return 0  # it had to be looked at and could not be: nothing is known of this moment
        step = self.watch.see(sampled.at, sampled.jpeg, seen)
        self._unsaved += step.keep
        if step.evidence is not None:
            self._unfiled.append(step.evidence)
        self.reader.notes.standing = sum(1 for _ in self.watch.candidates())
        return self._write()

    def lose_sight(self) -> None:
        """Nothing could be looked at."""
        if self.watch is not None:
            self.watch.lose_sight()

    def save(self) -> None:
        """Write the memory now; not while a clip waits to be filed, so that it is made again after a crash."""
        if self.watch is None or self._unfiled:
            return
        save_memory(self.grant, self.set_up.calibration_id, self.watch.to_json(), self._unsaved, self._oldest_s())
        self._unsaved.clear()
        self._saved_s = time.monotonic()

    def _write(self) -> int:
        filed = 0
        while self._unfiled:
            self._file(self._unfiled[0])
            self._unfiled.pop(0)
            filed += 1
        is_busy = self.watch is not None and (self.watch.due or self.watch.things.things)
        waited_s = time.monotonic() - self._saved_s
        if filed or self._unsaved or waited_s >= (SAVE_EVERY_S if is_busy else SAVE_IDLE_S):
            self.save()
        return filed

    def _file(self, evidence: Evidence) -> UUID:
        memory = self.watch.to_json() if self.watch is not None else {}
        observation_id = file_evidence(self.grant, self.set_up.calibration_id, evidence, memory, self._oldest_s())
        self.reader.notes.evidence += 1
        log.info(
            "camera_evidence",
            camera=self.grant.camera_id,
            observation_id=str(observation_id),
            labels=evidence.labels,
            frames=len(evidence.frames),
        )
        return observation_id

    def _oldest_s(self) -> float:
        return self.watch.kept[0].at if self.watch is not None and self.watch.kept else float("inf")

    def _face(self, sampled: Sampled) -> bool:
        """Make sure that the watch is of the view that the frame shows; False when that view has no calibration."""
        view = (sampled.sent_px, sampled.kept_px)
        if sampled.is_new_view and self.watch is not None:
            self.watch.forget()
        if view == self._view:
            return self.watch is not None
        mapping = self.set_up.mapping_for(*view)
        self._view = view
        if mapping is None:
            self.watch, self.remarks = None, ("other_view",)
            return False
        is_first = self.watch is None
        self.watch, self.remarks = CameraWatch(mapping, _terms(self.set_up)), ()
        if is_first and not sampled.is_new_view:
            self.watch.restore(*load_memory(self.grant.camera_id, self.set_up.calibration_id))
        return True

    def _show(self, sampled: Sampled) -> None:
        """A redacted still of now, or none: whatever goes wrong, nothing is shown."""
        self.is_still_wanted = False
        rgb = sampled.rgb if sampled.rgb is not None else decode_upright(sampled.jpeg) if sampled.jpeg else None
        if rgb is None:
            return
        save_still(self.grant, make_still(rgb, self.watch.last_seen if self.watch else None, get_default_redactor()))


def make_still(rgb, seen: Detections | None, redactor: Redactor) -> bytes:  # type: ignore[no-untyped-def]
    """A JPEG with faces and plates made unreadable; ``seen`` are the newest claims about the view."""
    height, width = rgb.shape[:2]
    shown, _ = redactor.redact_frame(rgb, seen if seen is not None else Detections(width, height))
    return encode_jpeg(shown)


def _terms(set_up: CameraSetUp) -> WatchTerms:
    return WatchTerms(set_up.dwell_of, set_up.is_near_sidewalk)

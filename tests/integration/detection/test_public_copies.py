"""What was photographed on site gets its redacted copy by itself; a clip is hidden frame by frame; failures show nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detection.clip_redaction import redact_clip
from detection.detections import Detection, Detections
from detection.fake_detector import FakeDetector
from detection.privacy_regions import HiddenKind, HiddenRegion
from errors import UnreadableMedia
from intake.clip_writer import write_clip
from intake.video import sample_frames

BOX = (40, 20, 80, 60)


class OddRedactor:
    """Finds a face in every third frame only."""

    def __init__(self) -> None:
        self.looked = 0

    def redact_frame(self, rgb: Any, _seen: Detections) -> tuple[Any, tuple[HiddenRegion, ...]]:
        self.looked += 1
        return rgb, (HiddenRegion(HiddenKind.FACE, BOX),) if self.looked % 3 == 2 else ()


def a_clip(frames: int = 12) -> bytes:
    checks = np.indices((120, 160)).sum(axis=0) % 8 < 4
    rgb = np.where(checks[..., None], (230, 230, 230), (20, 20, 20)).astype(np.uint8)
    return write_clip((n * 0.2, rgb) for n in range(frames))


def test_a_face_missed_for_a_frame_stays_hidden() -> None:
    done = redact_clip(a_clip(), detector=FakeDetector(), redactor=OddRedactor())  # type: ignore[arg-type]
    assert done.frames == 12 and done.hidden["face"] >= 11
    for _, rgb in sample_frames(done.data, every_s=0.1):
        inside = rgb[BOX[1] + 4 : BOX[3] - 4, BOX[0] + 4 : BOX[2] - 4]
        assert inside.std() < 40 < rgb[70:, 90:].std()


def test_a_redactor_that_fails_gives_no_clip() -> None:
    class Broken:
        def redact_frame(self, *_args: Any) -> Any:
            raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        redact_clip(a_clip(), detector=FakeDetector([Detection("person", 0.9, (0, 0, 9, 9))]), redactor=Broken())  # type: ignore[arg-type]
    with pytest.raises(UnreadableMedia):
        redact_clip(b"no clip at all", detector=FakeDetector(), redactor=OddRedactor())  # type: ignore[arg-type]

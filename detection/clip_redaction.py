"""The public copy of a clip: every frame with faces and plates made unreadable, without sound and metadata. Fails closed.

Frames are taken a few times a second; what was found in the frame before or after is hidden too, so that a face that a network
misses for one frame stays hidden. Any failure is raised, and no clip is returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detection.default_detector import get_default_detector, get_default_redactor
from detection.detector import Detector
from detection.letterbox import Pixels
from detection.privacy_regions import HiddenKind, HiddenRegion
from detection.redaction import Redactor, hide
from errors import UnreadableMedia
from intake.clip_writer import write_clip
from intake.video import sample_frames

EVERY_S = 0.2
MOST_FRAMES = 1500  # five minutes
MAX_SIDE_PX = 1280
Found = tuple[float, Pixels, tuple[HiddenRegion, ...]]


@dataclass(frozen=True, slots=True)
class RedactedClip:
    """An MP4 fit to be shown; ``hidden`` counts regions by kind over its ``frames``."""

    data: bytes
    frames: int
    hidden: dict[str, int]


def redact_clip(
    source: bytes | Path, *, detector: Detector | None = None, redactor: Redactor | None = None
) -> RedactedClip:
    """The public copy of a clip's bytes or file. UnreadableMedia for a clip without frames or one that is too long."""
    looking, hiding = detector or get_default_detector(), redactor or get_default_redactor()
    counts: Counter[HiddenKind] = Counter()
    frames = 0

    def shown() -> Iterator[tuple[float, Pixels]]:
        nonlocal frames
        for time_s, rgb, regions in _join(_look(source, looking, hiding)):
            for region in regions:
                hide(rgb, region.box_px)
            counts.update(region.kind for region in regions)
            frames += 1
            yield time_s, rgb

    data = write_clip(shown())
    if frames >= MOST_FRAMES:
        raise UnreadableMedia("The clip is too long to be shown.", field="media", value=f"{frames} frames")
    return RedactedClip(data, frames, {kind.value: counts[kind] for kind in HiddenKind})


def _look(source: bytes | Path, detector: Detector, redactor: Redactor) -> Iterator[Found]:
    for time_s, rgb in sample_frames(source, every_s=EVERY_S, max_frames=MOST_FRAMES, max_side_px=MAX_SIDE_PX):
        _, regions = redactor.redact_frame(rgb, detector.detect([rgb])[0])
        yield time_s, rgb.copy(), regions


def _join(found: Iterable[Found]) -> Iterator[Found]:
    """Each frame with its own regions and those of its neighbours."""
    window: list[Found] = []
    for one in found:
        window.append(one)
        if len(window) >= 2:
            yield _with_neighbours(window, len(window) - 2)
        window = window[-2:]
    if window:
        yield _with_neighbours(window, len(window) - 1)


def _with_neighbours(window: Sequence[Found], index: int) -> Found:
    near = window[max(0, index - 1) : index + 2]
    regions = tuple(dict.fromkeys(region for _, _, regions in near for region in regions))
    return window[index][0], window[index][1], regions

"""Makes faces and plates unreadable for good and drops all metadata: the only pictures that leave the evidence store.

Bytes in, redacted JPEG and what was hidden out. It fails closed: whatever goes wrong is raised, and no picture is returned.
Called by stage ``detect``; weights "face-yunet" and "plate-yolov8n".
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.default_detector import get_default_redactor
from detection.detections import Box, Detections
from detection.detector import Detector
from detection.layout import Layout
from detection.letterbox import Pixels
from detection.privacy_regions import (
    Found,
    HiddenKind,
    HiddenRegion,
    choose_regions,
    persons_without_face,
    plate_band,
    vehicles_without_plate,
)
from detection.weights_record import WeightsRecord
from errors import InputError, UnreadableMedia
from intake.photo import decode_upright

MAX_SIDE_PX = 2048
_FACE_SIDES_PX = (1280, 480)  # small faces in the large picture, close ones in the small
_FAR_PLATES = Layout(input_px=1280)  # as a camera sees them that looks from further
_FAR_PLATE_SHARE = 0.005  # of the picture; enlarged, shop signs and windows look like large plates
_PERSON_SIDE_PX = 320
_UNSURE = 0.0
_FACE_OVERLAP = 0.3
_CELLS = 4  # a hidden region keeps at most this many squares along its shorter side
_GREY_LEVELS = 8
_JPEG_QUALITY = 85
_CROPS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Redacted:
    """A picture fit to be shown (JPEG, upright, no metadata) and the regions hidden in it, in its pixels."""

    data: bytes
    width_px: int
    height_px: int
    regions: tuple[HiddenRegion, ...]

    @property
    def hidden(self) -> dict[str, int]:
        """How many regions of each kind: what ``DetectionRun.hidden`` stores."""
        return count_hidden(self.regions)


def count_hidden(regions: tuple[HiddenRegion, ...]) -> dict[str, int]:
    """How many regions of each kind, zero where there were none."""
    found = Counter(region.kind for region in regions)
    return {kind.value: found[kind] for kind in HiddenKind}


class Redactor:
    """The two networks that find faces and plates, opened once; may be used by several threads."""

    def __init__(self, *, plates: Detector, faces: WeightsRecord) -> None:
        self.weights = (*plates.weights, faces)
        self._plates = plates
        model = str(faces.open_files("opencv")[0])
        self._faces = cv2.FaceDetectorYN.create(model, "", (320, 320), faces.threshold_of("face"), _FACE_OVERLAP, 1000)
        self._lock = threading.Lock()

    def redact_frame(self, rgb: Pixels, detections: Detections) -> tuple[Pixels, tuple[HiddenRegion, ...]]:
        """A copy of an upright RGB picture with its faces and plates hidden, and the regions."""
        height, width = rgb.shape[:2]
        here = detections.scaled_to(width, height)
        regions = choose_regions(here, self.find_faces(rgb, here), self._find_plates(rgb, here))
        shown = rgb.copy()
        for region in regions:
            hide(shown, region.box_px)
        return shown, regions

    def find_faces(self, rgb: Pixels, detections: Detections) -> list[Found]:
        """Faces in the whole picture at two sizes, then in the near persons who seem to have none: these are hidden
        too, but as unsure ones, so that the head is hidden all the same.
        """
        longer = max(rgb.shape[:2])
        found = [face for side in dict.fromkeys(min(side, longer) for side in _FACE_SIDES_PX)
                 for face in self._look_for_faces(rgb, side)]  # fmt: skip
        without = sorted(persons_without_face(detections, found), key=lambda item: -item.height_px)[:_CROPS_AT_MOST]
        for person in without:
            crop, left, top = _crop(rgb, person.box_px)
            near = self._look_for_faces(crop, _PERSON_SIDE_PX)
            found += [Found(_moved(one.box_px, left, top), _UNSURE) for one in near]
        return found

    def _look_for_faces(self, rgb: Pixels, side_px: int) -> list[Found]:
        """Faces in a picture brought to ``side_px`` along its longer side."""
        height, width = rgb.shape[:2]
        scale = side_px / max(height, width)
        size = (max(16, round(width * scale)), max(16, round(height * scale)))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        fitted = cv2.cvtColor(cv2.resize(rgb, size, interpolation=way), cv2.COLOR_RGB2BGR)
        with self._lock:
            self._faces.setInputSize(size)
            _, rows = self._faces.detect(fitted)
        return [] if rows is None else [_face(row, width / size[0], height / size[1]) for row in rows]

    def _find_plates(self, rgb: Pixels, detections: Detections) -> list[Found]:
        """Plates in the whole picture at two sizes, then in the vehicles that seem to have none."""
        found = [Found(item.box_px, item.score) for item in self._plates.detect([rgb])[0]]
        most = _FAR_PLATE_SHARE * rgb.shape[0] * rgb.shape[1]
        far = self._plates.detect([rgb], layout=_FAR_PLATES)[0]
        found += [Found(item.box_px, item.score) for item in far if item.width_px * item.height_px <= most]
        without = sorted(vehicles_without_plate(detections, found), key=lambda item: -item.width_px)[:_CROPS_AT_MOST]
        crops = [_crop(rgb, plate_band(item)) for item in without]
        for (crop, left, top), answer in zip(crops, self._plates.detect([crop for crop, _, _ in crops]), strict=True):
            del crop
            found += [Found(_moved(item.box_px, left, top), item.score) for item in answer]
        return found


def redact(image_bytes: bytes, *, detections: Detections, redactor: Redactor | None = None) -> Redacted:
    """The public copy of a photo: longer side at most 2048 px. Any failure is raised; then nothing may be published.

    ``detections`` are those of the same photo, upright, at any size.
    """
    rgb = decode_upright(image_bytes, max_side_px=MAX_SIDE_PX)
    return redact_pixels(rgb, detections=detections, redactor=redactor)


def redact_pixels(rgb: Pixels, *, detections: Detections, redactor: Redactor | None = None) -> Redacted:
    """The same for a picture that is decoded already: spares a second decode and a generation of JPEG."""
    shown, regions = redact_frame(rgb, detections=detections, redactor=redactor)
    return Redacted(encode_jpeg(shown), shown.shape[1], shown.shape[0], regions)


def redact_frame(
    rgb: Pixels, *, detections: Detections, redactor: Redactor | None = None
) -> tuple[Pixels, tuple[HiddenRegion, ...]]:
    """The same for one frame of a clip: pixels in, redacted pixels and regions out."""
    _refuse_other_picture(rgb, detections)
    return (redactor or get_default_redactor()).redact_frame(rgb, detections)


def hide(rgb: Pixels, box_px: tuple[int, int, int, int]) -> None:
    """Fill a region, in place, with a few coarse squares: means of large cells, cut to 8 levels. Nothing brings it back."""
    x_min, y_min, x_max, y_max = box_px
    region = rgb[y_min:y_max, x_min:x_max]
    height, width = region.shape[:2]
    cell = max(2, -(-min(height, width) // _CELLS))
    cells = (max(1, width // cell), max(1, height // cell))
    means = cv2.resize(region, cells, interpolation=cv2.INTER_AREA).reshape(cells[1], cells[0], 3)
    step = 256 // _GREY_LEVELS
    coarse = (means // step * step + step // 2).astype(np.uint8)
    region[:] = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)


def encode_jpeg(rgb: Pixels) -> bytes:
    """A JPEG of pixels alone, without metadata."""
    done, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    if not done:
        raise UnreadableMedia("The redacted picture could not be written.", field="media")
    return encoded.tobytes()


def _refuse_other_picture(rgb: Pixels, detections: Detections) -> None:
    """Boxes of another picture would hide the wrong places."""
    across, down = detections.width_px / rgb.shape[1], detections.height_px / rgb.shape[0]
    if abs(across / down - 1) > 0.02:
        raise InputError(
            "The detections are not of this picture: its shape differs.",
            field="detections",
            value=f"{detections.width_px}x{detections.height_px} for {rgb.shape[1]}x{rgb.shape[0]}",
        )


def _face(row: NDArray[np.float32], across: float, down: float) -> Found:
    x, y, width, height = (float(value) for value in row[:4])
    box = (x * across, y * down, (x + max(1.0, width)) * across, (y + max(1.0, height)) * down)
    return Found(box, float(row[-1]))


def _crop(rgb: Pixels, box: Box) -> tuple[Pixels, int, int]:
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    return np.ascontiguousarray(rgb[top : int(box[3]) + 1, left : int(box[2]) + 1]), left, top


def _moved(box: Box, left: int, top: int) -> Box:
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top

"""Signs that a picture is not what it seems: edited, contradictory, photographed from a screen, or used before. Pure.

Each is a hint with a reason for the reviewer; together they lower a flag's priority. None of them ever refuses a picture: phones
and chat apps do such things to honest ones too.
"""

from __future__ import annotations

import re

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.capture import GeotagHint
from intake.exif import ExifTags

EDITORS = re.compile(
    r"(?i)photoshop|lightroom|gimp|snapseed|picsart|canva|facetune|meitu|beautyplus|affinity|pixelmator|paint\.net|"
    r"faceapp|remini|stable.?diffusion|midjourney|dall.?e|firefly"
)
LOWERING = frozenset(
    {
        GeotagHint.EDITED, GeotagHint.SIZE_DIFFERS, GeotagHint.SCREEN_PHOTO, GeotagHint.SCREENSHOT,
        GeotagHint.SEEN_BEFORE, GeotagHint.SEEN_ELSEWHERE, GeotagHint.OLD_CAPTURE, GeotagHint.CLOCK_IN_FUTURE,
        GeotagHint.TIMES_DIFFER, GeotagHint.PLACES_DIFFER, GeotagHint.PIN_FAR_FROM_FILE,
    }
)  # fmt: skip
_SIDE_PX = 512
_SCREEN_RATIOS = (1.7, 2.3)
_INNER, _OUTER = 0.28, 0.92  # rings of the spectrum in which a screen's grid shows, as shares of the highest frequency
_PEAK = 11.0  # times the spread of the neighbourhood, in logarithms
_LEAST_PEAKS = 2


def find_metadata_hints(tags: ExifTags, content_type: str, size_px: tuple[int, int] | None) -> tuple[str, ...]:
    """Hints from a photo's own tags against the file: an editor's name, another size, a screenshot."""
    found = []
    if EDITORS.search(tags.software):
        found.append(GeotagHint.EDITED)
    if size_px and tags.pixel_size and min(tags.pixel_size) > 0:
        stated, real = sorted(tags.pixel_size), sorted(size_px)
        if abs((stated[1] / stated[0]) / (real[1] / real[0]) - 1) > 0.02:
            found.append(GeotagHint.SIZE_DIFFERS)  # cropped after it was taken: a copy made smaller keeps its shape
    if content_type == "image/png" and size_px and not tags.taken_at:
        ratio = max(size_px) / min(size_px)
        if _SCREEN_RATIOS[0] <= ratio <= _SCREEN_RATIOS[1] and size_px[0] < size_px[1]:
            found.append(GeotagHint.SCREENSHOT)
    return tuple(hint.value for hint in found)


def is_screen_photo(rgb: NDArray[np.uint8]) -> bool:
    """Whether a photo was taken of a screen: the grids of both make sharp, lone peaks in its spectrum (moire)."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    side = min(_SIDE_PX, *grey.shape[:2]) // 2 * 2
    if side < _SIDE_PX // 2:
        return False
    top, left = (grey.shape[0] - side) // 2, (grey.shape[1] - side) // 2
    part = grey[top : top + side, left : left + side].astype(np.float32)
    window = np.outer(np.hanning(side), np.hanning(side))
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2((part - part.mean()) * window))))
    return _count_peaks(spectrum.astype(np.float32)) >= _LEAST_PEAKS


def _count_peaks(spectrum: NDArray[np.float32]) -> int:
    side = spectrum.shape[0]
    y, x = np.indices(spectrum.shape) - side // 2
    radius = np.hypot(x, y) / (side // 2)
    off_axes = (np.abs(x) > 6) & (np.abs(y) > 6)  # edges of houses and JPEG blocks lie on the axes
    ring = (radius > _INNER) & (radius < _OUTER) & off_axes
    local = cv2.medianBlur(spectrum, 5)
    for _ in range(2):
        local = cv2.blur(local, (15, 15))
    above = spectrum - local
    spread = 1.4826 * float(np.median(np.abs(above[ring]))) or 1.0
    highest = spectrum == cv2.dilate(spectrum, np.ones((9, 9), np.uint8))
    return int((highest & ring & (above > _PEAK * spread / 2.5)).sum()) // 2

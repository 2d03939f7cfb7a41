"""By which layout the frames of a camera are looked at, from the calibration in force. For stage ``detect`` and the runner."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings

from detection.camera_layout import choose_camera_layout, part_that_matters
from detection.layout import ALL_OF_IT, WHOLE, ChosenLayout, Eighths, Layout
from geo.homography import Calibration
from intake.models import CameraCalibration
from intake.queries import CalibrationFacts, MediaFacts

SHOWN_MAX_SIDE_PX = 1920
Size = tuple[int, int]
Place = tuple[float, float]


def layout_of_clip(found: CalibrationFacts | None, media: MediaFacts) -> Layout:
    """The layout for a camera's clip or frame; the usual one where the camera has no calibration."""
    if found is None or not media.width_px or not media.height_px:
        return WHOLE
    return chosen_layout(found.id, (media.width_px, media.height_px)).layout


def chosen_layout(calibration_id: int, size_px: Size) -> ChosenLayout:
    """What is chosen for frames of a size that a calibration speaks of, and whether it is enough; worked out once."""
    return _choose(calibration_id, size_px, settings.ENV.detection.most_cost)


def watched_layout(calibration_id: int, size_px: Size, matters: Callable[[Place], bool]) -> Layout:
    """For frames in which only things matter whose foot is at certain places (metres of the calibration): looked at closely
    there, and once as a whole. ``matters`` is compared by value, so that equal areas are worked out once.
    """
    part = _part(calibration_id, size_px, matters)
    return WHOLE if part is None else _choose(calibration_id, size_px, settings.ENV.detection.most_cost, part).layout


@lru_cache(maxsize=512)
def _part(calibration_id: int, size_px: Size, matters: Callable[[Place], bool]) -> Eighths | None:
    return part_that_matters(_read(calibration_id), size_px, matters)


@lru_cache(maxsize=512)
def _choose(calibration_id: int, size_px: Size, most_cost: float, part: Eighths = ALL_OF_IT) -> ChosenLayout:
    """Calibrations are added, never changed, so that what was worked out for one holds."""
    scale = min(1.0, SHOWN_MAX_SIDE_PX / max(size_px))
    shown = (max(1, round(size_px[0] * scale)), max(1, round(size_px[1] * scale)))
    return choose_camera_layout(_read(calibration_id), size_px, shown, most_cost=most_cost, part=part)


def _read(calibration_id: int) -> Calibration:
    raw = CameraCalibration.objects.values_list("calibration", flat=True).get(pk=calibration_id)
    return Calibration.from_json(raw)

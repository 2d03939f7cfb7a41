"""By which layout the frames of a camera are looked at, from the calibration in force. For stage ``detect`` and the runner."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from detection.camera_layout import choose_camera_layout
from detection.layout import WHOLE, ChosenLayout, Layout
from geo.homography import Calibration
from intake.models import CameraCalibration
from intake.queries import CalibrationFacts, MediaFacts

SHOWN_MAX_SIDE_PX = 1920
Size = tuple[int, int]


def layout_of_clip(found: CalibrationFacts | None, media: MediaFacts) -> Layout:
    """The layout for a camera's clip or frame; the usual one where the camera has no calibration."""
    if found is None or not media.width_px or not media.height_px:
        return WHOLE
    return chosen_layout(found.id, (media.width_px, media.height_px)).layout


def chosen_layout(calibration_id: int, size_px: Size) -> ChosenLayout:
    """What is chosen for frames of a size that a calibration speaks of, and whether it is enough; worked out once."""
    return _choose(calibration_id, size_px, settings.ENV.detection.most_cost)


@lru_cache(maxsize=512)
def _choose(calibration_id: int, size_px: Size, most_cost: float) -> ChosenLayout:
    """Calibrations are added, never changed, so that what was worked out for one holds."""
    raw = CameraCalibration.objects.values_list("calibration", flat=True).get(pk=calibration_id)
    scale = min(1.0, SHOWN_MAX_SIDE_PX / max(size_px))
    shown = (max(1, round(size_px[0] * scale)), max(1, round(size_px[1] * scale)))
    return choose_camera_layout(Calibration.from_json(raw), size_px, shown, most_cost=most_cost)

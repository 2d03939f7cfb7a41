"""A camera's calibration from point pairs: tried without a trace, or appended to its record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction

from errors import InputError
from geo.crs import CitySystem
from geo.homography import Calibration, fit
from geo.queries import get_metric_system
from geo.view_regions import ErrorBand, ErrorGrid, list_bands, measure_grid
from intake.calibration_pairs import CalibrationPairs, parse_pairs
from intake.models import Camera, CameraCalibration

GOOD_ENOUGH_M = 2.0  # the view footprint ends where a place is no longer known to this
_WGS84 = 4326


@dataclass(frozen=True, slots=True)
class TriedCalibration:
    """A fit with what it is worth: residuals per pair are in the calibration; regions need the size of the frame."""

    given: CalibrationPairs
    calibration: Calibration
    system: CitySystem
    bands: tuple[ErrorBand, ...]
    grid: ErrorGrid | None

    def to_lonlat(self, ring_m: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        """A ring of local metres in degrees."""
        east_m, north_m = self.system.to_metric(*self.given.anchor)
        return [self.system.to_lonlat(east_m + x, north_m + y) for x, y in ring_m]

    def draw_bands(self) -> list[dict[str, Any]]:
        """GeoJSON features of the ground within each error, with the same ring in pixels; the widest is the view footprint."""
        return [
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [self.to_lonlat(band.ring_m)]},
                "properties": {"error_m": band.error_m, "area_m2": round(band.area_m2, 1), "ring_px": band.ring_px},
            }
            for band in self.bands
            if len(band.ring_m) > 3
        ]

    @property
    def footprint(self) -> Polygon | None:
        """Ground that the camera sees well enough, in degrees; None where the size of the frame is not known."""
        band = next((band for band in self.bands if band.error_m == GOOD_ENOUGH_M and len(band.ring_m) > 3), None)
        return Polygon(self.to_lonlat(band.ring_m), srid=_WGS84) if band is not None else None

    def stored(self) -> dict[str, Any]:
        """What the record keeps."""
        region = [list(point) for point in self.given.region_px] or None
        kept = {
            "region_px": region,
            "image_size_px": self.given.image_size_px,
            "pairs": self.given.pairs,
            "warnings": list(self.calibration.warnings),
        }
        plain: dict[str, Any] = json.loads(json.dumps(self.calibration.to_json() | kept))
        return plain


def try_calibration(camera: Camera, raw: object) -> TriedCalibration:
    """Fit what was handed in, saving nothing. InputError in words for what cannot be used, PlaceError outside the city."""
    system = get_metric_system(camera.point.x, camera.point.y)
    given = parse_pairs(raw, camera_at=(camera.point.x, camera.point.y), to_metric=system.to_metric)
    calibration = fit(given.pairs, distortion=given.lens, image_size_px=given.image_size_px)
    size = given.image_size_px
    bands = list_bands(calibration, size) if size else ()
    return TriedCalibration(given, calibration, system, bands, measure_grid(calibration, size) if size else None)


@transaction.atomic
def save_calibration(
    camera: Camera, tried: TriedCalibration, *, valid_from: datetime, is_generated: bool = False
) -> CameraCalibration | None:
    """Append it to the camera's record; None when the newest one is the same. It must begin after the one before."""
    stored = tried.stored()
    newest = camera.calibrations.order_by("-valid_from").first()
    if newest is not None and newest.calibration == stored:
        return None
    if newest is not None and newest.valid_from >= valid_from:
        raise InputError(
            "A newer calibration is on record.",
            field="valid_from",
            value=valid_from.isoformat(),
            cure=f"Give a moment after {newest.valid_from.isoformat()}.",
        )
    return CameraCalibration.objects.create(
        camera=camera,
        valid_from=valid_from,
        anchor=Point(*tried.given.anchor, srid=_WGS84),
        calibration=stored,
        view_footprint=tried.footprint,
        residual_m=tried.calibration.residual_m,
        source=tried.given.source,
        is_generated=is_generated,
    )

"""``manage.py calibrate CAMERA PAIRS.json``: fit a camera's point pairs, say what the fit is worth, and save it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import InputError, NotFound, ProjectError
from intake.actions.calibrating import TriedCalibration, save_calibration, try_calibration
from intake.calibration_words import say_warning
from intake.models import Camera


class Command(BaseCommand):
    """Calibrate a camera."""

    help = (
        "Fit point pairs of a camera: PAIRS.json holds [[u_px, v_px, east_m, north_m], ...], or an object with pairs (or "
        "pairs_lonlat [[u_px, v_px, lon, lat], ...]), anchor [lon, lat], image_size_px, distortion {K, D}, region_px, source. "
        "Metres are counted from the anchor, by default the camera's own place. Prints one JSON object."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The camera and the file."""
        parser.add_argument("camera", help="name of the camera")
        parser.add_argument("pairs", type=Path, help="file with the point pairs")
        parser.add_argument("--valid-from", help="moment from which it holds (ISO 8601); now when not given")
        parser.add_argument("--dry-run", action="store_true", help="fit and say, save nothing")
        parser.add_argument("--geojson", type=Path, help="write view footprint and error bands there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fit, tell, save."""
        try:
            camera = _find_camera(options["camera"])
            tried = try_calibration(camera, _read(options["pairs"]))
            saved = None
            if not options["dry_run"]:
                saved = save_calibration(camera, tried, valid_from=_read_moment(options["valid_from"]))
        except ProjectError as error:
            raise CommandError(str(error)) from error
        if options["geojson"] is not None:
            options["geojson"].write_text(
                json.dumps({"type": "FeatureCollection", "features": tried.draw_bands()}), encoding="utf-8"
            )
        self.stdout.write(json.dumps(tell(camera, tried, saved_id=saved.pk if saved else None), ensure_ascii=False))


def tell(camera: Camera, tried: TriedCalibration, *, saved_id: int | None) -> dict[str, Any]:
    """What the fit is worth, in figures and words."""
    fitted = tried.calibration
    return {
        "camera": camera.name,
        "saved": saved_id is not None,
        "calibration_id": saved_id,
        "pairs": len(fitted.used),
        "residual_m": round(fitted.residual_m, 3),
        "residuals": [
            {"pair": n + 1, "px": round(px, 2), "m": round(m, 3), "used": used}
            for n, (px, m, used) in enumerate(zip(fitted.residuals_px, fitted.residuals_m, fitted.used, strict=True))
        ],
        "noise": {"pixel_px": round(fitted.noise.pixel_px, 2), "height_m": round(fitted.noise.height_m, 3)},
        "camera_height_m": round(float(fitted.camera.centre_m[2]), 2),
        "bands": [{"error_m": band.error_m, "area_m2": round(band.area_m2, 1)} for band in tried.bands],
        "warnings": list(fitted.warnings),
        "words": [say_warning(code) for code in fitted.warnings],
    }


def _find_camera(name: str) -> Camera:
    camera = Camera.objects.select_related("city").filter(name=name).first()
    if camera is None:
        known = ", ".join(Camera.objects.order_by("name").values_list("name", flat=True)[:20]) or "none yet"
        raise NotFound("There is no such camera.", field="camera", value=name, cure=f"Known: {known}.")
    return camera


def _read(path: Path) -> object:
    try:
        found: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(
            "The file of pairs cannot be read.", field="pairs", value=path, cure="Give a JSON file."
        ) from error
    return found


def _read_moment(text: str | None) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "This is no moment.", field="valid-from", value=text, cure="Write 2026-11-22T08:00+07:00."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""A city pack's cameras.toml onto record: cameras updated by name, calibrations fitted from their pairs and appended.

    [[camera]]  name, title = {vi, en}, stream, point = [lon, lat], calibration = "cameras/x.json", sample_period_s,
                owner, notice_sign, retention_days, schedule, is_generated, valid_from

A calibration file holds ``pairs`` [[u_px, v_px, east_m, north_m]], ``anchor`` [lon, lat], ``region_px``, ``source`` and maybe
``distortion`` {K, D}; ground metres are grid metres of the city's system counted from the anchor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction

from errors import ConfigurationError, ProjectError
from geo.crs import CitySystem
from geo.homography import Calibration, fit
from geo.lens import parse_lens
from geo.models import City
from geo.pack import Pack
from geo.queries import get_metric_system
from intake.models import Camera, CameraCalibration
from intake.schedule import parse_schedule

CAMERAS = "cameras.toml"
FIRST_DAY = date(2020, 1, 1)  # a calibration whose pack does not say since when holds for all clips of the camera
GOOD_ENOUGH_M = 2.0  # the view footprint ends where a place is no longer known to this
_WGS84 = 4326


@transaction.atomic
def load_cameras(city: City, pack: Pack) -> dict[str, int]:
    """Load all cameras of a pack or none; how many cameras there are and how many calibrations were added."""
    rows = pack.read_table(CAMERAS).get("camera", [])
    added = 0
    for row in rows:
        camera = _save_camera(city, pack, row)
        if row.get("calibration"):
            added += _save_calibration(camera, pack, row)
    return {"cameras": len(rows), "calibrations_added": added}


def _save_camera(city: City, pack: Pack, row: Mapping[str, Any]) -> Camera:
    missing = [word for word in ("name", "title", "point") if word not in row]
    if missing:
        raise ConfigurationError("A [[camera]] is not complete.", field=CAMERAS, value=", ".join(missing))
    lon, lat = row["point"]
    camera, _ = Camera.objects.update_or_create(
        name=row["name"],
        defaults={
            "city": city,
            "title": row["title"].get("vi", row["name"]) if isinstance(row["title"], Mapping) else row["title"],
            "stream": _find_stream(pack, str(row.get("stream", ""))),
            "point": Point(float(lon), float(lat), srid=_WGS84),
            "point_accuracy_m": float(row.get("point_accuracy_m", 1.0)),
            "sample_period_s": float(row.get("sample_period_s", 1.0)),
            "owner": str(row.get("owner", "")),
            "notice_sign": str(row.get("notice_sign", "")),
            "retention_days": int(row.get("retention_days", 30)),
            "schedule": _check_schedule(row),
            "is_active": bool(row.get("is_active", True)),
            "is_generated": bool(row.get("is_generated", False)),
        },
    )
    return camera


def _check_schedule(row: Mapping[str, Any]) -> list[Any]:
    """The schedule as it is stored, once it is known to be readable."""
    raw = list(row.get("schedule", []))
    try:
        parse_schedule(raw)
    except ProjectError as fault:
        raise ConfigurationError(
            fault.message, field=f"{row['name']}.schedule", value=fault.value, cure=fault.cure
        ) from fault
    return raw


def _find_stream(pack: Pack, stream: str) -> str:
    """A network address as it is; a file of the pack as its full path."""
    if not stream or "://" in stream:
        return stream
    return str((pack.path / stream).resolve())


def _save_calibration(camera: Camera, pack: Pack, row: Mapping[str, Any]) -> int:
    """Append the calibration unless the newest one is the same; 1 when added."""
    path = pack.path / str(row["calibration"])
    raw = _read_file(path)
    valid_from = datetime.combine(row.get("valid_from", FIRST_DAY), time(), UTC)
    calibration = _fit(camera, path, raw)
    stored = calibration.to_json() | {"region_px": raw.get("region_px"), "image_size_px": _frame_size(raw)}
    newest = camera.calibrations.order_by("-valid_from").first()
    if newest is not None and newest.calibration == json.loads(json.dumps(stored)):
        return 0
    if newest is not None and newest.valid_from >= valid_from:
        valid_from = datetime.now(UTC)
    lon, lat = raw["anchor"]
    CameraCalibration.objects.create(
        camera=camera,
        valid_from=valid_from,
        anchor=Point(float(lon), float(lat), srid=_WGS84),
        calibration=stored,
        view_footprint=_find_footprint(calibration, raw, get_metric_system(float(lon), float(lat))),
        residual_m=calibration.residual_m,
        source=str(raw.get("source", "")),
        is_generated=bool(row.get("is_generated", False)),
    )
    return 1


def _read_file(path: Path) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as fault:
        raise ConfigurationError("A calibration cannot be read.", field="calibration", value=path.name) from fault
    missing = [word for word in ("pairs", "anchor") if word not in raw]
    if missing:
        raise ConfigurationError("A calibration is not complete.", field=path.name, value=", ".join(missing))
    return raw


def _fit(camera: Camera, path: Path, raw: Mapping[str, Any]) -> Calibration:
    distortion = raw.get("distortion")
    try:
        lens = parse_lens(distortion["K"], distortion["D"]) if distortion else None
        return fit(raw["pairs"], distortion=lens, image_size_px=_frame_size(raw))
    except ProjectError as fault:
        words = f"{camera.name}: {fault.message}"
        raise ConfigurationError(words, field=path.name, value=fault.value, cure=fault.cure) from fault


def _frame_size(raw: Mapping[str, Any]) -> tuple[int, int] | None:
    """Width and height of the camera's frames, as far as the file says."""
    if raw.get("image_size_px"):
        width, height = raw["image_size_px"]
        return int(width), int(height)
    region = raw.get("region_px")
    return (int(max(x for x, _ in region)) + 1, int(max(y for _, y in region)) + 1) if region else None


def _find_footprint(calibration: Calibration, raw: Mapping[str, Any], system: CitySystem) -> Polygon | None:
    """Ground that the camera sees well enough, as degrees; None where the file does not say the size of its frame."""
    size_px = _frame_size(raw)
    ring = calibration.view_footprint(size_px, error_m=GOOD_ENOUGH_M) if size_px else ()
    if not ring:
        return None
    east, north = system.to_metric(*map(float, raw["anchor"]))
    return Polygon([system.to_lonlat(east + x, north + y) for x, y in ring], srid=_WGS84)

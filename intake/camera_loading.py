"""A city pack's cameras.toml onto record: cameras updated by name, calibrations fitted from their pairs and appended.

    [[camera]]  name, title = {vi, en}, stream, point = [lon, lat], calibration = "cameras/x.json", sample_period_s,
                owner, notice_sign, retention_days, schedule, is_generated, valid_from

A calibration file is that of ``intake.calibration_pairs``; in a pack it must name its ``anchor`` [lon, lat].
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction

from errors import ConfigurationError, ProjectError
from geo.models import City
from geo.pack import Pack
from intake.actions.calibrating import save_calibration, try_calibration
from intake.models import Camera
from intake.schedule import parse_schedule

CAMERAS = "cameras.toml"
FIRST_DAY = date(2020, 1, 1)  # a calibration whose pack does not say since when holds for all clips of the camera
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
    try:
        tried = try_calibration(camera, _read_file(path))
    except ProjectError as fault:
        words = f"{camera.name}: {fault.message}"
        raise ConfigurationError(words, field=path.name, value=fault.value, cure=fault.cure) from fault
    valid_from = datetime.combine(row.get("valid_from", FIRST_DAY), time(), UTC)
    newest = camera.calibrations.order_by("-valid_from").first()
    if newest is not None and newest.valid_from >= valid_from:
        valid_from = datetime.now(UTC)
    is_generated = bool(row.get("is_generated", False))
    return int(save_calibration(camera, tried, valid_from=valid_from, is_generated=is_generated) is not None)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as fault:
        raise ConfigurationError("A calibration cannot be read.", field="calibration", value=path.name) from fault
    missing = [word for word in ("pairs", "anchor") if word not in raw]
    if missing:
        raise ConfigurationError("A calibration is not complete.", field=path.name, value=", ".join(missing))
    return raw

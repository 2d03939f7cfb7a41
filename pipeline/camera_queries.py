"""Reads about cameras for operators and planners: how each is, what it sees of the ground, its newest still picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from django.utils import timezone
from shapely import from_wkb
from shapely.geometry import mapping

from errors import NotFound
from geo.crs import CitySystem
from geo.homography import Calibration
from geo.queries import get_metric_system
from geo.sidewalks_in_view import list_sidewalks_in_view
from geo.today import find_today_at
from geo.view_regions import list_bands, project_area
from intake.models import Camera, CameraCalibration
from intake.streams import hide_password
from pipeline.models import CameraHealth, CameraLease

SILENT_AFTER = timedelta(seconds=30)
BLIND = frozenset({"weights_unusable", "detector_failed", "out_of_memory"})  # frames come and nothing looks at them
STILL_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera and how it is. ``state`` is told by its runner, or by us where none watches it.

    ``frame_age_s`` is the age of the newest frame; ``frames_per_s`` counts sampled frames; ``dropped`` those that the detector
    had no time for; ``clock_offset_s`` is how far the camera's own clock is ahead of ours.
    """

    id: int
    name: str
    title: str
    city: str
    lon: float
    lat: float
    point_accuracy_m: float
    is_active: bool
    is_generated: bool
    stream: str
    owner: str
    notice_sign: str
    retention_days: int
    schedule: tuple[Any, ...]
    sample_period_s: float
    clock_offset_s: float
    state: str
    notes: tuple[str, ...]
    frame_age_s: float | None
    last_frame_at: datetime | None
    frames_per_s: float | None
    width_px: int | None
    height_px: int | None
    seen: int
    looked_at: int
    dropped: int
    gaps: int
    evidence: int
    standing: int
    last_fault: str
    last_fault_value: str
    last_fault_at: datetime | None
    runner: str
    told_at: datetime | None
    calibrated_from: datetime | None
    residual_m: float | None
    calibration_warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A calibration on record as the one who clicked it knows it: pairs are (u_px, v_px, lon, lat)."""

    id: int
    valid_from: datetime
    residual_m: float
    source: str
    image_size_px: tuple[int, int] | None
    pairs_lonlat: tuple[tuple[float, float, float, float], ...]
    earlier: tuple[datetime, ...]


def list_camera_status(city_ids: Iterable[int] | None = None) -> list[CameraStatus]:
    """All cameras of some cities (None: of all), by name."""
    rows = _rows()
    if city_ids is not None:
        rows = rows.filter(city_id__in=list(city_ids))
    now = timezone.now()
    newest = _newest_calibrations(now)
    return [_status(row, newest.get(row.pk), now) for row in rows.order_by("name")]


def get_camera_status(camera_id: int) -> CameraStatus:
    """One camera; NotFound when there is none."""
    row = _rows().filter(pk=camera_id).first()
    if row is None:
        raise NotFound("There is no such camera.", field="camera", value=camera_id)
    now = timezone.now()
    return _status(row, row.calibrations.filter(valid_from__lte=now).order_by("-valid_from").first(), now)


def get_view(camera_id: int) -> dict[str, Any]:
    """GeoJSON of what a camera sees: footprint, ground within 0.5, 1 and 2 m of error, sidewalks as rings in its frame."""
    row = Camera.objects.select_related("city").filter(pk=camera_id).first()
    if row is None:
        raise NotFound("There is no such camera.", field="camera", value=camera_id)
    found = row.calibrations.filter(valid_from__lte=timezone.now()).order_by("-valid_from").first()
    features = _draw_view(row, found) if found is not None else []
    return {"type": "FeatureCollection", "features": features}


def get_calibration(camera_id: int) -> StoredCalibration | None:
    """The newest calibration of a camera with its pairs in degrees, and when the earlier ones began; None when there is none."""
    rows = list(CameraCalibration.objects.filter(camera_id=camera_id).order_by("-valid_from"))
    if not rows:
        return None
    newest = rows[0]
    stored, anchor = newest.calibration, (newest.anchor.x, newest.anchor.y)
    system = get_metric_system(*anchor)
    east_m, north_m = system.to_metric(*anchor)
    size = stored.get("image_size_px")
    return StoredCalibration(
        id=newest.pk,
        valid_from=newest.valid_from,
        residual_m=newest.residual_m,
        source=newest.source,
        image_size_px=(int(size[0]), int(size[1])) if size else None,
        pairs_lonlat=tuple(
            (u, v, *system.to_lonlat(east_m + x, north_m + y)) for u, v, x, y in stored.get("pairs") or ()
        ),
        earlier=tuple(row.valid_from for row in rows[1:]),
    )


def draw_sidewalks(
    calibration: Calibration,
    size_px: tuple[int, int],
    *,
    city_id: int,
    anchor: tuple[float, float],
    system: CitySystem,
    footprint: GEOSGeometry,
) -> list[dict[str, Any]]:
    """The sidewalks of today's register as rings of pixels in a view, for a calibration that need not be saved."""
    features = []
    for walk in list_sidewalks_in_view(city_id, find_today_at(*anchor), footprint, anchor, system):
        rings = project_area(calibration, walk.area_m, size_px)
        if rings:
            features.append(_feature("sidewalk", None, key=walk.key, street=walk.street, rings_px=rings))
    return features


def ask_for_still(camera_id: int) -> tuple[bytes, datetime] | None:
    """The redacted picture of now with its moment, or None: its runner makes one within seconds, if one watches."""
    now = timezone.now()
    row = CameraHealth.objects.filter(pk=camera_id).first()
    if row is not None and row.still is not None and row.still_at is not None and now - row.still_at < STILL_FOR:
        return bytes(row.still), row.still_at
    CameraHealth.objects.filter(pk=camera_id).update(still_wanted_at=now)
    return None


def _rows() -> QuerySet[Camera]:
    return Camera.objects.select_related("city", "health", "lease").defer("city__geometry")


def _newest_calibrations(now: datetime) -> dict[int, CameraCalibration]:
    rows = CameraCalibration.objects.filter(valid_from__lte=now).order_by("camera_id", "-valid_from")
    return {row.camera_id: row for row in rows.distinct("camera_id")}


def _status(row: Camera, calibration: CameraCalibration | None, now: datetime) -> CameraStatus:
    health: CameraHealth | None = getattr(row, "health", None)
    last = health.last_frame_at if health else None
    return CameraStatus(
        id=row.pk,
        name=row.name,
        title=row.title,
        city=row.city.slug,
        lon=row.point.x,
        lat=row.point.y,
        point_accuracy_m=row.point_accuracy_m,
        is_active=row.is_active,
        is_generated=row.is_generated,
        stream=hide_password(row.stream) if "://" in row.stream else row.stream.rsplit("/", 1)[-1],
        owner=row.owner,
        notice_sign=row.notice_sign,
        retention_days=row.retention_days,
        schedule=tuple(row.schedule),
        sample_period_s=row.sample_period_s,
        clock_offset_s=row.clock_offset_s,
        state=_state(row, health, now),
        notes=tuple(health.notes) if health else (),
        frame_age_s=round((now - last).total_seconds(), 1) if last else None,
        last_frame_at=last,
        frames_per_s=health.frames_per_s if health else None,
        width_px=health.width_px if health else None,
        height_px=health.height_px if health else None,
        seen=health.seen if health else 0,
        looked_at=health.looked_at if health else 0,
        dropped=health.dropped if health else 0,
        gaps=health.gaps if health else 0,
        evidence=health.evidence if health else 0,
        standing=health.standing if health else 0,
        last_fault=health.last_fault if health else "",
        last_fault_value=health.last_fault_value if health else "",
        last_fault_at=health.last_fault_at if health else None,
        runner=health.runner if health else "",
        told_at=health.told_at if health else None,
        calibrated_from=calibration.valid_from if calibration else None,
        residual_m=calibration.residual_m if calibration else None,
        calibration_warnings=tuple(calibration.calibration.get("warnings", ())) if calibration else (),
    )


def _state(row: Camera, health: CameraHealth | None, now: datetime) -> str:
    """What its runner told, unless none watches it; a camera whose frames nothing can look at is not called watched."""
    lease: CameraLease | None = getattr(row, "lease", None)
    if not row.is_active:
        return "switched_off"
    if not row.stream:
        return "no_stream"
    if health is None:
        return "never_run"
    if health.state == "stopped" and lease is not None and lease.holder == "":
        return "stopped"
    is_held = lease is not None and lease.holder != "" and lease.expires_at > now - SILENT_AFTER
    if not is_held or now - health.told_at >= SILENT_AFTER:
        return "no_runner"
    blind = next((note for note in health.notes if note in BLIND), "")
    return blind if blind and health.state == "live" else str(health.state)


def _draw_view(row: Camera, found: CameraCalibration) -> list[dict[str, Any]]:
    calibration = Calibration.from_json(found.calibration)
    size = found.calibration.get("image_size_px")
    anchor = (found.anchor.x, found.anchor.y)
    system = get_metric_system(*anchor)
    east_m, north_m = system.to_metric(*anchor)
    features = []
    if found.view_footprint is not None:
        shape = mapping(from_wkb(bytes(found.view_footprint.wkb)))
        features.append(_feature("view_footprint", shape, camera_id=row.pk, error_m=2.0))
    if size is None:
        return features
    size_px = (int(size[0]), int(size[1]))
    for band in list_bands(calibration, size_px):
        if len(band.ring_m) > 3:
            ring = [system.to_lonlat(east_m + x, north_m + y) for x, y in band.ring_m]
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append(
                _feature(
                    "error_band", shape, error_m=band.error_m, area_m2=round(band.area_m2, 1), ring_px=band.ring_px
                )
            )
    if found.view_footprint is None:
        return features
    return features + draw_sidewalks(
        calibration, size_px, city_id=row.city_id, anchor=anchor, system=system, footprint=found.view_footprint
    )


def _feature(kind: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **properties}}

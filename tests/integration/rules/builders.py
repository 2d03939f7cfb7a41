"""An invented street in metres around an origin: sidewalk north of the roadway, parcels behind it, a camera over it.

East is x, north is y: roadway y < 0, sidewalk 0 to 3.4, parcels 3.4 to 20, each 10 m wide from x = -30 to 30.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from detection.models import DetectionRun, Sighting, Weights
from geo.crs import CitySystem
from geo.models import (
    AdminUnit,
    City,
    Parcel,
    Permit,
    RegisterLoad,
    RegisterSource,
    SidewalkSegment,
    ZoningDistrict,
)
from geo.permit_number import make_permit_plain
from intake.models import Camera, CameraCalibration, Geotag, MediaFile, Observation, ServiceRequest
from rules.actions import save_law

LAW_FILE = Path(__file__).parents[3] / "cities/hcmc/ordinances.toml"
PROJ4 = "+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs"
SYSTEM = CitySystem("utm48", 32648, PROJ4)
EAST, NORTH = SYSTEM.to_metric(106.69, 10.78)
SINCE = date(2020, 1, 1)
DATA_ON = date(2026, 9, 1)
AT = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)  # 09:00 in the street
_numbers = count(1)


def lonlat(x: float, y: float) -> tuple[float, float]:
    return SYSTEM.to_lonlat(EAST + x, NORTH + y)


def point(x: float, y: float) -> Point:
    return Point(*lonlat(x, y), srid=4326)


def a_box(west: float, south: float, east: float, north: float) -> Polygon:
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Polygon([lonlat(x, y) for x, y in ring], srid=4326)


def area(*bounds: float) -> MultiPolygon:
    return MultiPolygon(a_box(*bounds), srid=4326)


def a_source(city: City, register: str, **changes: Any) -> tuple[RegisterSource, RegisterLoad]:
    """A register that covers 500 m around the origin."""
    values: dict[str, Any] = {
        "name": f"{register}-{next(_numbers)}", "title_vi": "Sổ thử", "valid_from": SINCE, "source_on": DATA_ON,
        "coverage": area(-500, -500, 500, 500),
    }  # fmt: skip
    source = RegisterSource.objects.create(city=city, register=register, **values | changes)
    load = RegisterLoad.objects.create(
        source=source, file_name="f", file_sha256="0", source_on=DATA_ON, started_at=timezone.now(), state="done"
    )
    return source, load


def record(model: Any, of: tuple[RegisterSource, RegisterLoad], key: str, **values: Any) -> Any:
    return model.objects.create(
        city=of[0].city, source=of[0], load=of[1], key=key, valid_from=SINCE, row_sha256="0", **values
    )


def a_street(
    *, slots: Sequence[dict[str, Any]] = (), registers: Sequence[str] = ("sidewalk", "parcel", "permit", "zoning")
) -> City:
    """The street with its law; only the named registers have data."""
    city = City.objects.create(
        slug="testville", name_vi="Phố Thử", name_en="Testville", timezone="Asia/Ho_Chi_Minh", is_default=True,
        bounds=[106.5, 10.6, 106.9, 10.9], center=[106.69, 10.78],
        crs=[{"name": "utm48", "srid": 32648, "proj4": PROJ4}],
    )  # fmt: skip
    units = a_source(city, "admin_unit")
    record(AdminUnit, units, "90001", code="90001", level="ward", name="Phường Thử", name_plain="phuong thu",
           geom=area(-500, -500, 500, 500))  # fmt: skip
    if "sidewalk" in registers:
        record(SidewalkSegment, a_source(city, "sidewalk"), "S1", street="Phố Thử", width_m=3.4,
               allowed_uses=list(slots), geom=area(-30, 0, 30, 3.4))  # fmt: skip
    if "parcel" in registers:
        of = a_source(city, "parcel")
        for n, west in enumerate(range(-30, 30, 10), start=1):
            record(Parcel, of, f"P{n}", measured_area_m2=166, use_code="ODT", geom=area(west, 3.4, west + 10, 20))
    if "zoning" in registers:
        record(ZoningDistrict, a_source(city, "zoning"), "Z1", plan_kind="zoning", plan="Plan", code="R1",
               name="dwellings", status="in_force", geom=area(-100, 3.4, 100, 40))  # fmt: skip
    if "permit" in registers:
        a_source(city, "permit")
    save_law(city, LAW_FILE.read_text(encoding="utf-8"))
    return city


def a_permit(city: City, *keys: str, **values: Any) -> Permit:
    source = RegisterSource.objects.get(register="permit")
    of = (source, RegisterLoad.objects.get(source=source))
    number = f"{next(_numbers)}/GPXD"
    stated = {"number": number, "kind": "new", "status": "issued", "issued_on": date(2026, 1, 5), **values}
    plain = make_permit_plain(str(stated["number"]))
    return record(Permit, of, number, parcel_keys=list(keys), number_plain=plain, **stated)


def media() -> MediaFile:
    name = f"m{next(_numbers)}"
    return MediaFile.objects.create(
        sha256=sha256(name.encode()).hexdigest(), byte_size=1, kind="photo", content_type="image/jpeg",
        storage_name=name, received_at=AT,
    )  # fmt: skip


def a_camera(city: City) -> Camera:
    return Camera.objects.create(city=city, name=f"cam-{next(_numbers)}", title="Góc", point=point(0, -20))


def a_calibration(camera: Camera) -> CameraCalibration:
    return CameraCalibration.objects.create(
        camera=camera, valid_from=datetime(2026, 1, 1, tzinfo=UTC), anchor=point(0, 0), calibration={}, residual_m=0.1,
        source="invented",
    )  # fmt: skip


def a_clip(
    camera: Camera,
    at: datetime = AT,
    *,
    labels: Sequence[tuple[str, float]] = (),
    position: tuple[float, float] | None = None,
    times_s: Sequence[float] = tuple(30.0 * n for n in range(31)),
) -> Observation:
    """15 minutes of a frame every 30 s (or frames at other seconds), seen by weights on record."""
    observation = Observation.objects.create(
        source="camera", camera=camera, media=media(), category="unstated", received_at=at, captured_at=at
    )
    if position is not None:
        Geotag.objects.create(observation=observation, point=point(*position), accuracy_m=1, method="camera_site")
    a_run(observation, labels, times_s=times_s)
    return observation


def a_run(
    observation: Observation, labels: Sequence[tuple[str, float]], *, times_s: Sequence[float] = ()
) -> DetectionRun:
    Weights.objects.get_or_create(
        name="w1",
        defaults={"sha256": "ab", "licence": "AGPL-3.0", "label_set": ["car"], "runtime": "r", "registered_at": AT},
    )
    claims = [
        {"index": n, "label": label, "score": score, "box_px": [0, 0, 10, 10], "frame_s": None, "track": None}
        for n, (label, score) in enumerate(labels)
    ]
    return DetectionRun.objects.create(
        observation=observation, weights=[{"name": "w1", "sha256": "ab"}], thresholds={"score": 0.3}, width_px=100,
        height_px=100, frames=len(times_s) or 1, frame_times_s=list(times_s),
        detections=claims, tracks=[], runtime="r", duration_ms=1, finished_at=AT,
    )  # fmt: skip


def a_thing(
    clip: Observation, x: float, y: float, label: str = "motorcycle", *, sigma_m: float = 0.1, **changes: Any
) -> Sighting:
    """A thing 0.8 m wide and 1.9 m deep whose foot is at x, y; it stood there for 15 minutes."""
    last_s = changes.get("dwell_s", 900.0)
    values: dict[str, Any] = {
        "subject": f"track:{next(_numbers)}", "label": label, "score": 0.9, "point": point(x, y),
        "accuracy_m": sigma_m, "covariance_m2": [sigma_m**2, 0.0, sigma_m**2], "method": "camera_homography",
        "footprint": a_box(x - 0.4, y, x + 0.4, y + 1.9), "dwell_s": 900.0, "displacement_m": 0.05,
        "seen_share": 1.0, "first_seen_s": 0.0, "last_seen_s": last_s,
    }  # fmt: skip
    return Sighting.objects.create(observation=clip, run=clip.detection_run, **values | changes)


def a_photo(
    city: City,
    x: float,
    y: float,
    *labels: tuple[str, float],
    category: str = "unstated",
    accuracy_m: float = 3.0,
    at: datetime = AT,
    file: MediaFile | None = None,
) -> Observation:
    """A citizen's picture at x, y as it stands after stage 4."""
    request = ServiceRequest.objects.create(code=f"PA-{next(_numbers)}", city=city, category=category, submitted_at=at)
    photo = Observation.objects.create(
        source="citizen", service_request=request, media=file or media(), category=category, received_at=at
    )
    Geotag.objects.create(
        observation=photo, point=point(x, y), accuracy_m=accuracy_m, method="exif_gps", captured_at=at,
        captured_at_source="exif",
    )  # fmt: skip
    run = a_run(photo, labels)
    Sighting.objects.create(
        observation=photo, run=run, subject="scene", label="", score=0, point=point(x, y), accuracy_m=accuracy_m,
        method="exif_gps",
    )  # fmt: skip
    return photo

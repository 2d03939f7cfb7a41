"""Invented cities, offices, people, pictures and flags, written straight to the tables. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from cases.actions.assigning import assign_case
from cases.models import Case, RoleAssignment, Unit
from cases.roles import Role
from geo.models import AdminUnit, City, RegisterLoad, RegisterSource
from intake.models import Camera, Geotag, MediaFile, Observation, ServiceRequest, ServiceRequestEvent
from rules.models import Flag

LON, LAT = 106.69, 10.78
M_PER_DEG = 111_320.0
WARD = "90001"
_numbers = count(1)
SINCE = date(2025, 7, 1)


def north(metres: float) -> float:
    """The latitude that lies so many metres north of the origin."""
    return LAT + metres / M_PER_DEG


def a_city(slug: str = "hill-town", **changes: Any) -> City:
    """A city of 4 km around the origin."""
    values: dict[str, Any] = {
        "name_vi": "Phố Đồi", "name_en": "Hill Town", "timezone": "Asia/Ho_Chi_Minh",
        "bounds": [LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02], "center": [LON, LAT], "is_default": True,
        "crs": [{"name": "utm48", "srid": 32648, "proj4": "+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs"}],
    }  # fmt: skip
    return City.objects.create(slug=slug, **values | changes)


def a_ward(city: City, code: str = WARD) -> AdminUnit:
    """One ward that covers the whole city."""
    source = RegisterSource.objects.create(
        city=city, register="admin_unit", name=f"wards-{code}", title_vi="Phường", valid_from=SINCE
    )
    load = RegisterLoad.objects.create(
        source=source, file_name="wards", file_sha256="0", source_on=SINCE, started_at=timezone.now(), state="done"
    )
    west, south, east, upper = city.bounds
    return AdminUnit.objects.create(
        city=city, source=source, load=load, key=code, valid_from=SINCE, row_sha256="0", code=code, level="ward",
        name="Phường Đồi", name_plain="phuong doi", geom=MultiPolygon(Polygon.from_bbox((west, south, east, upper))),
    )  # fmt: skip


def an_office(
    city: City, code: str = "ward-police", *, wards: tuple[str, ...] = (WARD,), uses: tuple[str, ...] = ()
) -> Unit:
    return Unit.objects.create(
        city=city, code=code, name="Công an phường Đồi", name_en="Hill ward police", admin_unit_codes=list(wards),
        uses=list(uses), valid_from=SINCE,
    )  # fmt: skip


def a_person(
    name: str, city: City, unit: Unit | None, *roles: Role, since: date = SINCE, to: date | None = None
) -> Any:
    user, _ = get_user_model().objects.get_or_create(username=name)
    for role in roles:
        RoleAssignment.objects.create(user=user, unit=unit, city=city, role=role.value, valid_from=since, valid_to=to)
    return user


def a_photo() -> MediaFile:
    name = f"photo {next(_numbers)}"
    return MediaFile.objects.create(
        sha256=sha256(name.encode()).hexdigest(), byte_size=10, kind="photo", content_type="image/jpeg",
        storage_name=name, received_at=timezone.now(),
    )  # fmt: skip


def a_request(city: City | None, *, category: str = "trading", at: datetime | None = None) -> ServiceRequest:
    moment = at or timezone.now()
    request = ServiceRequest.objects.create(
        code=f"PA-2611-{next(_numbers):06d}", city=city, category=category, submitted_at=moment
    )
    ServiceRequestEvent.objects.create(service_request=request, at=moment, actor="citizen", to_status="submitted")
    return request


def a_citizen_photo(
    request: ServiceRequest, *, lon: float | None = LON, lat: float | None = LAT, accuracy_m: float = 5.0,
    captured_at: datetime | None = None,
) -> Observation:  # fmt: skip
    observation = Observation.objects.create(
        source="citizen", service_request=request, media=a_photo(), category=request.category,
        received_at=request.submitted_at,
        pin_point=Point(lon, lat, srid=4326) if lon is not None and lat is not None else None,
        pin_accuracy_m=accuracy_m if lon is not None else None,
    )  # fmt: skip
    Geotag.objects.create(observation=observation, captured_at=captured_at, no_position_reason="no_gps")
    return observation


def a_camera(city: City, name: str = "camera-7") -> Camera:
    return Camera.objects.create(city=city, name=name, title="Góc phố", point=Point(LON, LAT, srid=4326))


def a_frame(camera: Camera) -> Observation:
    observation = Observation.objects.create(
        source="camera", camera=camera, media=a_photo(), category="unstated", received_at=timezone.now()
    )
    Geotag.objects.create(observation=observation, captured_at=timezone.now())
    return observation


def a_flag(observation: Observation, city: City | None, **changes: Any) -> Flag:
    """A flagged finding at the origin."""
    values: dict[str, Any] = {
        "rule_code": f"rule-{next(_numbers)}", "use": "trading", "verdict": "flagged", "reasons": [], "citation": {},
        "facts": {}, "versions": {}, "point": Point(LON, LAT, srid=4326), "accuracy_m": 0.3, "unit_code": WARD,
        "seen_at": timezone.now(), "created_at": timezone.now(), "priority": 10,
    }  # fmt: skip
    return Flag.objects.create(observation=observation, city=city, **values | changes)


def long_ago(days: float) -> datetime:
    return datetime.now(tz=UTC) - timedelta(days=days)


@dataclass(frozen=True)
class Town:
    """A city, its ward office, and one person per role; the stranger holds every role in another ward."""

    city: City
    office: Unit
    inspector: Any
    reviewer: Any
    leader: Any
    planner: Any
    operator: Any
    stranger: Any


def a_town() -> Town:
    """A ward with its office and people."""
    city = a_city()
    a_ward(city)
    office, other = an_office(city), an_office(city, "other-ward", wards=("90002",))
    return Town(
        city=city,
        office=office,
        inspector=a_person("ins", city, office, Role.INSPECTOR),
        reviewer=a_person("rev", city, office, Role.REVIEWER),
        leader=a_person("lea", city, office, Role.LEADER),
        planner=a_person("pla", city, None, Role.PLANNER),
        operator=a_person("ope", city, None, Role.OPERATOR),
        stranger=a_person("str", city, other, Role.INSPECTOR, Role.REVIEWER, Role.LEADER),
    )


def an_assigned_case(town: Town, *, metres: float = 0.0, use: str = "trading") -> Case:
    """A case at so many metres north of the origin, given to the ward's inspector by the rules of the office."""
    case = Case.objects.create(
        code=f"VH-2611-{next(_numbers):04d}", city=town.city, use=use, point=Point(LON, north(metres), srid=4326),
        accuracy_m=3.0, unit=town.office, unit_code=WARD, opened_at=timezone.now(),
    )  # fmt: skip
    assign_case(case.pk)
    case.refresh_from_db()
    return case

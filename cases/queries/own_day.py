"""An inspector's own day in one answer, for a phone that takes it along: every open job, in travel order where one was
planned, with the visit it belongs to and the names of its place. Nothing of who reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.gis.db.models import Extent
from django.db.models import Q
from django.utils import timezone

from cases.lifecycle import OPEN_INSPECTIONS
from cases.models import Inspection
from cases.permissions import Rights
from cases.queries.cases import CaseRow, list_own_jobs
from cases.roles import Role
from geo.models import AdminUnit, City, Parcel, SidewalkSegment

_AROUND_DEG = 0.003  # some 300 m round the jobs, where no ward outline is known
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """The open visit of a job: its id, state, and the version that a change must name."""

    id: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class OwnJob:
    """One job. ``street`` and ``address`` come from the registers and are empty where they know none."""

    case: CaseRow
    visit: OwnVisit
    street: str
    address: str


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The jobs of a day. ``bounds`` (degrees, EPSG:4326) is the ground that the phone should keep a map of; None
    when neither a ward nor a job has a place. ``support_phone`` is whom to call in need; empty where the city names nobody."""

    day: date
    timezone: str
    jobs: tuple[OwnJob, ...]
    bounds: Bounds | None
    support_phone: str


def get_own_day(user: AbstractBaseUser, rights: Rights) -> OwnDay:
    """The day as it is now, in a fixed number of queries."""
    cities = City.objects.filter(pk__in={held.city_id for held in rights.held}).order_by("-is_default", "pk")
    nowhere: tuple[str, dict[str, object]] = ("UTC", {})
    zone, said = next(iter(cities.values_list("timezone", "settings")), nowhere)
    rows = list_own_jobs(user)
    visits = _read_visits(user, rows)
    streets, addresses = _name_places(rows)
    jobs = tuple(
        OwnJob(row, visits[row.id], streets.get(row.sidewalk_key, ""), addresses.get(row.parcel_key, ""))
        for row in rows
        if row.id in visits
    )
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    return OwnDay(today, zone, jobs, _find_bounds(rights, rows, today), str(said.get("support_phone", "")))


def _read_visits(user: AbstractBaseUser, rows: Sequence[CaseRow]) -> Mapping[object, OwnVisit]:
    found = Inspection.objects.filter(
        case__in=[row.id for row in rows], inspector_id=user.pk, state__in=[state.value for state in OPEN_INSPECTIONS]
    )
    return {visit.case_id: OwnVisit(str(visit.pk), visit.state, visit.version) for visit in found}


def _name_places(rows: Sequence[CaseRow]) -> tuple[dict[str, str], dict[str, str]]:
    in_force = Q(valid_to=None) & Q(is_listed=True)
    sidewalks = SidewalkSegment.objects.filter(in_force, key__in={row.sidewalk_key for row in rows if row.sidewalk_key})
    parcels = Parcel.objects.filter(in_force, key__in={row.parcel_key for row in rows if row.parcel_key})
    return dict(sidewalks.values_list("key", "street")), dict(parcels.values_list("key", "address"))


def _find_bounds(rights: Rights, rows: Sequence[CaseRow], today: date) -> Bounds | None:
    """The wards in which the person is an inspector; without any outline, the ground round the jobs."""
    wards = {code for held in rights.held if held.role is Role.INSPECTOR for code in held.ward_codes}
    in_force = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    outline: Bounds | None = AdminUnit.objects.filter(in_force, code__in=wards).aggregate(all=Extent("geom"))["all"]
    if outline:
        return outline
    placed = [(row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None]
    if not placed:
        return None
    lons, lats = [lon for lon, _ in placed], [lat for _, lat in placed]
    return (
        min(lons) - _AROUND_DEG,
        min(lats) - _AROUND_DEG,
        max(lons) + _AROUND_DEG,
        max(lats) + _AROUND_DEG,
    )

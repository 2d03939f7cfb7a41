"""Open cases around a point: shown before the same matter is filed twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import Count
from django.utils import timezone

from cases.lifecycle import CASE_ENDS
from cases.models import Case
from geo.box import box_around
from geo.position import Position

NEAR_M = 30.0
RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NearbyCase:
    """An open case near a place, with no hint of who spoke up."""

    code: str
    use: str
    state: str
    lon: float
    lat: float
    distance_m: float
    voices: int
    due_at: datetime | None


def list_open_cases_near(position: Position) -> tuple[NearbyCase, ...]:
    """Cases opened in the last seven days within 30 m and still open, nearest first; three at most."""
    here = Point(position.lon, position.lat, srid=4326)
    box = box_around(position.lon, position.lat, NEAR_M)
    rows = (
        Case.objects.filter(point__bboverlaps=box, opened_at__gte=timezone.now() - RECENT)
        .exclude(state__in=[state.value for state in CASE_ENDS])
        .annotate(away=Distance("point", here), voices=Count("case_requests"))
        .order_by("away")[:3]
    )
    return tuple(
        NearbyCase(row.code, row.use, row.state, row.point.x, row.point.y, row.away.m, row.voices, row.due_at)
        for row in rows
        if row.point is not None and row.away.m <= NEAR_M
    )


def find_open_case_use(code: str) -> str:
    """The use of an open case, for a report that says it is the same matter; empty when there is no such case."""
    found = Case.objects.filter(code=code).exclude(state__in=[state.value for state in CASE_ENDS])
    return found.values_list("use", flat=True).first() or ""

"""A place in the metres of the city's own coordinate system (VN-2000 where that is the law), as surveyors write it."""

from __future__ import annotations

from dataclasses import dataclass

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe
from api.parsing import parse_point
from api.plain import to_plain
from geo.crs import AxisOrder, CitySystem
from geo.models import City
from geo.queries import get_metric_system


@dataclass(frozen=True, slots=True)
class GridPlace:
    """``system`` is the name by which a query asks for it; ``is_north_first``: surveyors of this system write north first."""

    system: str
    title: str
    east_m: float
    north_m: float
    is_north_first: bool


class Grid(Endpoint):
    """``/grid``."""

    may_call = ANYONE

    @describe(
        "Place in city metres",
        "The coordinates of a point in the projected system that is the legal one there, in metres rounded to millimetres.",
        who=ANYONE, answer=GridPlace, faults=(400, 422), tag="places",
        parameters=[OpenApiParameter("lon", float, required=True, description="degrees, EPSG:4326"),
                    OpenApiParameter("lat", float, required=True)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The two numbers. 422 outside every loaded city: no system is guessed."""
        asked = request.query_params
        lon, lat = parse_point(asked)
        return Response(to_plain(_tell(lon, lat)), headers={"Cache-Control": "public, max-age=3600"})


def _tell(lon: float, lat: float) -> GridPlace:
    system = get_metric_system(lon, lat)
    east_m, north_m = (round(metres, 3) for metres in system.to_metric(lon, lat))
    return GridPlace(system.name, _title_of(system), east_m, north_m, system.surveyors_write is AxisOrder.NORTH_EAST)


def _title_of(system: CitySystem) -> str:
    """How people call it, as the pack says."""
    for raw in City.objects.values_list("crs", flat=True):
        for one in raw:
            if one["name"] == system.name:
                return str(one.get("title", system.name))
    return system.name

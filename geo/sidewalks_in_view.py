"""The sidewalks that lie in a camera's view, in the local metres of its calibration: what keeps a watch from roadways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Q
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from geo.crs import CitySystem
from geo.models import SidewalkSegment


@dataclass(frozen=True, slots=True)
class SidewalkInView:
    """One segment: its key and its area in metres east and north of the anchor."""

    key: str
    street: str
    area_m: BaseGeometry


def list_sidewalks_in_view(
    city_id: int, on: date, footprint: GEOSGeometry, anchor: tuple[float, float], system: CitySystem
) -> list[SidewalkInView]:
    """Segments of the register of a day that touch a view footprint (degrees), counted from ``anchor`` (lon, lat)."""
    of_the_day = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    box = Polygon.from_bbox(footprint.extent)
    box.srid = 4326
    rows = SidewalkSegment.objects.filter(of_the_day, city_id=city_id, geom__bboverlaps=box).order_by("key")
    east_m, north_m = system.to_metric(*anchor)

    def to_local(lonlat):  # type: ignore[no-untyped-def]
        return system.to_metric_array(lonlat) - (east_m, north_m)

    return [
        SidewalkInView(key, street, shapely.make_valid(shapely.transform(from_wkb(bytes(geom.wkb)), to_local)))
        for key, street, geom in rows.values_list("key", "street", "geom")
    ]

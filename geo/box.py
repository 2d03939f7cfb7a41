"""A box around a place by which an index narrows a search: what lies in its corners is measured afterwards."""

from __future__ import annotations

from math import cos, radians

from django.contrib.gis.geos import Polygon

METRES_PER_DEG = 111_320.0  # of latitude, and of longitude at the equator: WGS 84, 2 pi 6,378,137 m / 360


def box_around(lon: float, lat: float, half_m: float) -> Polygon:
    """The upright box (WGS 84, degrees) that reaches about ``half_m`` metres from a place to each side."""
    high = half_m / METRES_PER_DEG
    wide = high / max(cos(radians(lat)), 0.01)
    box = Polygon.from_bbox((lon - wide, lat - high, lon + wide, lat + high))
    box.srid = 4326
    return box

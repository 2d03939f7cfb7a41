"""A square of the web map's grid in metres (EPSG:3857), and whether an area of a link holds it whole. Pure."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely

from geo.link_area import parse_link_area

HALF_M = 20037508.342789244  # of the web map's square
MARGIN = 0.05  # of a side: tiles hold records a little beyond their edges
Square = tuple[int, int, int]


def edges_of(square: Square) -> tuple[float, float, float, float]:
    """West, south, east, north on the web map's grid, in metres; an edge shared by two squares is the same number in both."""
    z, x, y = square
    side = 2 * HALF_M / 2**z
    return -HALF_M + x * side, HALF_M - (y + 1) * side, -HALF_M + (x + 1) * side, HALF_M - y * side


def is_inside(square: Square, text: str) -> bool:
    """Whether all of a square, and a little around it, lies in the area of a link: then no record of it need be asked."""
    west, south, east, north = edges_of(square)
    around = (east - west) * MARGIN
    return bool(_to_web(text).covers(shapely.box(west - around, south - around, east + around, north + around)))


@lru_cache(maxsize=256)
def _to_web(text: str) -> shapely.Geometry:
    """Its corners in metres, joined by lines as straight as they are drawn."""
    outline = shapely.transform(parse_link_area(text).outline, _project)
    shapely.prepare(outline)
    return outline


def _project(lonlat: np.ndarray) -> np.ndarray:
    up = np.log(np.tan(np.pi / 4 + np.radians(lonlat[:, 1]) / 2)) / np.pi
    return np.column_stack([lonlat[:, 0] / 180, up]) * HALF_M

"""A square that lies in an area whole is told apart from one that the area's edge passes."""

from __future__ import annotations

import math

import pytest
import shapely
from pyproj import Transformer

from geo.link_area import parse_link_area, write_link_area
from tiles.web_square import Square, _to_web, edges_of, is_inside

WEB = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
TOWN = shapely.Polygon(
    [(106.60, 10.70), (106.80, 10.72), (106.78, 10.86), (106.70, 10.75), (106.62, 10.85)]
)  # with a bend
TEXT = write_link_area(TOWN)


def square_at(zoom: int, lon: float, lat: float) -> Square:
    across = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lon + 180) / 360 * across), int(down * across)


def test_corners_come_to_the_metres_that_everybody_has() -> None:
    ours = shapely.get_coordinates(_to_web(TEXT))
    theirs = [WEB.transform(lon, lat) for lon, lat in shapely.get_coordinates(parse_link_area(TEXT).outline)]
    assert abs(ours - theirs).max() < 1e-3


@pytest.mark.parametrize(
    ("zoom", "lon", "lat", "inside"),
    [
        (16, 106.65, 10.74, True),
        (18, 106.75, 10.76, True),
        (16, 106.70, 10.80, False),  # in the bend
        (18, 106.60, 10.70, False),  # a corner
        (10, 106.65, 10.74, False),  # larger than the area
        (16, 107.00, 10.74, False),
    ],
)
def test_only_what_lies_in_it_whole_is_inside(zoom: int, lon: float, lat: float, inside: bool) -> None:
    square = square_at(zoom, lon, lat)
    west, _, east, _ = edges_of(square)
    assert west < WEB.transform(lon, lat)[0] < east
    assert is_inside(square, TEXT) is inside

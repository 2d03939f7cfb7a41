"""Control points of scanned plans: files read, systems and orders found, sheets fitted."""

from __future__ import annotations

import pytest

from errors import InputError
from geo.crs import AxisOrder, CitySystem
from tiles.control_points import ControlPoint, fit, parse_points

PROJ4 = "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs"
CITY = CitySystem("metres", 990001, PROJ4, (106.0, 10.0, 108.0, 12.0), AxisOrder.NORTH_EAST)
BOUNDS = (106.0, 10.0, 108.0, 12.0)
CORNERS = ((0, 0), (1000, 0), (0, 800), (1000, 800))


def _metres(column: float, row: float) -> tuple[float, float]:
    """A sheet of half-metre pixels, turned a little."""
    return 600_000 + 0.5 * column + 0.02 * row, 1_190_000 + 0.02 * column - 0.5 * row


def _rows(*, head: str, order: str = "xy", sign: int = 1) -> str:
    lines = [head]
    for column, row in CORNERS:
        east, north = _metres(column, row)
        x, y = (east, north) if order == "xy" else (north, east)
        lines.append(f"{column},{sign * row},{x},{y}" if head.startswith("col") else f"{x},{y},{column},{sign * row},1")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_rows(head="column,row,x,y"), "metres, east before north"),
        (_rows(head="column,row,x,y", order="yx"), "metres, north before east"),
        (_rows(head="mapX,mapY,sourceX,sourceY,enable", sign=-1), "metres, east before north"),
        (_rows(head="column,row,x,y").replace(",", ";"), "metres, east before north"),
    ],
    ids=["table", "north first", "QGIS", "semicolons"],
)
def test_the_same_sheet_is_read_from_every_form(text: str, words: str) -> None:
    points, told = parse_points(text, (CITY,), BOUNDS)
    assert words in told
    assert [(point.column, point.row) for point in points] == list(CORNERS)
    placed = fit(points, CITY)
    assert placed.transform == pytest.approx((0.5, 0.02, 600_000, 0.02, -0.5, 1_190_000), abs=1e-4)
    assert placed.worst_m < 1e-4


def test_degrees_are_read_too() -> None:
    lines = ["px,py,lon,lat"]
    for column, row in CORNERS:
        lon, lat = CITY.to_lonlat(*_metres(column, row))
        lines.append(f"{column},{row},{lon!r},{lat!r}")
    points, words = parse_points("\n".join(lines), (CITY,), BOUNDS)
    assert "degrees, lon before lat" in words
    assert fit(points, CITY).rms_m < 1e-3


def test_a_wrong_point_is_named_with_its_distance() -> None:
    points, _ = parse_points(_rows(head="column,row,x,y"), (CITY,), BOUNDS)
    extra = ControlPoint(500, 400, *CITY.to_lonlat(*_metres(500, 520)))
    placed = fit([*points, extra], CITY)
    assert placed.worst == 5
    assert 40 < placed.worst_m < 61


def test_a_point_switched_off_in_qgis_is_left_out() -> None:
    text = _rows(head="mapX,mapY,sourceX,sourceY,enable", sign=-1) + "\n999999,999999,1,-1,0"
    assert len(parse_points(text, (CITY,), BOUNDS)[0]) == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3", "header does not name"),
        ("column,row,x,y\n1,2,106.5,10.5\n1,900,106.5,10.6", "Too few"),
        ("column,row,x,y\n1,2,abc,10.5", "not four numbers"),
        ("column,row,x,y\n0,0,5,5\n1,1,6,6\n2,2,7,7", "No reading"),
        ("column,row,x,y\n0,0,106.5,10.5\n1,9,10.6,106.6\n9,2,106.7,10.7", "several ways"),
    ],
    ids=["empty", "header", "two points", "words", "elsewhere", "mixed orders"],
)
def test_what_cannot_be_used_is_said(text: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        parse_points(text, (CITY,), BOUNDS)


def test_points_on_one_line_fit_no_sheet() -> None:
    line = [ControlPoint(at, at, *CITY.to_lonlat(600_000 + at, 1_190_000 + at)) for at in (0, 50, 100)]
    with pytest.raises(InputError, match="one line"):
        fit(line, CITY)

"""The small map of a place: ground to pixels and back, names and codes only where they can be read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from web.place_sketch import Frame, draw_place, widen_for
from web.surroundings import Mark, MarkKind, Shape, ShapeKind

FRAME = Frame(lon=106.69, lat=10.78, half_width_m=50.0, width_px=400, height_px=300)


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """A place in metres from the frame's middle."""
    return FRAME.to_lonlat(200 + east_m * FRAME.scale, 150 - north_m * FRAME.scale)


def a_square(half_m: float, east_m: float = 0.0, north_m: float = 0.0) -> tuple[tuple[float, float], ...]:
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return tuple(at(east_m + x * half_m, north_m + y * half_m) for x, y in corners)


def a_road(name: str, *ends: tuple[float, float]) -> Shape:
    return Shape(ShapeKind.ROAD, (tuple(at(*end) for end in ends),), text=name, width_m=8.0, is_area=False)


@pytest.mark.parametrize("pixel", [(0, 0), (200, 150), (399, 12), (17.5, 280.25)])
def test_a_touch_leads_to_the_place_that_is_drawn_there(pixel: tuple[float, float]) -> None:
    assert FRAME.to_px(FRAME.to_lonlat(*pixel)) == pytest.approx(pixel, abs=1e-6)


def test_north_is_up_and_a_metre_is_a_metre() -> None:
    lon, lat = FRAME.to_lonlat(200, 150 - 10 * FRAME.scale)
    assert lon == pytest.approx(106.69)
    assert (lat - 10.78) * 111_320 == pytest.approx(10.0)


def test_the_drawing_is_well_formed_and_speaks_its_title() -> None:
    shapes = [
        Shape(ShapeKind.PARCEL, (a_square(5),), key="p"),
        Shape(ShapeKind.ZONE, (a_square(60),), text="NO & <1>", fill="#F7EBC3"),
        a_road("Đường A", (-60, 0), (60, 0)),
    ]
    mark = Mark(MarkKind.CHOSEN, *at(0, 0), accuracy_m=8.0)
    root = ElementTree.fromstring(draw_place(shapes, [mark], FRAME, title="Nơi xảy ra", chosen_key="p"))
    assert root.attrib["aria-label"] == "Nơi xảy ra"
    texts = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")]
    assert {"NO & <1>", "Đường A", "10 m"} <= set(texts)


def test_the_error_circle_has_the_size_of_the_error() -> None:
    svg = draw_place([], [Mark(MarkKind.CHOSEN, *at(0, 0), accuracy_m=8.0)], FRAME, title="")
    assert f'r="{8 * FRAME.scale:.1f}"' in svg


def test_zones_lie_below_roads_and_roads_below_parcels() -> None:
    shapes = [
        Shape(ShapeKind.PARCEL, (a_square(5),)),
        a_road("", (-60, 0), (60, 0)),
        Shape(ShapeKind.ZONE, (a_square(60),), fill="#123456"),
    ]
    svg = draw_place(shapes, [], FRAME, title="")
    assert svg.index("#123456") < svg.index('stroke-linecap="round"') < svg.index("#A9A395")


@pytest.mark.parametrize(
    ("ends", "is_written"),
    [
        pytest.param(((-80, 0), (80, 0)), True, id="across the frame"),
        pytest.param(((80, 10), (-80, 10)), True, id="drawn from right to left"),
        pytest.param(((-2, 0), (2, 0)), False, id="too short for its name"),
        pytest.param(((-80, 90), (80, 90)), False, id="outside the frame"),
    ],
)
def test_a_street_is_named_where_its_name_fits(ends: tuple[tuple[float, float], ...], is_written: bool) -> None:
    svg = draw_place([a_road("Nơ Trang Long", *ends)], [], FRAME, title="")
    assert ("Nơ Trang Long" in svg) is is_written


def test_a_street_in_pieces_is_named_once() -> None:
    pieces = [a_road("Vũ Tùng", (-80, y), (80, y)) for y in (0, 10, 20)]
    assert draw_place(pieces, [], FRAME, title="").count("Vũ Tùng") == 1


def test_two_codes_do_not_lie_on_each_other() -> None:
    zones = [Shape(ShapeKind.ZONE, (a_square(10),), text=code) for code in ("TM-03", "NO-06")]
    svg = draw_place(zones, [], FRAME, title="")
    assert ("TM-03" in svg) + ("NO-06" in svg) == 1


@pytest.mark.parametrize(("accuracy_m", "half_m"), [(3, 45.0), (50, 110.0), (5000, 400.0)])
def test_the_frame_holds_the_error(accuracy_m: float, half_m: float) -> None:
    assert widen_for(accuracy_m) == pytest.approx(half_m)

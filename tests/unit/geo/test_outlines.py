"""Outlines of a register file: placed, repaired, measured; what cannot be is left out and told."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Geometry, LineString, MultiPolygon, Point, Polygon, box

from errors import InputError
from geo.importers.faults import Fault, Remedy
from geo.importers.forms import Shape
from geo.importers.outlines import Ground, OutlineSet, choose_reprojection, prepare_outlines
from tests.unit.geo.grids import CITY, EAST, LAMBERT, WEST

E0, N0 = 600_000.0, 1_190_000.0
GROUND = Ground((WEST, EAST), CITY)
SQUARE = box(E0, N0, E0 + 10, N0 + 20)
BOWTIE = Polygon([(E0, N0), (E0 + 10, N0 + 10), (E0 + 10, N0), (E0, N0 + 10)])


def prepare(*outlines: Geometry | None, shape: Shape = Shape.POLYGON, ground: Ground = GROUND) -> OutlineSet:
    wkb = np.array([None if outline is None else shapely.to_wkb(outline) for outline in outlines], dtype=object)
    to_lonlat = choose_reprojection("west", "", ground.systems)
    return prepare_outlines(wkb, range(1, len(outlines) + 1), to_lonlat, ground, shape)


def test_a_square_is_placed_and_measured() -> None:
    found = prepare(SQUARE)
    assert found.faults == []
    assert found.area_m2[0] == pytest.approx(200, abs=1e-3)
    assert isinstance(found.outlines[0], MultiPolygon)
    assert WEST.to_lonlat(E0, N0) == pytest.approx(found.outlines[0].bounds[:2], abs=1e-6)


@pytest.mark.parametrize(
    ("outline", "fault", "remedy"),
    [
        pytest.param(BOWTIE, Fault.SELF_CROSSING, Remedy.REPAIRED, id="crosses itself"),
        pytest.param(
            shapely.transform(SQUARE, lambda c: c[:, ::-1]), Fault.SWAPPED_AXES, Remedy.REPAIRED, id="swapped"
        ),
        pytest.param(box(0, 0, 1, 1), Fault.OUTSIDE_CITY, Remedy.LEFT_OUT, id="elsewhere"),
        pytest.param(Polygon(), Fault.NO_GEOMETRY, Remedy.LEFT_OUT, id="empty"),
        pytest.param(Point(E0, N0), Fault.WRONG_SHAPE, Remedy.LEFT_OUT, id="a point"),
        pytest.param(LineString([(E0, N0), (E0 + 9, N0)]), Fault.WRONG_SHAPE, Remedy.LEFT_OUT, id="a line"),
        pytest.param(box(E0, N0, E0 + 1, N0 + 0.001), Fault.NO_GEOMETRY, Remedy.LEFT_OUT, id="no area"),
    ],
)
def test_a_fault_is_told(outline: Geometry, fault: Fault, remedy: Remedy) -> None:
    found = prepare(SQUARE, outline)
    assert [(told.row, told.fault, told.remedy) for told in found.faults] == [(2, fault, remedy)]
    assert found.lost == ({1} if remedy is Remedy.LEFT_OUT else set())
    assert (found.outlines[1] is None) == (remedy is Remedy.LEFT_OUT)


def test_a_repaired_outline_keeps_its_place_and_area() -> None:
    found = prepare(BOWTIE)
    assert found.area_m2[0] == pytest.approx(50, abs=0.01)
    assert found.faults[0].place is not None
    assert found.faults[0].detail == "Self-intersection"


def test_spikes_do_not_turn_an_area_into_a_collection() -> None:
    spiked = Polygon(
        [(E0, N0), (E0 + 10, N0), (E0 + 10, N0 + 10), (E0 + 10, N0 + 30), (E0 + 10, N0 + 10), (E0, N0 + 10)]
    )
    found = prepare(spiked, shape=Shape.ANY)
    assert found.outlines[0].geom_type == "Polygon"


def test_nothing_is_not_a_fault_here() -> None:
    found = prepare(None)
    assert (found.outlines[0], found.faults, found.lost) == (None, [], set())


def test_lines_are_welcome_where_any_shape_is() -> None:
    line = LineString([(E0, N0), (E0 + 9, N0)])
    assert prepare(line, shape=Shape.ANY).outlines[0].geom_type == "LineString"


def test_the_city_itself_bounds_it() -> None:
    area = shapely.Point(WEST.to_lonlat(E0 + 5000, N0)).buffer(0.01)
    found = prepare(SQUARE, ground=Ground((WEST, EAST), CITY, area))
    assert found.faults[0].fault is Fault.OUTSIDE_CITY


def test_areas_are_measured_in_the_zone_of_the_place() -> None:
    east, north = EAST.to_metric(107.4, 10.5)
    square = shapely.transform(box(east, north, east + 10, north + 10), EAST.to_lonlat_array)
    wkb = np.array([shapely.to_wkb(square)], dtype=object)
    found = prepare_outlines(wkb, [1], choose_reprojection("EPSG:4326", "", ()), GROUND, Shape.POLYGON)
    assert found.area_m2[0] == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("word", ["west", "EPSG:990105", "EPSG:9210"])
def test_an_official_number_means_the_legal_shift(word: str) -> None:
    metres = np.array([[603797.261, 1191942.305]])
    lonlat = choose_reprojection(word, "EPSG:4326", (WEST, EAST))(metres)
    assert lonlat[0] == pytest.approx((106.7009, 10.7769), abs=1e-7)


def test_the_file_is_asked_when_the_description_says_nothing() -> None:
    point = np.array([LAMBERT.to_metric(-71.1, 42.37)])
    assert choose_reprojection("", "EPSG:26986", ())(point)[0] == pytest.approx((-71.1, 42.37), abs=1e-6)


@pytest.mark.parametrize(("named", "said"), [("", ""), ("EPSG:999999", ""), ("", "Engineering CRS")])
def test_an_unknown_system_is_refused(named: str, said: str) -> None:
    with pytest.raises(InputError, match="in registers"):
        choose_reprojection(named, said, (WEST,))

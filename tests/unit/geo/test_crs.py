"""Degrees to metres and back, exact to a centimetre with the legal datum shift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats

from errors import ConfigurationError, PlaceError
from geo.crs import CitySystem, choose_system, parse_system
from tests.unit.geo.grids import EAST, LAMBERT, WEST

DESIGN_LONLAT, DESIGN_METRES = (106.7009, 10.7769), (603797.261, 1191942.305)
LIBRARY_CHOICE = (603796.463, 1191942.259)  # what PROJ gives for EPSG:9210 when it is left to choose


def test_the_vector_of_the_design() -> None:
    assert WEST.to_metric(*DESIGN_LONLAT) == pytest.approx(DESIGN_METRES, abs=0.01)
    assert np.hypot(*np.subtract(WEST.to_metric(*DESIGN_LONLAT), LIBRARY_CHOICE)) > 0.5


def test_a_system_without_shift_agrees_with_the_official_grid() -> None:
    assert LAMBERT.to_metric(-71.1, 42.37) == pytest.approx((232946.484, 902243.595), abs=0.01)


@given(lon=floats(106.0, 108.0), lat=floats(8.5, 11.6))
def test_there_and_back(lon: float, lat: float) -> None:
    east, north = WEST.to_metric(lon, lat)
    assert WEST.to_lonlat(east, north) == pytest.approx((lon, lat), abs=1e-8)


@given(lon=floats(106.0, 108.0), lat=floats(8.5, 11.6))
def test_arrays_give_what_single_points_give(lon: float, lat: float) -> None:
    many = WEST.to_metric_array(np.array([[lon, lat], [106.5, 10.5]]))
    assert tuple(many[0]) == pytest.approx(WEST.to_metric(lon, lat), abs=1e-6)
    assert WEST.to_lonlat_array(many)[1] == pytest.approx((106.5, 10.5), abs=1e-8)


@pytest.mark.parametrize(("lon", "lat", "name"), [(106.7, 10.78, "west"), (107.3, 10.5, "east"), (107.1, 10.5, "west")])
def test_the_legal_system_of_a_place(lon: float, lat: float, name: str) -> None:
    assert choose_system((WEST, EAST), lon, lat).name == name


def test_outside_every_system_nothing_is_guessed() -> None:
    with pytest.raises(PlaceError, match="outside every"):
        choose_system((WEST, EAST), 100.0, 10.0)


def test_a_projection_without_an_answer() -> None:
    with pytest.raises(PlaceError):
        LAMBERT.to_metric(-71.5, -91.0)


@pytest.mark.parametrize(
    "proj4",
    [
        pytest.param("+proj=longlat +ellps=WGS84", id="degrees"),
        pytest.param("+proj=tmerc +lon_0=105 +no_defs", id="no ellipsoid"),
        pytest.param("+proj=tmerc +lon_0=105 +datum=OSGB36", id="unknown datum"),
        pytest.param("+proj=tmerc +lon_0=105 +ellps=WGS84 +nadgrids=x.gsb", id="grid file"),
        pytest.param("+proj=tmerc +lon_0=105 +ellps=WGS84 +units=us-ft", id="feet"),
        pytest.param("+proj=nonsense +ellps=WGS84", id="unknown projection"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_metric_system_is_refused(proj4: str) -> None:
    with pytest.raises(ConfigurationError):
        CitySystem("bad", 1, proj4)


def test_a_table_of_a_pack() -> None:
    table = {"name": "west", "srid": 990105, "proj4": WEST.proj4, "bounds": [106, 10, 107, 11], "like_epsg": 9210}
    system = parse_system(table)
    assert (system.name, system.bounds, system.like_epsg) == ("west", (106.0, 10.0, 107.0, 11.0), 9210)
    assert system.pinned_proj4 == WEST.proj4


@pytest.mark.parametrize("change", [{"srid": None}, {"bounds": [1, 2, 3]}])
def test_an_incomplete_table_is_refused(change: dict[str, object]) -> None:
    table = {"name": "west", "srid": 990105, "proj4": WEST.proj4, **change}
    with pytest.raises(ConfigurationError):
        parse_system({word: value for word, value in table.items() if value is not None})


def test_the_shift_is_spelt_out_for_postgis() -> None:
    assert "+towgs84=0,0,0,0,0,0,0" in LAMBERT.pinned_proj4
    assert "datum" not in LAMBERT.pinned_proj4

"""Coordinates as people type them: order and system are found by the place, and told."""

from __future__ import annotations

import pytest

from errors import InputError, PlaceError
from geo.typed_coordinates import WrittenOrder, parse_coordinates
from tests.unit.geo.grids import CITY, EAST, WEST

PLACE = (106.7009, 10.7769)


@pytest.mark.parametrize(
    ("text", "order", "system"),
    [
        pytest.param("1191942.305, 603797.261", WrittenOrder.NORTH_EAST, "west", id="surveyor"),
        pytest.param("603797.261 1191942.305", WrittenOrder.EAST_NORTH, "west", id="map program"),
        pytest.param("1191942.305,603797.261", WrittenOrder.NORTH_EAST, "west", id="no space"),
        pytest.param("1.191.942,305 603.797,261", WrittenOrder.NORTH_EAST, "west", id="Vietnamese numbers"),
        pytest.param("1,191,942.305; 603,797.261", WrittenOrder.NORTH_EAST, "west", id="English numbers"),
        pytest.param("X = 1191942,305  Y = 603797,261", WrittenOrder.NORTH_EAST, "west", id="named axes"),
        pytest.param("10.7769, 106.7009", WrittenOrder.LAT_LON, "", id="latitude first"),
        pytest.param("106.7009,10.7769", WrittenOrder.LON_LAT, "", id="longitude first"),
    ],
)
def test_the_same_place(text: str, order: WrittenOrder, system: str) -> None:
    place = parse_coordinates(text, (WEST, EAST), CITY)
    assert (place.lon, place.lat) == pytest.approx(PLACE, abs=1e-7)
    assert (place.order, place.system, place.is_assumed) == (order, system, False)


def test_the_other_zone() -> None:
    east, north = EAST.to_metric(107.3, 10.5)
    assert parse_coordinates(f"{north:.3f} {east:.3f}", (WEST, EAST), CITY).system == "east"


def test_two_readings_are_told() -> None:
    place = parse_coordinates("10.5 10.6", (), (10.0, 10.0, 11.0, 11.0))
    assert place.is_assumed
    assert place.order is WrittenOrder.LAT_LON


@pytest.mark.parametrize("text", ["", "here", "10.7", "1 2 3", "1.2.3,4,5 6"])
def test_what_is_no_pair_of_numbers(text: str) -> None:
    with pytest.raises(InputError):
        parse_coordinates(text, (WEST, EAST), CITY)


@pytest.mark.parametrize("text", ["0, 0", "500000 500000", "48.85, 2.35"])
def test_a_place_elsewhere(text: str) -> None:
    with pytest.raises(PlaceError, match="lies in the city"):
        parse_coordinates(text, (WEST, EAST), CITY)

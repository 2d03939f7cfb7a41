"""From degrees to ground facts: outlines, error ellipses, slots and gaps through a city's metric system."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import Polygon, box, to_geojson, transform

from geo.crs import CitySystem
from geo.facts import AllowedUse
from rules.placing import lay_out, list_sidewalk_areas, place_thing, to_metric
from tests.data.site_facts import a_place, a_sidewalk, a_sighting

SYSTEM = CitySystem("utm48", 32648, "+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs")
EAST, NORTH = SYSTEM.to_metric(106.69, 10.78)


def ring(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return tuple(SYSTEM.to_lonlat(EAST + x, NORTH + y) for x, y in corners)


def geojson(*bounds: float) -> str:
    return str(to_geojson(Polygon(ring(*bounds))))


def test_a_thing_on_a_sidewalk_with_a_slot() -> None:
    slot = AllowedUse("parking", slot=geojson(-3, 0, 3, 2))
    walk = replace(a_sidewalk(slot), geometry=geojson(-30, 0, 30, 3.4))
    place = a_place(sidewalks=(walk,))
    thing = place_thing(a_sighting(footprint=ring(-0.4, 0.05, 0.4, 1.9)), SYSTEM)
    ground = lay_out(thing, place, [], [], SYSTEM)
    assert ground.has_outline
    assert ground.area_m2 == pytest.approx(0.8 * 1.85, rel=0.01)
    assert ground.sidewalk.share == pytest.approx(1.0)
    assert ground.slots[0].share.share == pytest.approx(1.0)
    assert ground.free_width is not None
    assert ground.free_width.width_m == pytest.approx(1.5, abs=0.02)
    (a, b) = ground.free_width.gap
    assert SYSTEM.to_metric(*a)[0] == pytest.approx(SYSTEM.to_metric(*b)[0], abs=0.01)


@pytest.mark.parametrize(
    "footprint",
    [
        pytest.param((), id="none"),
        pytest.param(ring(0, 0, 1, 1)[:3], id="open"),
        pytest.param((ring(0, 0, 1, 1)[0],) * 4, id="a-point"),
        pytest.param(
            (ring(0, 0, 2, 2)[0], ring(0, 0, 2, 2)[2], ring(0, 0, 2, 2)[1], ring(0, 0, 2, 2)[3], ring(0, 0, 2, 2)[0]),
            id="a-bow-tie",
        ),
    ],
)
def test_a_ring_without_an_area_is_no_outline(footprint: tuple[tuple[float, float], ...]) -> None:
    assert place_thing(a_sighting(footprint=footprint), SYSTEM).outline is None


def test_a_self_crossing_register_polygon_is_made_valid() -> None:
    lonlat = ring(0, 0, 10, 10)
    bow_tie = Polygon([lonlat[0], lonlat[2], lonlat[1], lonlat[3], lonlat[0]])
    area = to_metric(bow_tie, SYSTEM)
    assert area.is_valid
    assert area.area == pytest.approx(50, rel=0.01)


def test_segments_keep_their_keys() -> None:
    walk = replace(a_sidewalk(key="S9"), geometry=geojson(0, 0, 5, 5))
    (found,) = list_sidewalk_areas(a_place(sidewalks=(walk,)), SYSTEM)
    assert (found.key, found.slots) == ("S9", ())
    assert transform(found.area, lambda xy: xy - [EAST, NORTH]).equals_exact(box(0, 0, 5, 5), 0.01, normalize=True)

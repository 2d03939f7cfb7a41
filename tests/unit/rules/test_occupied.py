"""How much sidewalk a thing takes, and how sure that is."""

from __future__ import annotations

import pytest
from shapely import box

from rules.ground import Placed, SidewalkArea, measure_ground

WALK = SidewalkArea("S1", box(0, 0, 30, 3))


def taken(y: float, sigma_m: float = 0.0, shape_m2: tuple[float, float, float] = (0.0, 0.0, 0.0)):  # type: ignore[no-untyped-def]
    outline = box(12, y, 13, y + 2)
    placed = Placed((12.5, y), (sigma_m**2, 0.0, sigma_m**2), outline, shape_m2)
    return measure_ground(placed, sidewalks=[WALK], parcels=[], others=[]).occupied


@pytest.mark.parametrize(
    ("y", "area_m2"),
    [
        pytest.param(0.5, 2.0, id="all of it"),
        pytest.param(-1.0, 1.0, id="half on the road"),
        pytest.param(-5.0, 0.0, id="on the road"),
    ],
)
def test_only_what_stands_on_the_sidewalk_counts(y: float, area_m2: float) -> None:
    assert taken(y).area_m2 == pytest.approx(area_m2)


def test_a_place_that_is_unsure_matters_only_at_the_border() -> None:
    assert taken(0.5, sigma_m=0.1).sigma_m2 == pytest.approx(0.0, abs=0.01)
    assert taken(-1.0, sigma_m=0.1).sigma_m2 == pytest.approx(0.1, rel=0.1)


def test_an_outline_that_is_unsure_matters_everywhere() -> None:
    along_north = taken(0.5, shape_m2=(0.0, 0.0, 0.3**2))
    assert along_north.sigma_m2 == pytest.approx(0.3 * 1.0)
    along_east = taken(0.5, shape_m2=(0.3**2, 0.0, 0.0))
    assert along_east.sigma_m2 == pytest.approx(0.3 * 2.0)


def test_a_foot_without_an_outline_takes_nothing_that_is_known() -> None:
    placed = Placed((12.5, 1.0), (0.01, 0.0, 0.01))
    assert measure_ground(placed, sidewalks=[WALK], parcels=[], others=[]).occupied is None

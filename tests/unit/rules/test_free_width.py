"""The free width of a sidewalk on drawn scenes whose truth is known, at any angle."""

from __future__ import annotations

from itertools import pairwise
from math import radians

import pytest
from shapely import Polygon, affinity, box

from rules.free_width import Obstacle, Passage, judge_passage, measure_free_width
from rules.site_facts import FreeWidth

WALK = box(0, 0, 30, 3.4)  # 30 m long, 3.4 m wide, the curb at y = 0
CORNER = Polygon([(0, 0), (30, 0), (30, -20), (33.4, -20), (33.4, 3.4), (0, 3.4)])


def bike(x: float, y: float, width: float = 0.8, length: float = 1.9) -> Polygon:
    return box(x, y, x + width, y + length)


SCENES = [
    pytest.param(WALK, [bike(10, 1.5)], 1.5, id="one-bike-1.5-m-left-at-the-curb"),
    pytest.param(WALK, [bike(10, 0)], 1.5, id="one-bike-at-the-curb-1.5-m-left-at-the-wall"),
    pytest.param(WALK, [bike(10, 0.6)], 0.9, id="one-bike-in-the-middle-wider-side-counts"),
    pytest.param(WALK, [box(10, 0, 12, 3.4)], 0.0, id="all-of-it-covered"),
    pytest.param(WALK, [bike(10, 0), bike(10.3, 2.4, length=1.0)], 0.5, id="two-things-face-each-other"),
    pytest.param(WALK, [bike(10, 0), bike(11.2, 2.4, length=1.0)], 0.5, id="staggered-within-a-run"),
    pytest.param(WALK, [bike(10, 0), bike(14, 2.4, length=1.0)], 1.5, id="staggered-far-apart"),
    pytest.param(WALK, [bike(10, 0), bike(11, 0.3), bike(12, 0.1)], 1.2, id="a-row-the-deepest-one-counts"),
    pytest.param(WALK, [bike(10, 0), box(10.3, 2.6, 10.4, 2.7)], 0.7, id="a-thin-pole-between-stations"),
    pytest.param(WALK, [bike(10, -1.0)], 2.5, id="half-on-the-road"),
    pytest.param(WALK, [bike(0, 0)], 1.5, id="at-the-end-of-the-segment"),
    pytest.param(CORNER, [box(30.2, -10, 31.8, -8.5)], 1.6, id="round-the-corner"),
    pytest.param(WALK.union(box(0, 8, 30, 11)), [bike(10, 0)], 1.5, id="the-sidewalk-across-the-road-does-not-help"),
]


@pytest.mark.parametrize("turn_deg", [0, 37, 90, 163])
@pytest.mark.parametrize(("walk", "things", "truth_m"), SCENES)
def test_known_truths(walk: Polygon, things: list[Polygon], truth_m: float, turn_deg: float) -> None:
    def placed(shape: Polygon) -> Polygon:
        turned = affinity.rotate(shape, radians(turn_deg), origin=(0, 0), use_radians=True)
        return affinity.translate(turned, 603_000, 1_191_000)

    obstacles = [Obstacle(placed(thing), 0.1) for thing in things]
    found = measure_free_width(placed(walk), obstacles[0].outline, obstacles)
    assert found is not None
    assert found.width_m == pytest.approx(truth_m, abs=0.03)
    assert len(found.gap) == 2


def test_error_counts_only_edges_that_were_seen() -> None:
    one = measure_free_width(WALK, bike(10, 0), [Obstacle(bike(10, 0), 0.2)])
    pair = [Obstacle(bike(10, 0), 0.3), Obstacle(bike(10, 2.4, length=1.0), 0.4)]
    two = measure_free_width(WALK, bike(10, 0), pair)
    none = measure_free_width(WALK, box(10, 0, 12, 3.4), [Obstacle(box(10, 0, 12, 3.4), 0.2)])
    assert one is not None and one.sigma_m == pytest.approx(0.2)
    assert two is not None and two.sigma_m == pytest.approx(0.5)
    assert none is not None and none.sigma_m > 0.2


def test_off_the_sidewalk_there_is_nothing_to_measure() -> None:
    assert measure_free_width(WALK, bike(10, 10), [Obstacle(bike(10, 10), 0.1)]) is None


@pytest.mark.parametrize(
    ("width_m", "sigma_m", "passage"),
    [
        pytest.param(1.12, 0.18, Passage.BLOCKED, id="1.48-at-two-sigma"),
        pytest.param(1.12, 0.19, Passage.SUSPECTED, id="1.50-at-two-sigma"),
        pytest.param(1.45, 0.02, Passage.BLOCKED, id="well-measured"),
        pytest.param(1.6, 0.1, Passage.SUSPECTED, id="1.40-at-minus-two-sigma"),
        pytest.param(1.6, 0.05, Passage.FREE, id="1.50-at-minus-two-sigma"),
        pytest.param(3.0, 0.0, Passage.FREE, id="empty"),
    ],
)
def test_passage(width_m: float, sigma_m: float, passage: Passage) -> None:
    assert judge_passage(FreeWidth(width_m, sigma_m), 1.5) is passage


def test_the_profile_tells_every_quarter_metre_and_where_it_is_unsure() -> None:
    found = measure_free_width(WALK, bike(10, 1.5), [Obstacle(bike(10, 1.5), 0.1)])
    assert found is not None
    middle = found.profile[len(found.profile) // 2]
    assert (middle.width_m, middle.least_m, middle.most_m) == pytest.approx((1.5, 1.3, 1.7), abs=0.01)
    (beside,) = [at for at in found.profile if at.ends[0][0] == pytest.approx(9.75)]
    assert (beside.width_m, beside.least_m, beside.most_m) == pytest.approx((3.4, 1.3, 3.4), abs=0.01)
    first = found.profile[0]
    assert first.width_m == first.least_m == first.most_m == pytest.approx(3.4)
    steps = {round(b.ends[0][0] - a.ends[0][0], 2) for a, b in pairwise(found.profile)}
    assert steps == {0.25}


def test_a_cross_section_that_is_shut_tells_its_place_too() -> None:
    shut = box(10, 0, 12, 3.4)
    found = measure_free_width(WALK, shut, [Obstacle(shut, 0.1)])
    assert found is not None
    assert {at.ends[0] == at.ends[1] for at in found.profile if at.width_m == 0} == {True}
    assert min(at.least_m for at in found.profile) == 0

"""Outlines laid over polygons: shares with their extremes within the error, nearest parcels, slots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from rules.ground import ParcelArea, Placed, SidewalkArea, ellipse_shifts, measure_ground, measure_share, share_within
from rules.outline_error import resize_outline

WALK = SidewalkArea("S1", box(0, 0, 30, 3), slots=((0, box(5, 0, 10, 2)),))
HOUSE = ParcelArea("P1", "ODT", box(0, 3, 30, 20))


def a_bike(x: float, y: float, sigma_m: float = 0.2) -> Placed:
    outline = box(x, y, x + 0.8, y + 1.9)
    return Placed((x + 0.4, y), (sigma_m**2, 0.0, sigma_m**2), outline)


@pytest.mark.parametrize(
    ("y", "least", "share", "most"),
    [
        pytest.param(0.6, 1.0, 1.0, 1.0, id="well-on"),
        pytest.param(-0.95, 0.28, 0.5, 0.72, id="half-on-the-curb"),
        pytest.param(-4.0, 0.0, 0.0, 0.0, id="on-the-road"),
    ],
)
def test_share_on_the_sidewalk(y: float, least: float, share: float, most: float) -> None:
    ground = measure_ground(a_bike(12, y), sidewalks=[WALK], parcels=[], others=[])
    assert ground.sidewalk.share == pytest.approx(share, abs=0.02)
    assert ground.sidewalk.least == pytest.approx(least, abs=0.02)
    assert ground.sidewalk.most == pytest.approx(most, abs=0.02)
    assert ground.sidewalk_key == ("S1" if share else "")
    assert (ground.free_width is not None) is (share > 0)


def test_between_two_segments_it_is_still_on_the_sidewalk() -> None:
    pieces = [SidewalkArea("S1", box(0, 0, 12.3, 3)), SidewalkArea("S2", box(12.3, 0, 30, 3))]
    ground = measure_ground(a_bike(12, 0.6), sidewalks=pieces, parcels=[], others=[])
    assert ground.sidewalk.least == pytest.approx(1.0)
    assert ground.sidewalk_key == "S2"


def test_parcels_near_it_come_nearest_first() -> None:
    far, near = ParcelArea("P9", "", box(0, 40, 30, 60)), ParcelArea("P0", "DGT", box(12, 2, 13, 3))
    ground = measure_ground(a_bike(12, 0.6), sidewalks=[WALK], parcels=[far, HOUSE, near], others=[])
    assert [(p.key, round(p.distance_m, 2)) for p in ground.parcels] == [("P0", 0.0), ("P1", 0.5)]


def test_slots_of_the_touched_segment_are_measured() -> None:
    inside = measure_ground(a_bike(7, 0.05), sidewalks=[WALK], parcels=[], others=[]).slots[0]
    outside = measure_ground(a_bike(13.7, 0.05), sidewalks=[WALK], parcels=[], others=[]).slots[0]
    assert inside.share.least > 0.5
    assert (outside.share.most, outside.use_index) == (0.0, 0)
    assert outside.distance_m == pytest.approx(3.7)


def test_others_narrow_the_free_width() -> None:
    alone = measure_ground(a_bike(12, 0), sidewalks=[WALK], parcels=[], others=[]).free_width
    facing = measure_ground(a_bike(12, 0), sidewalks=[WALK], parcels=[], others=[a_bike(12, 2.5)]).free_width
    assert alone is not None and facing is not None
    assert alone.width_m == pytest.approx(1.1, abs=0.02)
    assert facing.width_m == pytest.approx(0.6, abs=0.02)


def test_only_a_foot_is_a_disc_without_an_outline() -> None:
    ground = measure_ground(Placed((12.0, 1.5), (0.01, 0.0, 0.01)), sidewalks=[WALK], parcels=[], others=[])
    assert (ground.has_outline, ground.free_width) == (False, None)
    assert ground.sidewalk.share == pytest.approx(1.0)


def test_no_sidewalks_at_all() -> None:
    ground = measure_ground(a_bike(12, 0), sidewalks=[], parcels=[HOUSE], others=[])
    assert (ground.sidewalk.most, ground.sidewalk_key, ground.slots) == (0.0, "", ())


@given(
    ee=st.floats(0, 4), nn=st.floats(0, 4), correlation=st.floats(-0.99, 0.99), x=st.floats(-2, 32), y=st.floats(-3, 5)
)
def test_extremes_hold_the_measured_share(ee: float, nn: float, correlation: float, x: float, y: float) -> None:
    shifts = ellipse_shifts((ee, correlation * (ee * nn) ** 0.5, nn))
    found = share_within(box(x, y, x + 1, y + 1), WALK.area, shifts)
    assert 0 <= found.least <= found.share <= found.most <= 1
    assert max(abs(e) for e, _ in shifts) <= 2 * ee**0.5 + 1e-9
    assert max(abs(n) for _, n in shifts) <= 2 * nn**0.5 + 1e-6


def test_a_guessed_shape_widens_the_share_that_is_claimed() -> None:
    """A thing 2 m deep, half over the curb: 0.5 m more or less of depth, away from its near edge on the sidewalk."""
    outline, foot = box(12, -1, 13, 1), (12.5, 1.0)
    sure = measure_share(Placed(foot, (0.0, 0.0, 0.0), outline), WALK.area)
    unsure = measure_share(Placed(foot, (0.0, 0.0, 0.0), outline, (0.0, 0.0, 0.25**2)), WALK.area)
    assert (sure.share, sure.least, sure.most) == pytest.approx((0.5, 0.5, 0.5))
    assert (unsure.share, unsure.least, unsure.most) == pytest.approx((0.5, 1 / 2.5, 1 / 1.5))


def test_a_shape_that_is_whole_on_the_sidewalk_stays_on_it() -> None:
    whole = measure_share(Placed((12.5, 1.0), (0.0, 0.0, 0.0), box(12, 1, 13, 2), (0.01, 0.0, 0.01)), WALK.area)
    assert (whole.share, whole.least, whole.most) == pytest.approx((1.0, 1.0, 1.0))


@given(ee=st.floats(0.001, 4), nn=st.floats(0.001, 4), correlation=st.floats(-0.99, 0.99))
def test_an_outline_is_resized_about_its_foot(ee: float, nn: float, correlation: float) -> None:
    outline, foot = box(-1, -1, 1, 1), (0.0, 0.0)
    for shorter, longer in resize_outline(outline, foot, (ee, correlation * (ee * nn) ** 0.5, nn)):
        assert 0 < shorter.area < outline.area < longer.area
        assert shorter.centroid.distance(outline.centroid) < 1e-6 > longer.centroid.distance(outline.centroid)


def test_sigma_is_the_larger_half_axis() -> None:
    assert Placed((0, 0), (0.04, 0.0, 0.25)).sigma_m == pytest.approx(0.5)
    assert Placed((0, 0), (0.5, 0.5, 0.5)).sigma_m == pytest.approx(1.0)

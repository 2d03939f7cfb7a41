"""Which part of a parcel lies beyond a line of the plan: the one at the road."""

from __future__ import annotations

import pytest
from shapely.geometry import LineString, Polygon, box

from geo.plan_line_sides import measure_beyond

PARCEL = box(0, 0, 10, 20)
ROAD = LineString([(-50, -6), (50, -6)])


@pytest.mark.parametrize(
    ("line", "roads", "m2"),
    [
        (LineString([(-5, 3), (15, 3)]), [ROAD], 30.0),
        (LineString([(-5, 3), (15, 3)]), [], None),
        (LineString([(-5, -2), (15, -2)]), [ROAD], 0.0),
        (LineString([(-5, 0.005), (15, 0.005)]), [ROAD], 0.0),
        (LineString([(5, -5), (5, 25)]), [LineString([(-50, -6), (5, -6), (50, -6)])], None),
    ],
    ids=["crosses", "no road", "misses", "sliver", "towards the road"],
)
def test_the_part_at_the_road(line: LineString, roads: list[LineString], m2: float | None) -> None:
    assert measure_beyond(PARCEL, line, roads) == (pytest.approx(m2) if m2 else m2)


def test_a_corner_parcel_with_two_pieces() -> None:
    outline = Polygon([(0, 0), (30, 0), (30, 10), (0, 10)])
    line = LineString([(-5, 4), (35, 4)])
    assert measure_beyond(outline, line, [ROAD]) == pytest.approx(120.0)

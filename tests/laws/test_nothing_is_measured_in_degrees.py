"""Lengths and areas are measured in metres: no area, distance, length or buffer on degrees, in SQL, in Django or as a filter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.laws.house import ROOMS, ROOT, python_files

MEASURE = re.compile(
    r"\bST_(?:3D)?(?:Area|Length|Perimeter|(?:Max)?Distance|D(?:Fully)?Within|Buffer|ClusterDBSCAN|ClusterWithin|HausdorffDistance"
    r"|OffsetCurve|Segmentize)\s*\(",
    re.IGNORECASE,
)
IN_METRES = re.compile(r"ST_Transform|::\s*geography|metric|metres|\w_m\b|\blocal\b", re.IGNORECASE)
# Django's own words for the same. Its Distance and distance_lte between points are metres on a sphere (0.5 % off at most) when
# they are given as D(m=...); its areas, lengths and dwithin are of the field's own degrees. A dwithin
# three times too wide may go before a measure in metres, so that an index is used: wide enough up to 70 degrees north.
DJANGO = re.compile(
    r"from django\.contrib\.gis\.db\.models\.functions import [^\n]*\b(?:Area|Length|Perimeter)\b"
    r"|__dwithin=\((?!\w[\w.]*, 3 \* \w+ / METRES_PER_DEG\))"
    r"|__distance_(?:lt|lte|gt|gte)=\((?![^\n]*\bD\((?:m|km)=)"
)


def find_measures_in_degrees(text: str) -> Iterator[str]:
    """Calls that measure something which nobody has brought into metres; literals broken over lines are read as one."""
    whole = re.sub(r'"\s*\n\s*f?"', "", text)
    for found in MEASURE.finditer(whole):
        call = whole[found.start() : _end_of_call(whole, found.end())]
        if not IN_METRES.search(call[len(found.group(0)) :]):
            yield call[:100]
    yield from (found.group(0) for found in DJANGO.finditer(text))


def _end_of_call(text: str, start: int) -> int:
    """Where the bracket closes that was opened before ``start``."""
    depth = 1
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if not depth:
            return index + 1
    return len(text)


@pytest.mark.parametrize(
    "text",
    [
        'cursor.execute("SELECT ST_Area(geom) FROM geo_parcel")',
        'cursor.execute("SELECT ST_Area(r.geom), width_m FROM geo_parcel r")',
        '"SELECT ST_Distance("\n    "a.geom, b.geom) FROM x WHERE ST_Transform(geom, 5899) IS NOT NULL"',
        '"WHERE st_dwithin(geom, %(point)s, 20)"',
        '"ST_Buffer(ST_Collect(geom), 0.001)"',
        "from django.contrib.gis.db.models.functions import Area",
        "Parcel.objects.filter(geom__dwithin=(point, 0.01))",
        "Parcel.objects.filter(geom__distance_lt=(point, 0.001))",
    ],
)
def test_the_law_sees_a_measure_in_degrees(text: str) -> None:
    assert list(find_measures_in_degrees(text))


@pytest.mark.parametrize(
    "text",
    [
        '"SELECT ST_Area(ST_Transform(ST_Intersection(o.geom, n.geom), %(srid)s))"',
        '"ST_Distance("\n    "ST_Transform(a.geom, 5899), b.geom_m)"',
        '"ST_DWithin(geom::geography, point::geography, 20)"',
        '"ST_Intersects(geom, point)"',
        "Case.objects.filter(point__distance_lte=(point, D(m=20)))",
        "Case.objects.filter(point__dwithin=(point, 3 * NEAR_M / METRES_PER_DEG))",
    ],
)
def test_the_law_lets_a_measure_in_metres_pass(text: str) -> None:
    assert not list(find_measures_in_degrees(text))


def test_no_measure_is_taken_in_degrees() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}: {call}"
        for path in python_files(*ROOMS)
        for call in find_measures_in_degrees(path.read_text())
    ]
    assert guilty == []

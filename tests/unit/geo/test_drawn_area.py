"""Areas as people draw and send them: what is taken, and in which words the rest is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errors import InputError
from geo.drawn_area import MOST_VERTICES, parse_area

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[106.6, 10.7], [106.7, 10.7], [106.7, 10.8], [106.6, 10.8], [106.6, 10.7]]],
}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    "sent",
    [
        SQUARE,
        json.dumps(SQUARE),
        {"type": "Feature", "geometry": SQUARE, "properties": {}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]},
        {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]},
    ],
    ids=["object", "text", "feature", "collection", "multi"],
)
def test_an_area_is_read(sent: Any) -> None:
    area = parse_area(sent)
    assert (area.vertices, area.outline.is_valid) == (5, True)
    assert 106.6 < area.lon < 106.7 and 10.7 < area.lat < 10.8


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (BOW, "crosses itself"),
        ({"type": "Point", "coordinates": [1, 2]}, "An area is needed"),
        ({"type": "Polygon", "coordinates": []}, "no area"),
        ({"type": "Polygon", "coordinates": [[[1, 2], ["x", 3], [1, 2]]]}, "no area"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [None, 3], [1, 5], [1, 2]]]}, "no area"),
        ({"type": "FeatureCollection", "features": []}, "no area in it"),
        ("{", "not GeoJSON"),
        ([1], "not GeoJSON"),
        (None, "not GeoJSON"),
        (
            {"type": "Polygon", "coordinates": [[[603e3, 119e4], [604e3, 119e4], [604e3, 120e4], [603e3, 119e4]]]},
            "not degrees",
        ),
        ("[" * 100_000, "not GeoJSON"),
    ],
)
def test_what_is_no_area_is_refused_in_words(sent: Any, said: str) -> None:
    with pytest.raises(InputError, match=said) as told:
        parse_area(sent)
    assert told.value.cure


def test_a_million_points_are_refused_with_the_limit() -> None:
    ring = [[106 + i * 1e-7, 10.0] for i in range(1_000_000)]
    with pytest.raises(InputError, match="too many points") as told:
        parse_area({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    assert str(MOST_VERTICES) in told.value.cure
    assert "1000001" in told.value.value

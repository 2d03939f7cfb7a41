"""Areas in links: what was drawn comes back, and what cannot be used is refused with its value and cure."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from errors import InputError
from geo.link_area import MOST_CORNERS, parse_link_area, write_link_area

BOW = shapely.Polygon([(106.6, 10.7), (106.7, 10.8), (106.7, 10.7), (106.6, 10.8)])


def star(corners: int, reach_deg: float = 0.01, lat: float = 10.77) -> shapely.Polygon:
    """An outline of so many corners."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = reach_deg * np.where(np.arange(corners) % 2, 1.0, 0.6)
    return shapely.Polygon(np.column_stack([106.7 + reach * np.cos(angles), lat + reach * np.sin(angles)]))


def test_the_example_of_the_format_is_read_and_written() -> None:
    """The line of the format's own documentation: 50.10228 8.69821, 50.10201 8.69567 and so on, latitude first."""
    text = "BFoz5xJ67i1B1B7PzIhaxL7Y"
    corners = shapely.get_coordinates(parse_link_area(text).outline)
    assert corners[:2].tolist() == [[8.69821, 50.10228], [8.69567, 50.10201]]
    assert write_link_area(parse_link_area(text).outline, decimals=5) == text


@given(
    st.integers(3, MOST_CORNERS), st.floats(1e-4, 0.4), st.floats(-80, 80)
)  # from some metres to the size of a city, on both sides of the equator
def test_an_area_comes_back_within_a_decimetre(corners: int, reach_deg: float, lat: float) -> None:
    drawn = star(corners, reach_deg, lat)
    text = write_link_area(drawn)
    assert text.replace("-", "").replace("_", "").isalnum() and len(text) < 12 * corners
    back = parse_link_area(text)
    assert back.vertices == corners + 1
    assert np.abs(shapely.get_coordinates(back.outline) - shapely.get_coordinates(drawn)).max() < 1e-6


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("", "cannot be read", ""),
        ("B", "cannot be read", "B"),
        ("BF", "three corners", "0 corners"),
        ("BFoz5xJ67i1B", "three corners", "1 corners"),
        ("BFoz5xJ67i1B1", "cannot be read", "BFoz5xJ67i1B1"),
        ("BFoz5xJ67i1B1B7PzIhaxL7Y?", "cannot be read", "?"),
        ("CFoz5xJ67i1B1B7PzIhaxL7Y", "cannot be read", "CF"),  # a version that is not ours
        ("BlBoz5xJ67i1B1B7PzIhaxL7Y", "cannot be read", "Bl"),  # with heights
        ("B" + "_" * 40 + "B", "cannot be read", "__"),
        ("B" * 2001, "too large a text", "2001"),
        (write_link_area(BOW), "crosses itself", "Self-intersection"),
        (write_link_area(star(MOST_CORNERS + 1)), "too many corners", "101 corners"),
        (write_link_area(star(4, 2.0)), "larger than a city", "km²"),
        (write_link_area(star(4, 0.1, 88.0)), "off the map", "88.0"),
        (write_link_area(shapely.Polygon([(190, 10), (191, 10), (191, 11)])), "not degrees", "190.0"),
        (write_link_area(shapely.Polygon([(106, 10), (106.1, 10), (106.2, 10)])), "crosses itself|empty", ""),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(text: str, said: str, value: str) -> None:
    with pytest.raises(InputError, match=said) as told:
        parse_link_area(text)
    assert told.value.field == "area" and told.value.cure
    assert value in told.value.value

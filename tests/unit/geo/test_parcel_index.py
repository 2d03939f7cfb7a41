"""Points against many outlines in memory."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.parcel_index import ParcelIndex

INDEX = ParcelIndex(["a", "b"], shapely.box([0, 1], [0, 0], [1, 2], [1, 1]))


@pytest.mark.parametrize(
    ("point", "keys"),
    [
        pytest.param((0.5, 0.5), ["a"], id="inside"),
        pytest.param((1.0, 0.5), ["a", "b"], id="on a shared edge"),
        pytest.param((2.0, 1.0), ["b"], id="on a corner"),
        pytest.param((3.0, 0.5), [], id="in none"),
        pytest.param((float("nan"), 0.5), [], id="no place"),
    ],
)
def test_which_outlines_hold_a_point(point: tuple[float, float], keys: list[str]) -> None:
    matches = INDEX.match(np.array([point]))
    assert sorted(INDEX.keys_of(matches)) == keys
    assert matches.count_per_point(1).tolist() == [len(keys)]


def test_no_points_and_no_parcels() -> None:
    assert len(INDEX.match(np.empty((0, 2))).points) == 0
    empty = ParcelIndex([], np.array([], dtype=object))
    assert len(empty.match(np.array([[0.5, 0.5]])).points) == 0


def test_keys_belong_to_outlines() -> None:
    with pytest.raises(ValueError, match="1 keys for 0"):
        ParcelIndex(["a"], np.array([], dtype=object))

"""Very many places at once: chains within reach, kinds apart, heaps at one place."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from cases.joining_bulk import cluster_places


def test_neighbours_chain_and_others_do_not() -> None:
    labels = cluster_places(np.array([[0, 0], [10, 0], [20, 0], [100, 0], [100, 14.9]], dtype=float), 15.0)
    assert labels[0] == labels[1] == labels[2]
    assert labels[3] == labels[4]
    assert labels[0] != labels[3]


def test_kinds_are_never_together() -> None:
    metres = np.zeros((4, 2))
    labels = cluster_places(metres, 15.0, np.array([0, 1, 1, 2]))
    assert len(set(labels.tolist())) == 3
    assert labels[1] == labels[2]


def test_a_heap_at_one_place_is_one() -> None:
    assert set(cluster_places(np.full((50_000, 2), 7.0), 15.0).tolist()) == {0}
    assert len(cluster_places(np.empty((0, 2)), 15.0)) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_the_closure_of_being_near(seed: int) -> None:
    metres = np.random.default_rng(seed).uniform(0, 200, (120, 2))
    labels = cluster_places(metres, 15.0)
    near = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1)) <= 15.0
    reach = near
    for _ in range(8):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    assert np.array_equal(labels[:, None] == labels[None, :], reach)


def test_a_heap_of_thousands_beside_each_other_needs_no_memory() -> None:
    dice = np.random.default_rng(1)
    metres = np.vstack([dice.normal(0, 4, (30_000, 2)), dice.normal(60, 1, (30_000, 2))])
    labels = cluster_places(metres, 15.0)
    assert len(set(labels[:30_000].tolist())) == 1
    assert labels[0] != labels[-1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_heaps_that_nearly_touch_join_exactly_where_two_of_their_points_do(seed: int) -> None:
    """First points far apart, last ones near: the short cut must not decide alone."""
    dice = np.random.default_rng(seed)
    metres = np.vstack([dice.normal((x, y), 3.0, (40, 2)) for x in range(0, 120, 17) for y in range(0, 120, 17)])
    labels = cluster_places(metres, 15.0)
    near = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1)) <= 4.0
    tight = cluster_places(metres, 4.0)
    for found, is_near in (
        (tight, near),
        (labels, np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1)) <= 15.0),
    ):
        _, wanted = connected_components(csr_matrix(is_near), directed=False)
        assert len(set(zip(found.tolist(), wanted.tolist(), strict=True))) == len(set(wanted.tolist()))
        assert len(set(found.tolist())) == len(set(wanted.tolist()))

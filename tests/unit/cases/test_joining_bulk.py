"""Very many places at once: chains within reach, kinds apart, heaps at one place."""

from __future__ import annotations

import numpy as np
import pytest

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

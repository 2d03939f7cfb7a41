"""Which of very many places are one place: chains of neighbours within reach, as ``ST_ClusterDBSCAN`` with one neighbour. Pure.

For looking at a whole city's flags at once; a single arrival is joined by ``cases.joining``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree


def cluster_places(
    metres: NDArray[np.float64], reach_m: float, kinds: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """The cluster of each point (n x 2, metres in the city's system), from 0. Only points of one kind are ever together.

    Points exactly at one place are taken as one first, so that a heap of them costs nothing.
    """
    count = len(metres)
    if count == 0:
        return np.empty(0, dtype=np.int64)
    groups = np.zeros(count, dtype=np.int64) if kinds is None else np.unique(kinds, return_inverse=True)[1]
    # Kinds are set so far apart on a third axis that no reach leads from one to another.
    spread = np.column_stack([metres, groups * (2.0 * reach_m + 1.0)]) if groups.any() else metres
    places, inverse = np.unique(spread, axis=0, return_inverse=True)
    pairs = cKDTree(places).query_pairs(reach_m, output_type="ndarray")
    edges = coo_matrix((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(places),) * 2)
    _, labels = connected_components(edges, directed=False)
    found: NDArray[np.int64] = labels.astype(np.int64)[inverse.reshape(-1)]
    return found

"""Which of very many places are one place: chains of neighbours within reach, as ``ST_ClusterDBSCAN`` with one neighbour. Pure.

For looking at a whole city's flags at once; a single arrival is joined by ``cases.joining``. Exact, also where thousands lie on a
heap: what shares a cell of reach / sqrt(2) is together at once, and only neighbouring cells are compared (as in Gan and Tao
2015, "DBSCAN Revisited", without its approximation).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Ints = NDArray[np.int64]
_SMALL = 1_024  # pairs of points: above this a tree looks for the nearest, below all are compared at once
_AT_ONCE = 4_000_000
# Half of the cells that may hold a neighbour: two steps in each direction, each pair of cells once.
_OFFSETS = [(dx, dy) for dx in range(3) for dy in range(-2, 3) if (dx, dy) > (0, 0)]
_ROWS = 1 << 26


def cluster_places(metres: NDArray[np.float64], reach_m: float, kinds: Ints | None = None) -> Ints:
    """The cluster of each point (n x 2, metres in the city's system), from 0. Only points of one kind are ever together."""
    if not len(metres):
        return np.empty(0, dtype=np.int64)
    keys = _cells(metres, reach_m / np.sqrt(2.0), kinds)
    order = np.argsort(keys, kind="stable")
    cells, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    labels = _join_cells(metres[order], cells, starts, sizes, reach_m)
    found = np.empty(len(metres), dtype=np.int64)
    found[order] = np.repeat(labels, sizes)
    return found


def _join_cells(points: NDArray[np.float64], cells: Ints, starts: Ints, sizes: Ints, reach_m: float) -> Ints:
    """The cluster of each cell. Where any one point of each lies within reach that is enough, and what is together by
    then needs no comparing: on heaps little else is left."""
    here, there = _list_neighbours(cells)
    away = points[starts[here]] - points[starts[there]]
    is_sure = (away**2).sum(axis=1) <= reach_m * reach_m
    sure = np.column_stack([here[is_sure], there[is_sure]])
    labels = _label(sure, len(cells))
    is_open = labels[here] != labels[there]
    compared = _compare_cells(points, starts, sizes, here[is_open], there[is_open], reach_m)
    return _label(np.concatenate([sure, compared]), len(cells))


def _label(edges: Ints, count: int) -> Ints:
    joined = coo_matrix((np.ones(len(edges), dtype=np.int8), (edges[:, 0], edges[:, 1])), shape=(count, count))
    labels: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
    return labels


def _cells(metres: NDArray[np.float64], side_m: float, kinds: Ints | None) -> Ints:
    """One number per cell and kind, such that a neighbour's number is a fixed step away; kinds lie far apart in it."""
    steps = np.floor((metres - metres.min(axis=0)) / side_m).astype(np.int64) + 2
    column = steps[:, 0]
    if kinds is not None:
        column = column + np.unique(kinds, return_inverse=True)[1].reshape(-1) * (int(column.max()) + 5)
    found: Ints = column * _ROWS + steps[:, 1]
    return found


def _list_neighbours(cells: Ints) -> tuple[Ints, Ints]:
    """Each pair of cells (rows of ``cells``) that may hold two points within reach, once."""
    found = []
    for dx, dy in _OFFSETS:
        wanted = cells + dx * _ROWS + dy
        at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
        here = np.flatnonzero(cells[at] == wanted)
        found.append((here, at[here]))
    return np.concatenate([here for here, _ in found]), np.concatenate([there for _, there in found])


def _compare_cells(
    points: NDArray[np.float64], starts: Ints, sizes: Ints, here: Ints, there: Ints, reach_m: float
) -> Ints:
    """Those of the pairs of cells that hold two points within reach."""
    is_small = sizes[here] * sizes[there] <= _SMALL
    kept = [np.zeros(0, dtype=np.int64)]
    kept += list(_compare(points, starts, sizes, here[is_small], there[is_small], reach_m))
    kept += [
        np.array([one * len(starts) + other])
        for one, other in zip(here[~is_small], there[~is_small], strict=True)
        if _is_near(
            points[starts[one] : starts[one] + sizes[one]],
            points[starts[other] : starts[other] + sizes[other]],
            reach_m,
        )
    ]
    codes = np.concatenate(kept)
    return np.column_stack([codes // len(starts), codes % len(starts)])


def _compare(
    points: NDArray[np.float64], starts: Ints, sizes: Ints, here: Ints, there: Ints, reach_m: float
) -> Iterator[Ints]:
    """Of small pairs of cells those within reach, as one number each, all their points compared at once in pieces."""
    work = sizes[here] * sizes[there]
    piece_of = np.cumsum(work) // _AT_ONCE
    for piece in np.unique(piece_of):
        rows = np.flatnonzero(piece_of == piece)
        owner = np.repeat(np.arange(len(rows)), work[rows])
        within = np.arange(len(owner)) - np.repeat(np.cumsum(work[rows]) - work[rows], work[rows])
        width = sizes[there[rows]][owner]
        first = points[starts[here[rows]][owner] + within // width]
        second = points[starts[there[rows]][owner] + within % width]
        near = ((first - second) ** 2).sum(axis=1) <= reach_m * reach_m
        found = rows[np.unique(owner[near])]
        yield here[found] * len(starts) + there[found]


def _is_near(some: NDArray[np.float64], others: NDArray[np.float64], reach_m: float) -> bool:
    small, large = (some, others) if len(some) < len(others) else (others, some)
    away, _ = cKDTree(large).query(small, distance_upper_bound=reach_m * (1 + 1e-12))
    return bool(np.min(away) <= reach_m)

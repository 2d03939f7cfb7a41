"""How far it is between places along the streets, and honestly by corrected straight line where the streets do not reach. Pure.

A graph of street pieces; every place is put on its nearest piece, which is split there. All coordinates are metres in the
city's own system; streets are walked and ridden both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from cases.routes.values import Matrix, Ways

FloatArray = NDArray[np.float64]
# A place further than this from any street of the register is not on it: the register ends before the place does.
REACH_M = 80.0
# Length by street over length by air in cities, the mean of 51 regions (Giacomin & Levinson 2015, Environment and Planning B 42).
CIRCUITY = 1.34
_JOINED_M = 0.5  # ends of pieces this close are one crossing


def measure_ways(places: FloatArray, lines: Sequence[FloatArray], *, speed_m_s: float) -> Ways:
    """Metres and seconds between all places (n x 2), by the street lines (each m x 2) that are given."""
    air = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    metres, on_street = air * CIRCUITY, np.zeros(air.shape, dtype=bool)
    pieces = _cut(lines)
    if len(pieces) and len(places):
        by_street, reached = _measure(places, pieces)
        on_street = np.isfinite(by_street) & reached[:, None] & reached[None, :]
        metres = np.where(on_street, by_street, metres)
    np.fill_diagonal(metres, 0.0)
    whole: Matrix = np.rint(metres).astype(np.int64)
    return Ways(whole, np.rint(metres / speed_m_s).astype(np.int64), on_street)


def _cut(lines: Sequence[FloatArray]) -> FloatArray:
    """All straight pieces of the lines, k x 2 x 2."""
    cut = [np.stack([line[:-1], line[1:]], axis=1) for line in lines if len(line) > 1]
    return np.concatenate(cut) if cut else np.empty((0, 2, 2))


def _measure(places: FloatArray, pieces: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Street metres between places (inf: no way), and which places lie near enough to a street."""
    crossings, ends = np.unique(np.rint(pieces.reshape(-1, 2) / _JOINED_M), axis=0, return_inverse=True)
    ends = ends.reshape(-1, 2)
    tree = shapely.STRtree(shapely.linestrings(pieces))
    nearest, away = tree.query_nearest(shapely.points(places), return_distance=True, all_matches=False)
    piece_of = nearest[1]
    begins, spans = pieces[piece_of, 0], pieces[piece_of, 1] - pieces[piece_of, 0]
    squared = np.maximum((spans**2).sum(axis=1), 1e-9)
    share = np.clip(((places - begins) * spans).sum(axis=1) / squared, 0.0, 1.0)
    graph = _graph(pieces, ends, len(crossings), piece_of, share)
    nodes = len(crossings) + np.arange(len(places))
    along = dijkstra(graph, directed=False, indices=nodes)[:, nodes]
    return along + away[:, None] + away[None, :], away <= REACH_M


def _graph(
    pieces: FloatArray, ends: NDArray[np.int64], count: int, piece_of: NDArray[np.int64], share: FloatArray
) -> csr_matrix:
    """Crossings and places as one graph; a piece with places on it becomes a chain."""
    lengths = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T)
    on_piece: dict[int, list[int]] = defaultdict(list)
    for place, piece in enumerate(piece_of):
        on_piece[int(piece)].append(place)
    whole = np.ones(len(pieces), dtype=bool)
    whole[list(on_piece)] = False
    rows, columns, weights = [ends[whole, 0]], [ends[whole, 1]], [lengths[whole]]
    for piece, found in on_piece.items():
        found.sort(key=lambda place: share[place])
        chain = np.array([ends[piece, 0], *(count + place for place in found), ends[piece, 1]])
        marks = np.array([0.0, *(share[place] for place in found), 1.0]) * lengths[piece]
        rows.append(chain[:-1])
        columns.append(chain[1:])
        weights.append(np.diff(marks))
    size = count + len(piece_of)
    starts, stops, metres = np.concatenate(rows), np.concatenate(columns), np.concatenate(weights)
    return _shortest(starts, stops, metres, size)


def _shortest(starts: NDArray[np.int64], stops: NDArray[np.int64], metres: FloatArray, size: int) -> csr_matrix:
    """A graph with the shorter of parallel edges; scipy reads a stored 0 as no edge and would add up doubles."""
    low, high = np.minimum(starts, stops), np.maximum(starts, stops)
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], np.maximum(metres[order], 1e-6)
    first = np.ones(len(low), dtype=bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    keep = first & (low != high)
    return csr_matrix((metres[keep], (low[keep], high[keep])), shape=(size, size))

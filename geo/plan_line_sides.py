"""How much of a parcel lies beyond a red line: the pieces on the road's side of a line that crosses it. Pure.

A line of a plan is drawn without a side. The side that counts is the one nearer to the road; where no road is on record near
the parcel, nothing is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import Geometry
from shapely.ops import split

LEAST_M2 = 0.1
SAME_M = 0.001


def measure_beyond(outline: Geometry, line: Geometry, roads: Sequence[Geometry]) -> float | None:
    """m2 of the outline between the line and the road; all geometries in metres of one system. None: no road to tell the side."""
    if not roads:
        return None
    pieces = _cut(outline, line)
    if len(pieces) < 2:
        return 0.0
    street = shapely.union_all(list(roads))
    distances = [float(shapely.distance(piece, street)) for piece in pieces]
    nearest = min(distances)
    far = max(distances)
    if far - nearest < SAME_M:  # the road runs along both sides: the line tells nothing
        return None
    beyond = sum(
        float(piece.area) for piece, distance in zip(pieces, distances, strict=True) if distance - nearest < SAME_M
    )
    return beyond if beyond >= LEAST_M2 else 0.0


def _cut(outline: Geometry, line: Geometry) -> list[Geometry]:
    """Pieces of a (multi)polygon along every line of a collection."""
    pieces = [part for part in shapely.get_parts(outline) if part.area > 0]
    for one in shapely.get_parts(line):
        pieces = [part for piece in pieces for part in shapely.get_parts(split(piece, one))]
    return pieces

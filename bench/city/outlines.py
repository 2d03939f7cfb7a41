"""Many outlines at once: arrays of corners along the grid -> shapely geometries in degrees or metres, as WKB."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.city.layout import CityPlan, Floats

Wkb = NDArray[np.object_]


def quads(x0: Any, y0: Any, x1: Any, y1: Any) -> Floats:
    """Upright boxes along the grid as an array (n, 5, 2) of closed rings."""
    x = np.stack([x0, x1, x1, x0, x0], axis=-1)
    y = np.stack([y0, y0, y1, y1, y0], axis=-1)
    return np.stack([x, y], axis=-1)


def polygons_wkb(rings: Floats, plan: CityPlan, *, in_metres: bool = False) -> Wkb:
    """Closed rings (n, corners, 2) along the grid as WKB polygons."""
    count, corners = rings.shape[:2]
    flat = rings.reshape(-1, 2)
    placed = plan.to_metres(flat) if in_metres else plan.to_degrees(flat)
    shapes = shapely.polygons(np.round(placed, 3 if in_metres else 9).reshape(count, corners, 2))
    return np.asarray(shapely.to_wkb(shapes), dtype=object)


def lines_wkb(points: Floats, plan: CityPlan) -> Wkb:
    """Lines (n, points, 2) along the grid as WKB."""
    count, corners = points.shape[:2]
    placed = np.round(plan.to_degrees(points.reshape(-1, 2)), 9).reshape(count, corners, 2)
    return np.asarray(shapely.to_wkb(shapely.linestrings(placed)), dtype=object)


def points_wkb(points: Floats, plan: CityPlan) -> Wkb:
    """Points (n, 2) along the grid as WKB."""
    return np.asarray(shapely.to_wkb(shapely.points(np.round(plan.to_degrees(points), 9))), dtype=object)


def tessellation(plan: CityPlan, cell_m: tuple[float, float], jitter_m: float, part: str) -> Floats:
    """The city in crooked cells that share their corners and edges: rings (n, 9, 2) along the grid, no gap, no overlap."""
    width, depth = plan.size_m
    columns, rows = max(round(width / cell_m[0]), 1), max(round(depth / cell_m[1]), 1)
    # Twice as fine, so that each edge has a bend in its middle.
    x, y = np.meshgrid(np.linspace(0, width, 2 * columns + 1), np.linspace(0, depth, 2 * rows + 1))
    nodes = np.stack([x, y], axis=-1)
    nodes[1:-1, 1:-1] += plan.random(part).uniform(-jitter_m, jitter_m, nodes[1:-1, 1:-1].shape)
    around = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
    corners = [nodes[up : up + 2 * rows - 1 : 2, along : along + 2 * columns - 1 : 2] for up, along in around]
    return np.stack(corners, axis=2).reshape(-1, 9, 2)

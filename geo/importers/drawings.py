"""Drawings (DXF) keep a parcel's number as a text inside its outline: texts of a drawing's layer -> a column. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

LAYER_COLUMN, TEXT_COLUMN = "Layer", "Text"


def write_labels(
    outlines: NDArray[Any], columns: Mapping[str, NDArray[Any]], labels: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """For each label (column name -> drawing layer) the text that lies in each closed outline; None where none does.

    Of several texts in one outline the first in the drawing's order counts.
    """
    shapes = shapely.from_wkb(outlines, on_invalid="ignore")
    areas = _areas(shapes)
    written = {}
    for column, layer in labels.items():
        texts = np.flatnonzero((columns[LAYER_COLUMN] == layer) & (shapely.get_type_id(shapes) == 0))
        values = np.full(len(outlines), None, dtype=object)
        text_of, area_of = STRtree(areas).query(shapes[texts], predicate="within")
        values[area_of[::-1]] = columns[TEXT_COLUMN][texts[text_of[::-1]]]
        written[column] = values
    return written


def _areas(shapes: NDArray[Any]) -> NDArray[Any]:
    """Polygons as they are, closed lines as polygons, None for the rest (a tree leaves them out)."""
    kinds = shapely.get_type_id(shapes)
    areas = shapes.copy()
    areas[kinds < 3] = None
    lines = np.flatnonzero(kinds == 1)
    for index in lines[shapely.is_closed(shapes[lines]) & (shapely.get_num_coordinates(shapes[lines]) >= 4)]:
        areas[index] = shapely.Polygon(shapely.get_coordinates(shapes[index]))
    return areas

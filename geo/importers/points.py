"""Two columns of a table (CSV, XLSX) -> points as WKB. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def make_points(east: NDArray[Any], north: NDArray[Any]) -> NDArray[np.object_]:
    """A point for each row that has two numbers (a decimal comma is read too), None for the others."""
    x, y = _numbers(east), _numbers(north)
    made = np.full(len(x), None, dtype=object)
    has = np.isfinite(x) & np.isfinite(y)
    made[has] = shapely.to_wkb(shapely.points(x[has], y[has]))
    return made


def _numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    if values.dtype.kind in "iuf":
        return values.astype(float)
    return np.array([_number(value) for value in values.tolist()], dtype=float)


def _number(value: Any) -> float:
    try:
        return float(str(value).strip().replace(",", ".")) if value is not None else float("nan")
    except ValueError:
        return float("nan")

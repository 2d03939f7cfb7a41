"""Recipes of small rasters, odd ones too: a grey sheet with one red and one blue block at known places."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.warp import transform

SIZE = 200
GREY, RED, BLUE = (120, 120, 120), (200, 30, 30), (30, 60, 200)
RED_AT, BLUE_AT = (50, 40), (150, 160)  # column, row of the middle of each block, counted from the upper left


def a_sheet() -> np.ndarray:
    """Red, green, blue bands of the sheet."""
    sheet = np.empty((3, SIZE, SIZE), dtype=np.uint8)
    sheet[:] = np.array(GREY, dtype=np.uint8)[:, None, None]
    for (column, row), colour in ((RED_AT, RED), (BLUE_AT, BLUE)):
        sheet[:, row - 15 : row + 15, column - 15 : column + 15] = np.array(colour, dtype=np.uint8)[:, None, None]
    return sheet


def write(path: Path, data: np.ndarray, **profile: Any) -> Path:
    """Write bands as a GeoTIFF with what else is given."""
    shape = {"driver": "GTiff", "count": len(data), "height": data.shape[1], "width": data.shape[2]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **({"dtype": data.dtype.name} | shape | profile)) as file:
            file.write(data)
    return path


def lonlat_of(crs: Any, placed: Affine, at: tuple[float, float]) -> tuple[float, float]:
    """Degrees of a pixel of a placed raster."""
    a, b, c, d, e, f = placed[:6]
    x, y = a * at[0] + b * at[1] + c, d * at[0] + e * at[1] + f
    lons, lats = transform(crs, "EPSG:4326", [x], [y])[:2]
    return lons[0], lats[0]

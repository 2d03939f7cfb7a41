"""Tiles of kept rasters: datasets stay open in the thread that draws, a tile is one read and one encoding."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import Image
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io import Reader
from rio_tiler.models import ImageData

from tiles.raster.gridding import TILE_PX, WORLD_M

OPEN_AT_ONCE = 16
WEB = CRS.from_epsg(3857)
_FORMATS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 75, "method": 0},  # the number that other tile servers take; less effort
    "jpeg": {"format": "JPEG", "quality": 85},
    "png": {"format": "PNG", "compress_level": 1},
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a raster is drawn: what becomes black and white per band (empty: as it is), and whether values may be mixed."""

    rescale: tuple[tuple[float, float], ...] = ()
    is_nearest: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """An open file. ``bands`` are its colours; ``is_web``: it lies on the web map's grid; ``is_whole``: no pixel is missing."""

    reader: Reader
    dataset: DatasetReader
    bands: tuple[int, ...]
    is_web: bool
    is_whole: bool


class _Open(threading.local):
    """The datasets of one thread; GDAL's handles are not shared between threads."""

    def __init__(self) -> None:
        self.files: OrderedDict[tuple[Path, int], _Kept] = OrderedDict()


_open = _Open()


def draw_tile(path: Path, version: int, look: Look, z: int, x: int, y: int, form: str) -> bytes | None:
    """A 256 px tile as ``webp``, ``jpeg`` or ``png``; None where the raster does not reach."""
    kept = _find_file(path, version)
    tile = _read_aligned(kept, z, x, y)
    if tile is None:
        mixing: Any = "nearest" if look.is_nearest else "bilinear"
        try:
            tile = kept.reader.tile(x, y, z, resampling_method=mixing, reproject_method=mixing)
        except TileOutsideBounds:
            return None
    return encode(tile, look, form)


def _read_aligned(kept: _Kept, z: int, x: int, y: int) -> ImageData | None:
    """A tile whose pixels are those of the file or of one of its coarser pictures: read as they lie, nothing is mixed.

    None for another grid, for a zoom finer than the file, and at the file's edge: rio-tiler reads those.
    """
    if not kept.is_web:
        return None
    dataset = kept.dataset
    tile_m, pixel_m = WORLD_M / 2**z, dataset.transform.a
    side = tile_m / pixel_m
    left = (x * tile_m - WORLD_M / 2 - dataset.transform.c) / pixel_m
    top = (dataset.transform.f - WORLD_M / 2 + y * tile_m) / pixel_m
    column, row, size = round(left), round(top), round(side)
    fits = max(abs(left - column), abs(top - row), abs(side - size)) < 0.01
    inside = column >= 0 and row >= 0 and column + size <= dataset.width and row + size <= dataset.height
    if not (fits and inside) or size < TILE_PX:
        return None
    window, shape = Window(column, row, size, size), (TILE_PX, TILE_PX)
    data = dataset.read(kept.bands, window=window, out_shape=(len(kept.bands), *shape))
    if kept.is_whole:
        return ImageData(np.ma.MaskedArray(data, mask=np.ma.nomask))
    nothing = dataset.dataset_mask(window=window, out_shape=shape) == 0
    return ImageData(np.ma.MaskedArray(data, mask=np.broadcast_to(nothing, data.shape)))


def encode(tile: ImageData, look: Look, form: str) -> bytes | None:
    """The picture's bytes; None when nothing of it is to be seen. JPEG has no transparency: white there."""
    if look.rescale:
        tile.rescale(in_range=look.rescale)
    mask = tile.mask
    if not mask.any():
        return None
    bands = tile.data if tile.count in (1, 3) else tile.data[:1]
    picture = Image.fromarray(bands[0] if len(bands) == 1 else bands.transpose(1, 2, 0))
    if mask.min() < 255:
        picture = _with_holes(picture, Image.fromarray(mask.astype("uint8")), form)
    buffer = BytesIO()
    picture.save(buffer, **_FORMATS[form])
    return buffer.getvalue()


def _with_holes(picture: Image.Image, mask: Image.Image, form: str) -> Image.Image:
    if form == "jpeg":
        ground = Image.new(picture.mode, picture.size, 255 if picture.mode == "L" else (255, 255, 255))
        ground.paste(picture, mask=mask)
        return ground
    picture = picture.convert("RGB") if form == "webp" else picture
    picture.putalpha(mask)
    return picture


def _find_file(path: Path, version: int) -> _Kept:
    """A file kept open; ``version`` makes a replaced file a new one."""
    key = (path, version)
    kept = _open.files.get(key)
    if kept is None:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
            kept = _open.files[key] = _look_at(Reader(str(path)))
        while len(_open.files) > OPEN_AT_ONCE:
            _open.files.popitem(last=False)[1].reader.close()  # type: ignore[no-untyped-call]
    else:
        _open.files.move_to_end(key)
    return kept


def _look_at(reader: Reader) -> _Kept:
    dataset: DatasetReader = reader.dataset
    colours = [band for band, colour in enumerate(dataset.colorinterp, start=1) if colour is not ColorInterp.alpha]
    is_web = dataset.crs == WEB and not dataset.transform.b and not dataset.transform.d
    is_whole = all(MaskFlags.all_valid in flags for flags in dataset.mask_flag_enums)
    return _Kept(reader, dataset, tuple(colours), is_web, is_whole)

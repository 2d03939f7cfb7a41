"""Opens a raster file that somebody gave us, or says in words why not. Every read of its pixels goes through here."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.io import DatasetReader

from errors import InputError, MediaTooLarge, UnreadableMedia

MOST_PIXELS = 4_000_000_000
CURE = "Give a GeoTIFF, JPEG 2000, PNG or JPEG that opens in QGIS."


@contextmanager
def open_given(path: Path) -> Iterator[DatasetReader]:
    """The open dataset. UnreadableMedia: no raster, or cut short; MediaTooLarge; InputError: what cannot be drawn."""
    if not path.is_file():
        raise InputError("There is no such file.", field="file", value=path, cure="Check the path.")
    try:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), _open_quietly(path) as dataset:
            _refuse_odd(dataset, path)
            yield dataset
    except (RasterioIOError, RasterioError) as error:
        raise UnreadableMedia(
            f"The raster cannot be read to its end: {error}", field="file", value=path.name,
            cure=f"The file may be cut short; copy it again. {CURE}",
        ) from error  # fmt: skip


def _open_quietly(path: Path) -> DatasetReader:
    """Open without a warning of a missing place: ``tiles.raster.placing`` says that in words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path)


def _refuse_odd(dataset: DatasetReader, path: Path) -> None:
    if dataset.count == 0:
        raise InputError(
            "The file holds several rasters and no picture of its own.", field="file", value=path.name,
            cure="Extract one of them first (gdal_translate SUBDATASET out.tif).",
        )  # fmt: skip
    if dataset.width * dataset.height > MOST_PIXELS:
        raise MediaTooLarge(
            "The raster has too many pixels.", field="file", value=f"{dataset.width} x {dataset.height}",
            cure=f"At most {MOST_PIXELS:,} pixels; cut it into sheets or give --resolution.",
        )  # fmt: skip
    if any(kind.startswith("complex") for kind in dataset.dtypes):
        raise InputError(
            "The raster holds complex numbers (radar): they are no picture.", field="file", value=dataset.dtypes[0],
            cure="Make an intensity image first.",
        )  # fmt: skip

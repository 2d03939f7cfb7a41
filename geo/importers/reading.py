"""The door to GDAL (pyogrio): a register file -> columns and outlines, in pieces that fit in memory.

InputError names the file or layer that cannot be read and what was expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyogrio import list_layers, read_info
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from errors import InputError

PIECE_ROWS = 50_000
# CSV columns that may hold a place; GDAL makes points (or any shape from WKT) of them.
_CSV_OPTIONS = {
    "X_POSSIBLE_NAMES": "lon,longitude,lng,x,east,easting",
    "Y_POSSIBLE_NAMES": "lat,latitude,y,north,northing",
    "GEOM_POSSIBLE_NAMES": "wkt,geometry,geom",
    "KEEP_GEOM_COLUMNS": "YES",
}
_WHOLE_READ = {"GeoJSON", "CSV", "KML", "XLSX", "TopoJSON"}  # drivers that start anew for each piece


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file holds: column names, rows, its own word on its coordinate system (may be empty or wrong)."""

    columns: tuple[str, ...]
    rows: int
    crs: str
    driver: str


@dataclass(frozen=True, slots=True)
class RawRows:
    """A piece of a file as read. ``first_row`` counts from 1; ``outlines`` is WKB, None where a row has none."""

    first_row: int
    columns: dict[str, NDArray[Any]]
    outlines: NDArray[np.object_]


def describe_file(path: Path, layer: str = "") -> FileForm:
    """The form of a layer; InputError when the file or layer cannot be read."""
    if not path.is_file() and not path.is_dir():
        raise InputError("The register file is not there.", field="file", value=path, cure="Check the path.")
    try:
        info = read_info(path, layer=layer or None, force_feature_count=True, **_options(path))
    except DataLayerError as error:
        names = ", ".join(str(name) for name, _ in list_layers(path))
        raise InputError("No such layer.", field="layer", value=layer, cure=f"The file has: {names}.") from error
    except (DataSourceError, UnicodeDecodeError) as error:
        raise InputError("This file cannot be read as a register.", field="file", value=path.name) from error
    return FileForm(
        columns=tuple(str(name) for name in info["fields"]),
        rows=int(info["features"]),
        crs=str(info["crs"] or ""),
        driver=str(info["driver"]),
    )


def read_rows(path: Path, form: FileForm, layer: str, columns: set[str]) -> Iterator[RawRows]:
    """Pieces of a layer with the asked columns only, in the file's order; InputError when it breaks off."""
    step = max(form.rows, 1) if form.driver in _WHOLE_READ else PIECE_ROWS
    for start in range(0, form.rows, step):
        try:
            meta, _, outlines, data = read(
                path,
                layer=layer or None,
                columns=sorted(columns),
                skip_features=start,
                max_features=step,
                force_2d=True,
                **_options(path),
            )
        except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
            raise InputError(f"The file broke off after row {start}.", field="file", value=path.name) from error
        names = [str(name) for name in meta["fields"]]
        count = len(data[0]) if data else (0 if outlines is None else len(outlines))
        if outlines is None:
            outlines = np.full(count, None, dtype=object)
        yield RawRows(start + 1, dict(zip(names, data, strict=True)), outlines)


def _options(path: Path) -> dict[str, str]:
    return dict(_CSV_OPTIONS) if path.suffix.lower() == ".csv" else {}

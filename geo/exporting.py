"""A door to GDAL for writing (pyogrio): rows with outlines -> a file for GIS or CAD, in degrees or in a city's own metres.

Every file is written whole into a folder of its own before any of it is sent. What a format cannot hold is told in notes, never
dropped in silence.
"""

from __future__ import annotations

import csv
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyogrio.raw import write
from pyproj import CRS

from errors import InputError
from geo.crs import CitySystem

SHP_NAME_LENGTH, SHP_TEXT_LENGTH = 10, 254


class ExportForm(StrEnum):
    """Formats there are."""

    GPKG = "gpkg"
    GEOJSON = "geojson"
    CSV = "csv"
    SHP = "shp"
    DXF = "dxf"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to write: column names, rows in their order, outlines in degrees (EPSG:4326, may be None)."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    outlines: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Export:
    """A written file with its media type and what the receiver must know of it."""

    path: Path
    content_type: str
    notes: tuple[str, ...]


_TYPES = {
    ExportForm.GPKG: "application/geopackage+sqlite3", ExportForm.GEOJSON: "application/geo+json", ExportForm.CSV: "text/csv",
    ExportForm.SHP: "application/zip", ExportForm.DXF: "image/vnd.dxf",
}  # fmt: skip


def export_table(table: Table, form: ExportForm, system: CitySystem | None, folder: Path) -> Export:
    """Write the table. ``system`` none: degrees. InputError where a format cannot hold what was asked for."""
    outlines = table.outlines if system is None else _to_metres(table.outlines, system)
    if form is ExportForm.CSV:
        return _write_csv(table, outlines, system, folder)
    if form is ExportForm.SHP:
        return _write_shapes(table, outlines, system, folder)
    if form is ExportForm.DXF:
        return _write_drawing(table, outlines, system, folder)
    driver, options = (
        ("GPKG", {}) if form is ExportForm.GPKG else ("GeoJSON", {"RFC7946": "YES"} if system is None else {})
    )
    path = folder / f"{table.name}.{form.value}"
    _write(path, table.columns, table.rows, outlines, system, driver, table.name, options)
    notes = [_say_system(system)]
    if form is ExportForm.GEOJSON and system is not None:
        notes.append("GeoJSON cannot name this coordinate system: set it by hand when you open the file.")
    return Export(path, _TYPES[form], tuple(notes))


def _write_csv(table: Table, outlines: NDArray[np.object_], system: CitySystem | None, folder: Path) -> Export:
    path = folder / f"{table.name}.csv"
    digits = 7 if system is None else 3
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*table.columns, "wkt"])
        for row, outline in zip(table.rows, outlines, strict=True):
            text = "" if outline is None else shapely.to_wkt(outline, rounding_precision=digits)
            writer.writerow([*(_disarm(value) for value in row), text])
    return Export(path, _TYPES[ExportForm.CSV], (_say_system(system),))


def _disarm(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _write_shapes(table: Table, outlines: NDArray[np.object_], system: CitySystem | None, folder: Path) -> Export:
    """A zip with one shapefile per kind of outline, a list of the shortened names, and the coordinate system."""
    short = shorten_names(table.columns)
    notes = [_say_system(system)]
    changed = [f"{name} = {column}" for column, name in zip(table.columns, short, strict=True) if name != column]
    if changed:
        notes.append(f"Shapefiles hold names of {SHP_NAME_LENGTH} signs: {', '.join(changed)}.")
    if any(isinstance(value, str) and len(value.encode()) > SHP_TEXT_LENGTH for row in table.rows for value in row):
        notes.append(f"Texts were cut at {SHP_TEXT_LENGTH} bytes, which is all a shapefile holds.")
    inside = folder / "shp"
    inside.mkdir()
    dimensions = np.array([-1 if outline is None else shapely.get_dimensions(outline) for outline in outlines])
    for dimension, word in ((2, "areas"), (1, "lines"), (0, "points")):
        chosen = np.flatnonzero(dimensions == dimension)
        if len(chosen):
            rows = [[_cut(value) for value in table.rows[index]] for index in chosen.tolist()]
            path = inside / f"{table.name}_{word}.shp"
            _write(path, short, rows, outlines[chosen], system, "ESRI Shapefile", path.stem, {"ENCODING": "UTF-8"})
    lost = int(np.count_nonzero(dimensions < 0))
    if lost:
        notes.append(f"{lost} rows without a place are not in it; take GPKG or CSV for all.")
    (inside / "README.txt").write_text("\n".join(notes) + "\n", encoding="utf-8")
    path = folder / f"{table.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(inside.iterdir()):
            archive.write(file, file.name)
    return Export(path, _TYPES[ExportForm.SHP], tuple(notes))


def shorten_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Names of at most ten signs, all different: 'measured_area_m2' becomes 'measured_a', a second one 'measured_2'."""
    taken: list[str] = []
    for column in columns:
        name, count = column[:SHP_NAME_LENGTH], 1
        while name in taken:
            count += 1
            name = f"{column[: SHP_NAME_LENGTH - len(str(count)) - 1]}_{count}"
        taken.append(name)
    return tuple(taken)


def _cut(value: Any) -> Any:
    return value.encode()[:SHP_TEXT_LENGTH].decode(errors="ignore") if isinstance(value, str) else value


def _write_drawing(table: Table, outlines: NDArray[np.object_], system: CitySystem | None, folder: Path) -> Export:
    """Outlines only, as CAD draws them: rings become closed lines on a layer named after the query's layer."""
    kept = [outline for outline in outlines if outline is not None]
    if not kept:
        raise InputError(
            "There is nothing to draw.", field="format", value="dxf", cure="Take CSV for rows without a place."
        )
    lines = [part for outline in kept for part in shapely.get_parts(_to_lines(outline))]
    path = folder / f"{table.name}.dxf"
    _write(
        path,
        ("Layer",),
        [[table.name.upper()]] * len(lines),
        np.array(lines, dtype=object),
        None,
        "DXF",
        "entities",
        {},
    )
    notes = (_say_system(system), "A drawing holds outlines without their columns; take GPKG for both.")
    return Export(path, _TYPES[ExportForm.DXF], notes)


def _to_lines(outline: Any) -> Any:
    return shapely.boundary(outline) if shapely.get_dimensions(outline) == 2 else outline


def _write(
    path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]], outlines: NDArray[np.object_],
    system: CitySystem | None, driver: str, layer: str, options: dict[str, str],
) -> None:  # fmt: skip
    arrays, masks = _to_arrays(columns, rows)
    kinds = {shapely.get_dimensions(outline) for outline in outlines if outline is not None}
    geometry_type = (
        {0: "Point", 1: "MultiLineString", 2: "MultiPolygon"}.get(next(iter(kinds)), "Unknown")
        if len(kinds) == 1
        else "Unknown"
    )
    if driver == "DXF":
        geometry_type = "Unknown"
    elif geometry_type.startswith("Multi"):
        outlines = np.array([None if o is None else _to_multi(o) for o in outlines], dtype=object)
    crs = None if driver == "DXF" else _wkt(system)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # a drawing names no system
        write(
            path, np.array(shapely.to_wkb(outlines), dtype=object), arrays, np.array(columns, dtype=object),
            field_mask=masks, layer=layer, driver=driver, geometry_type=geometry_type, crs=crs, **options,
        )  # fmt: skip


def _to_multi(outline: Any) -> Any:
    parts = [
        part for part in shapely.get_parts(outline) if shapely.get_dimensions(part) == shapely.get_dimensions(outline)
    ]
    return shapely.multipolygons(parts) if shapely.get_dimensions(outline) == 2 else shapely.multilinestrings(parts)


def _to_arrays(
    columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[list[NDArray[Any]], list[NDArray[Any] | None]]:
    """Columns as arrays of one type, with a mask where a value is missing."""
    arrays: list[NDArray[Any]] = []
    masks: list[NDArray[Any] | None] = []
    for index in range(len(columns)):
        values = [row[index] for row in rows]
        known = [value for value in values if value is not None]
        masks.append(np.array([value is None for value in values]) if len(known) < len(values) else None)
        arrays.append(_to_array(values, known))
    return arrays, masks


def _to_array(values: list[Any], known: list[Any]) -> NDArray[Any]:
    if known and all(isinstance(value, bool) for value in known):
        return np.array([bool(value) for value in values])
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return np.array([np.nan if value is None else float(value) for value in values])
    if known and all(isinstance(value, date) and not isinstance(value, datetime) for value in known):
        return np.array(
            [np.datetime64("NaT") if value is None else np.datetime64(value) for value in values], dtype="datetime64[D]"
        )
    return np.array([None if value is None else str(value) for value in values], dtype=object)


def _to_metres(outlines: NDArray[np.object_], system: CitySystem) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(outlines, system.to_metric_array))


def _wkt(system: CitySystem | None) -> str:
    """The system spelt out with its legal shift, so that no program chooses another one."""
    return (
        "EPSG:4326" if system is None else str(CRS.from_proj4(f"{system.pinned_proj4} +type=crs").to_wkt("WKT1_GDAL"))
    )


def _say_system(system: CitySystem | None) -> str:
    if system is None:
        return "Coordinates: WGS 84 (EPSG:4326), longitude and latitude in degrees."
    return f"Coordinates: {system.name}, east before north, in metres. {system.pinned_proj4}"

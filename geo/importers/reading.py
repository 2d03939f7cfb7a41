"""The door to GDAL (pyogrio): a register file -> columns and outlines, in pieces that fit in memory.

A file may be one data set (SHP, GPKG, GeoJSON, FileGDB, DXF, CSV, XLSX, KML, GML, any of them in a .zip) or a folder of
saved pages (``geo.importers.pages``). InputError names the file or layer that cannot be read and what was expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyogrio import list_layers, read_info
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from errors import InputError
from geo.importers.drawings import LAYER_COLUMN, TEXT_COLUMN, write_labels
from geo.importers.faults import Fault, RefusedFile, Remedy, RowFault
from geo.importers.pages import is_page_folder, read_pages
from geo.importers.points import make_points
from geo.source_description import FileReading

PIECE_ROWS = 50_000
WHOLE_ROWS = 250_000  # of drivers that start anew for each piece
_WHOLE_READ = {"GeoJSON", "ESRIJSON", "CSV", "KML", "LIBKML", "GML", "XLSX", "TopoJSON", "DXF"}
_OPTIONS = {
    # CSV columns that may hold a place; GDAL makes points (or any shape from WKT) of them.
    ".csv": {
        "X_POSSIBLE_NAMES": "lon,longitude,lng,x,east,easting",
        "Y_POSSIBLE_NAMES": "lat,latitude,y,north,northing",
        "GEOM_POSSIBLE_NAMES": "wkt,geometry,geom",
        "KEEP_GEOM_COLUMNS": "YES",
    },
    ".xlsx": {"HEADERS": "FORCE"},
    ".gml": {"WRITE_GFS": "NO"},
    ".xml": {"WRITE_GFS": "NO"},
}
AS_IT_IS = FileReading()
# GDAL reads code pages by iconv, which keeps back the last letter where tones are letters of their own (windows-1258): so
# it hands out each byte as one letter, and we decode.
_BYTE_BY_BYTE = "ISO-8859-1"


@dataclass(frozen=True, slots=True)
class FilePart:
    """One data set of a file: itself, or one page of a folder."""

    path: Path
    columns: tuple[str, ...]
    rows: int
    crs: str
    driver: str


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file holds: column names, rows, its own word on its coordinate system (may be empty or wrong)."""

    parts: tuple[FilePart, ...]
    columns: tuple[str, ...]
    rows: int
    crs: str


@dataclass(frozen=True, slots=True)
class RawRows:
    """A piece of a file as read. ``first_row`` counts from 1; ``outlines`` is WKB, None where a row has none."""

    first_row: int
    columns: dict[str, NDArray[Any]]
    outlines: NDArray[np.object_]


def describe_file(path: Path, how: FileReading = AS_IT_IS) -> FileForm:
    """The form of a layer. InputError: it cannot be read; RefusedFile: pages are missing or hold no data."""
    if not path.is_file() and not path.is_dir():
        raise InputError("The register file is not there.", field="file", value=path, cure="Check the path.")
    if is_page_folder(path):
        return _describe_pages(path, how)
    return _unite([_describe_part(path, how)], how)


def list_shape_layers(path: Path) -> list[str]:
    """The layers of a file that hold shapes. InputError: it cannot be read."""
    try:
        return [str(name) for name, kind in list_layers(path) if kind is not None]
    except (DataSourceError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> InputError:
    return InputError(
        "This file cannot be read as a register.", field="file", value=path.name,
        cure=f"{_say_what_it_is(path)}Give SHP, GPKG, GeoJSON, FileGDB, DXF, CSV, XLSX, KML or saved pages.",
    )  # fmt: skip


def _describe_pages(folder: Path, how: FileReading) -> FileForm:
    pages, faults = read_pages(folder)
    parts = [] if faults else [_describe_part(page.path, how) for page in pages if page.rows]
    systems = {part.crs for part in parts if part.crs}
    if len(systems) > 1:
        faults = [
            RowFault(
                0, Fault.WRONG_CRS, Remedy.LEFT_OUT, "pages in {systems}", names={"systems": ", ".join(sorted(systems))}
            )
        ]
    if faults or not parts:
        said = "; ".join(fault.said for fault in faults[:5]) or "no page holds rows"
        raise RefusedFile(
            f"The saved pages are not whole: {said}.", faults, field="file", value=folder.name,
            cure="Fetch the pages again; the register on record stays as it is.",
        )  # fmt: skip
    return _unite(parts, how)


def _unite(parts: Sequence[FilePart], how: FileReading) -> FileForm:
    columns = dict.fromkeys([*(column for part in parts for column in part.columns), *how.labels])
    return FileForm(
        parts=tuple(parts),
        columns=tuple(columns),
        rows=sum(part.rows for part in parts),
        crs=next((part.crs for part in parts if part.crs), ""),
    )


def _describe_part(path: Path, how: FileReading) -> FilePart:
    try:
        info = read_info(path, force_feature_count=True, **_arguments(path, how))
    except DataLayerError as error:
        names = ", ".join(str(name) for name, _ in list_layers(path))
        raise InputError("No such layer.", field="layer", value=how.layer, cure=f"The file has: {names}.") from error
    except (DataSourceError, UnicodeDecodeError, LookupError) as error:
        raise _unreadable(path) from error
    return FilePart(
        path=path,
        columns=tuple(_decode(str(name), how) for name in info["fields"]),
        rows=int(info["features"]),
        crs=str(info["crs"] or ""),
        driver=str(info["driver"]),
    )


def _say_what_it_is(path: Path) -> str:
    if path.is_dir():
        return ""
    with path.open("rb") as stream:
        head = stream.read(200).lstrip().lower()
    if not head:
        return "It is empty. "
    return "It is an HTML page, not data. " if head.startswith((b"<!doctype html", b"<html")) else ""


def read_rows(form: FileForm, how: FileReading, columns: set[str], *, first_row: int = 1) -> Iterator[RawRows]:
    """Pieces of a file with the asked columns only, in the file's order, from a row on; InputError when it breaks off."""
    before = 0
    for part in form.parts:
        step = WHOLE_ROWS if part.driver in _WHOLE_READ else PIECE_ROWS
        if how.labels:
            step = max(part.rows, 1)  # a text may stand anywhere in the drawing
        for start in range(max(first_row - 1 - before, 0), part.rows, step):
            yield _read_piece(part, how, columns, start, step, before)
        before += part.rows


def _read_piece(part: FilePart, how: FileReading, columns: set[str], start: int, step: int, before: int) -> RawRows:
    wanted = columns - set(how.labels) | ({LAYER_COLUMN, TEXT_COLUMN} if how.labels else set())
    try:
        meta, _, outlines, data = read(
            part.path,
            columns=sorted(wanted),
            skip_features=start,
            max_features=step,
            force_2d=True,
            **_arguments(part.path, how),
        )
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
        row = before + start
        raise InputError(f"The file broke off after row {row}.", field="file", value=part.path.name) from error
    names = [_decode(str(name), how) for name in meta["fields"]]
    if how.encoding:
        data = [_decode_column(values, how) for values in data]
    count = len(data[0]) if data else (0 if outlines is None else len(outlines))
    nothing = np.full(count, None, dtype=object)
    read_columns = dict.fromkeys(sorted(wanted), nothing) | dict(zip(names, data, strict=True))
    shapes = nothing if outlines is None else outlines
    if how.point:
        shapes = make_points(read_columns[how.point[0]], read_columns[how.point[1]])
    if how.labels:
        read_columns |= write_labels(shapes, read_columns, how.labels)
    return RawRows(before + start + 1, read_columns, shapes)


def _decode(text: str, how: FileReading) -> str:
    return text.encode(_BYTE_BY_BYTE).decode(how.encoding) if how.encoding else text


def _decode_column(values: NDArray[Any], how: FileReading) -> NDArray[Any]:
    if values.dtype.kind != "O":
        return values
    read_texts = [_decode(value, how) if isinstance(value, str) else value for value in values.tolist()]
    return np.array(read_texts, dtype=object)


def _arguments(path: Path, how: FileReading) -> dict[str, Any]:
    options: dict[str, Any] = dict(_OPTIONS.get(path.suffix.lower(), {}))
    if how.encoding:
        options["encoding"] = _BYTE_BY_BYTE
    return {"layer": how.layer or None, **options}
